"""The environment variables our processes run with. What the user has set always wins over what is embedded."""

import base64
from collections.abc import Iterable, Mapping

from safeguarding.embedded.local_keys import is_given

SETTINGS_MODULE = "safeguarding.settings"
RUNTIME_ROLE = "safeguarding_app"


def _fixed_key(letter: str) -> str:
    return f"test-1:{base64.b64encode(letter.encode() * 32).decode()}"


# What tests run with, whatever the machine's own environment says. Nothing here protects anything.
TEST_VALUES = {
    "SECRET_KEY": "for-tests-only-" + "0123456789abcdef" * 4,
    "DATA_KEYS": _fixed_key("d"),
    "AUDIT_KEYS": _fixed_key("a"),
    "CELERY_BROKER_URL": "memory://",
    "DATABASE_RUNTIME_ROLE": RUNTIME_ROLE,
    "HASHED_STATIC": "0",
    "DEMONSTRATION": "1",
    "DEBUG": "0",
    "SITE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
}

# What `manage.py check --deploy` is asked with. `.example` is nobody's domain.
PRODUCTION_LIKE = {
    "SECRET_KEY": "for-a-check-only-" + "f3b8a1c95e7d2046" * 4,
    "DEMONSTRATION": "0",
    "DEBUG": "0",
    "HASHED_STATIC": "1",
    "SITE_URL": "https://safeguarding.example",
    "ALLOWED_HOSTS": "safeguarding.example",
    "EMAIL_HOST": "mail.safeguarding.example",
    "EMAIL_PORT": "587",
    "EMAIL_USE_TLS": "1",
    "DEFAULT_FROM_EMAIL": "safeguarding@safeguarding.example",
    "CELERY_BROKER_URL": "rediss://broker.safeguarding.example:6379/0",
}

READ_BY_SETTINGS = (
    *TEST_VALUES,
    *PRODUCTION_LIKE,
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "BEHIND_PROXY",
    "MAINTENANCE",
    "STATIC_ROOT",
    "FRONTEND_DIR",
    "IDLE_MINUTES",
    "PROOF_MINUTES",
    "SESSION_HOURS",
    "DEAD_MAN_URL",
    "FILE_MOST_MB",
    "CLAMD_URL",
    "CLAMD_SECONDS",
    "UNSCANNED_FILES",
)


def without(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """A copy without these variables, nor the `_FILE` form that would win over them."""
    gone = {form for name in names for form in (name, f"{name}_FILE")}
    return {name: value for name, value in environment.items() if name not in gone}


def with_defaults(environment: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """A copy in which a default stands wherever the user has said nothing."""
    missing = {name: value for name, value in defaults.items() if not is_given(environment, name)}
    return {**environment, **missing}


def for_tests(environment: Mapping[str, str]) -> dict[str, str]:
    """The machine's own, cleared of everything settings read, plus the fixed test values."""
    kept = {name: environment[name] for name in ("DATABASE_URL",) if environment.get(name)}
    return {**without(environment, READ_BY_SETTINGS), **TEST_VALUES, **kept, "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE}


def like_production(environment: Mapping[str, str], runtime_url: str, owner_url: str) -> dict[str, str]:
    database = {"DATABASE_URL": runtime_url, "DATABASE_OWNER_URL": owner_url}
    # The browser tests set it for their own process; a deployment never does.
    own = without(environment, ["DJANGO_ALLOW_ASYNC_UNSAFE"])
    return {**for_tests(own), **PRODUCTION_LIKE, **database}


def for_this_machine(environment: Mapping[str, str], port: int) -> dict[str, str]:
    """What ./run adds: http://localhost:PORT, and a demonstration on the database that comes with it.

    A database that was given may be a real one: it is never filled with invented schools, nor its sign-ins shown,
    unless DEMONSTRATION says so.
    """
    demonstration = {} if is_given(environment, "DATABASE_URL") else {"DEMONSTRATION": "1"}
    defaults = {
        **demonstration,
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATABASE_RUNTIME_ROLE": RUNTIME_ROLE,
        "WEB_CONCURRENCY": "2",
    }
    fixed = {"DJANGO_SETTINGS_MODULE": SETTINGS_MODULE, "PYTHONUNBUFFERED": "1"}
    return {**with_defaults(environment, defaults), **fixed}
