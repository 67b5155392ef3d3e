"""Every setting, in one file, from the environment. A wrong or missing value stops the start with a sentence.

Production is the default: nothing unsafe can be reached by forgetting a variable. `DEMONSTRATION=1` is for trying the
product with invented people.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from safeguarding.env import env_bool, env_int, env_keys, env_list, env_text, parse_database

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"

# What this installation is

DEBUG = env_bool("DEBUG")
DEMONSTRATION = env_bool("DEMONSTRATION")
SITE_URL = env_text("SITE_URL").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("SITE_URL must be a whole address such as https://safeguarding.example.org.")
HTTPS = _site.scheme == "https"
if not HTTPS and _site.hostname != "localhost":
    raise ImproperlyConfigured("SITE_URL must start with https://. Only http://localhost may do without.")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", _site.hostname)
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name this site's hosts. A * would accept any.")

# While this is on, every page says that it is being worked on; nothing is accepted that could be lost.
MAINTENANCE = env_bool("MAINTENANCE")

# Secrets

SECRET_KEY = env_text("SECRET_KEY")
if len(SECRET_KEY) < 50 and not DEBUG:
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 characters long. Make a new random one.")
DATA_KEYS = env_keys("DATA_KEYS")
AUDIT_KEYS = env_keys("AUDIT_KEYS")
if set(DATA_KEYS.values()) & set(AUDIT_KEYS.values()):
    raise ImproperlyConfigured("DATA_KEYS and AUDIT_KEYS share a key. Each needs its own.")

# The database: the runtime role owns nothing; `migrate` connects as the owner

DATABASES = {
    "default": {
        **parse_database("DATABASE_URL", env_text("DATABASE_URL")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASE_OWNER_URL = env_text("DATABASE_OWNER_URL", "")
DATABASE_RUNTIME_ROLE = env_text("DATABASE_RUNTIME_ROLE", "safeguarding_app")
# Room for a counter per account: with Django's 300 entries, a flood of unknown names would push a counter out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Apps and requests

INSTALLED_APPS = [
    "safeguarding",
    "accounts",
    "policies",
    "incidents",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "guardian",
    "oauth2_provider",
    "pgtrigger",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.RequestMoment",
    "accounts.middleware.PrivatePages",
    "accounts.middleware.Maintenance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.IdleLock",
    "accounts.middleware.NewFactors",
]

ROOT_URLCONF = "safeguarding.urls"
WSGI_APPLICATION = "safeguarding.wsgi.application"
CSRF_FAILURE_VIEW = "safeguarding.views.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "safeguarding.context_processors.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
APPEND_SLASH = True

# Files on a case

# Nothing that is sent touches a disk: it is looked at in memory, and what is kept goes sealed into the database.
FILE_UPLOAD_HANDLERS = ["incidents.uploads.memory.MemoryUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_MOST_BYTES: int = env_int("FILE_MOST_MB", 10, least=1) * 1024 * 1024
CLAMD_URL = env_text("CLAMD_URL", "")
if CLAMD_URL and urlsplit(CLAMD_URL).scheme not in {"tcp", "unix"}:
    raise ImproperlyConfigured("CLAMD_URL must be tcp://host:3310 or unix:///path/of/the/socket.")
CLAMD_SECONDS = env_int("CLAMD_SECONDS", 20, least=1)
# Without a scanner no file is taken, unless this is on: then each is kept apart until somebody answers for it.
UNSCANNED_FILES = env_bool("UNSCANNED_FILES", default=DEMONSTRATION or DEBUG)

# Language and time

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# Signing in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapters.InviteOnlyAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.reset_links.ResetLinks"  # noqa: S105 - the name of a class
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A whole staffroom shares one address at 8:25, so what limits guessing is counted per account, not per address.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "600/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/5m/user",
    "change_password": "5/5m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Safeguarding"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
# In a demonstration a second factor would keep visitors out; everywhere else readers of others' cases must have one.
SECOND_FACTOR_REQUIRED = not DEMONSTRATION
# Printed on the sign-in page of a demonstration, and of use nowhere else.
DEMONSTRATION_PASSWORD = "fictional-school-day"  # noqa: S105
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
# guardian names one person on one case and is asked for those rows directly; as a backend it would let superusers in.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.ApiClient"
# Strict from the start (RFC 9700): hashed tokens, no implicit and no password grant, no token in an address.
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
}

# Sessions and cookies

IDLE_LIMIT = timedelta(minutes=env_int("IDLE_MINUTES", 15, least=1))
SESSION_LIMIT = timedelta(hours=env_int("SESSION_HOURS", 8, least=1))
# How long it counts that somebody showed who they are, for what few may see and what leaves the building.
PROOF_LIMIT = timedelta(minutes=env_int("PROOF_MINUTES", 15, least=1))
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = int(SESSION_LIMIT.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
BEHIND_PROXY = env_bool("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whom the limits of the sign-in library count: the browser's address, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        # The picture of a new authenticator's code is drawn into the page itself.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Files of the pages

STATIC_URL = "/static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(LOCAL_DIR / "static")))
FRONTEND_DIR = Path(env_text("FRONTEND_DIR", str(LOCAL_DIR / "frontend")))
STATICFILES_DIRS = [BASE_DIR / "static", *([FRONTEND_DIR] if FRONTEND_DIR.is_dir() else [])]
_hashed = env_bool("HASHED_STATIC", default=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _hashed
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not _hashed

# Mail

EMAIL_HOST = env_text("EMAIL_HOST", "" if DEMONSTRATION or DEBUG else None)
if not EMAIL_HOST and not (DEMONSTRATION or DEBUG):
    raise ImproperlyConfigured("EMAIL_HOST is empty. Messages would be written to the log and reach nobody.")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env_text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_text("DEFAULT_FROM_EMAIL", f"safeguarding@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Whoever watches from outside, and raises the alarm when they hear nothing for some minutes

DEAD_MAN_URL = env_text("DEAD_MAN_URL", "")
if DEAD_MAN_URL and urlsplit(DEAD_MAN_URL).scheme != "https" and urlsplit(DEAD_MAN_URL).hostname != "localhost":
    raise ImproperlyConfigured("DEAD_MAN_URL must start with https://. Only http://localhost may do without.")

# Celery: sweeps only; the broker may lose everything at any time

CELERY_BROKER_URL = env_text("CELERY_BROKER_URL")
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than the hard limit, or a task that is still running would be handed to a second worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}

# Logs carry ids and event names only

# What a fault was about stands in no line of it (`safeguarding/logs.py`).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "safeguarding.logs.WithoutWords", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"weasyprint": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}
