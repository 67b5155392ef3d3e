"""The whole of the settings, read as production reads them: safe when right, and a sentence when not."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from safeguarding.embedded import environment

NOWHERE = "postgresql://app@/none?host=/nowhere"
# What production is by default, and with it what the probe prints.
SAFE: dict[str, object] = {
    "DEBUG": False,
    "DEMONSTRATION": False,
    "SECOND_FACTOR_REQUIRED": True,
    "HTTPS": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_USE_TLS": True,
    "ALLOWED_HOSTS": ["safeguarding.example"],
    "CSRF_TRUSTED_ORIGINS": ["https://safeguarding.example"],
    "SECURE_PROXY_SSL_HEADER": None,
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "ACCOUNT_SESSION_REMEMBER": False,
}
PROBE = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {list(SAFE)!r}}}))
"""


def _production(**changes: str | None) -> dict[str, str]:
    values = environment.like_production(os.environ, NOWHERE, NOWHERE) | {
        "DJANGO_SETTINGS_MODULE": "safeguarding.settings"
    }
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = value
    return values


def _start(changes: dict[str, str | None]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROBE],
        env=_production(**changes),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _in_parallel(tables: list[dict[str, str | None]]) -> list[subprocess.CompletedProcess[str]]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(_start, tables))


# What is changed, and the words of the sentence with which the start is refused.
REFUSED: dict[str, tuple[dict[str, str | None], str]] = {
    "no secret key": ({"SECRET_KEY": None}, "SECRET_KEY is not set. Set it, or set SECRET_KEY_FILE"),
    "short secret key": ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 50 characters long."),
    "blank secret key": ({"SECRET_KEY": ""}, "SECRET_KEY"),
    "no data keys": ({"DATA_KEYS": None}, "DATA_KEYS is not set."),
    "no audit keys": ({"AUDIT_KEYS": None}, "AUDIT_KEYS is not set."),
    "malformed data keys": ({"DATA_KEYS": "a:b"}, "DATA_KEYS must be a comma list"),
    "one key for both": (
        {"AUDIT_KEYS": environment.TEST_VALUES["DATA_KEYS"]},
        "DATA_KEYS and AUDIT_KEYS share a key. Each needs its own.",
    ),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL is not set."),
    "another database": ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must start with postgresql://"),
    "no address": ({"SITE_URL": None}, "SITE_URL is not set."),
    "no scheme": ({"SITE_URL": "safeguarding.example"}, "SITE_URL must be a whole address"),
    "no encryption on the way": ({"SITE_URL": "http://safeguarding.example"}, "SITE_URL must start with https://"),
    "a number instead of a name": ({"SITE_URL": "http://127.0.0.1:8000"}, "SITE_URL must start with https://"),
    "any host": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name this site's hosts."),
    "no broker": ({"CELERY_BROKER_URL": None}, "CELERY_BROKER_URL is not set."),
    "blank broker": ({"CELERY_BROKER_URL": ""}, "CELERY_BROKER_URL"),
    "no mail server": ({"EMAIL_HOST": None}, "EMAIL_HOST is not set."),
    "blank mail server": ({"EMAIL_HOST": ""}, "EMAIL_HOST"),
    "neither yes nor no": ({"DEMONSTRATION": "perhaps"}, "DEMONSTRATION must be 1 or 0"),
    "no idle limit": ({"IDLE_MINUTES": "0"}, "IDLE_MINUTES must be a whole number of at least 1"),
    "a file that is not there": (
        {"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/secret"},
        "SECRET_KEY_FILE names a file that cannot be read",
    ),
}


@pytest.fixture(scope="module")
def refusals() -> dict[str, str]:
    """What each unsafe start said, by name."""
    outcomes = _in_parallel([changes for changes, _ in REFUSED.values()])
    return {
        name: outcome.stderr.strip().splitlines()[-1] if outcome.returncode else "It started."
        for name, outcome in zip(REFUSED, outcomes, strict=True)
    }


@pytest.mark.parametrize("name", REFUSED)
def test_an_unsafe_start_is_refused_with_a_sentence(refusals: dict[str, str], name: str) -> None:
    assert refusals[name].startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert REFUSED[name][1] in refusals[name]


def test_no_refusal_shows_a_secret(refusals: dict[str, str]) -> None:
    secrets = [environment.TEST_VALUES[name].split(":")[-1] for name in ("DATA_KEYS", "AUDIT_KEYS")]

    assert not any(secret in sentence for sentence in refusals.values() for secret in secrets)


def test_production_is_what_one_gets_by_saying_nothing() -> None:
    silent: dict[str, str | None] = dict.fromkeys(
        ("DEMONSTRATION", "DEBUG", "EMAIL_USE_TLS", "ALLOWED_HOSTS", "EMAIL_PORT")
    )

    outcome = _start(silent)

    assert outcome.returncode == 0, outcome.stderr
    assert json.loads(outcome.stdout) == SAFE


def test_a_demonstration_at_home_needs_no_mail_server_and_no_certificate() -> None:
    outcome = _start({"DEMONSTRATION": "1", "SITE_URL": "http://localhost:8000", "EMAIL_HOST": None})

    assert outcome.returncode == 0, outcome.stderr
    shown = json.loads(outcome.stdout)
    assert (shown["SECOND_FACTOR_REQUIRED"], shown["SESSION_COOKIE_NAME"]) == (False, "session")
    assert shown["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"


def test_every_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    production = _production()
    changes: dict[str, str | None] = {}
    for name in ("SECRET_KEY", "DATA_KEYS", "AUDIT_KEYS", "DATABASE_URL", "DATABASE_OWNER_URL", "CELERY_BROKER_URL"):
        file = tmp_path / name
        file.write_text(production[name] + "\n")
        changes |= {name: None, f"{name}_FILE": str(file)}

    assert _start(changes).returncode == 0


def test_the_deployment_check_finds_nothing_to_say() -> None:
    """Without its database part, which needs the runtime role: see the tests of `migrate`."""
    outcome = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=_production(),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stderr
    assert "no issues" in outcome.stdout


def test_the_deployment_check_refuses_a_demonstration() -> None:
    outcome = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        env=_production(DEMONSTRATION="1"),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert outcome.returncode != 0
    assert "accounts.E002" in outcome.stderr
