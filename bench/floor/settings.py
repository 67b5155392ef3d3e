"""Our settings with everything taken out that the middleware and the sign-in do not need."""

from safeguarding.settings import *  # noqa: F403
from safeguarding.settings import BASE_DIR

INSTALLED_APPS = [
    "bench.floor",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
AUTH_USER_MODEL = "floor.User"
ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
ROOT_URLCONF = "bench.floor.urls"
WSGI_APPLICATION = "bench.floor.wsgi.application"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "bench" / "floor" / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])]
        },
    }
]
SILENCED_SYSTEM_CHECKS = []
