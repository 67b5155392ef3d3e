"""Strict readers for settings that come from the environment.

Every value can also be given as `NAME_FILE`, the path of a file that holds it, so that secrets need not stand in the
environment. A missing or malformed value raises `ImproperlyConfigured` with a sentence that names the variable.
"""

import base64
import binascii
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}


def env_text(name: str, default: str | None = None) -> str:
    """Return the text of `NAME`, or of the file that `NAME_FILE` names, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            value: str | None = Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error.strerror}.") from error
    else:
        value = os.environ.get(name)
    # Where a value is needed, a blank one is a forgotten one: `EMAIL_HOST=` would send every message nowhere.
    if value is not None and (value.strip() or default is not None):
        return value.strip()
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it, or set {name}_FILE to a file that holds it.")
    return default


def env_bool(name: str, default: bool = False) -> bool:
    """Return a yes or no; anything but 1/true/yes/on and 0/false/no/off is refused."""
    value = env_text(name, "1" if default else "0").lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number that is not below `least`."""
    value = env_text(name, str(default))
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def env_list(name: str, default: str = "") -> list[str]:
    """Return the parts of a comma-separated list, without blanks."""
    return [part.strip() for part in env_text(name, default).split(",") if part.strip()]


def env_keys(name: str) -> dict[str, bytes]:
    """Return key id -> 32 secret bytes, in the order given; the first is the current key."""
    keys: dict[str, bytes] = {}
    for number, entry in enumerate(env_list(name, default=env_text(name)), start=1):
        key_id, _, encoded = entry.partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            secret = b""
        if not key_id or len(secret) != 32:
            # Without a colon the whole entry is the secret, so only its place is named.
            raise ImproperlyConfigured(
                f"{name} must be a comma list of `id:base64 of 32 bytes`. Entry {number} is not."
            )
        if key_id in keys:
            raise ImproperlyConfigured(f"{name} names the key {key_id!r} twice.")
        keys[key_id] = secret
    if not keys:
        raise ImproperlyConfigured(f"{name} is empty. It needs at least one key.")
    return keys


def parse_database(name: str, url: str) -> dict[str, object]:
    """Turn `postgresql://user:password@host:port/name?option=value` into Django's settings.

    A `host` among the options is a Unix socket's folder. `DATABASE_URL` says which variable to blame.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            f"{name} must start with postgresql:// (no other database keeps the promises made here)."
        )
    try:
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is no number.") from error
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": port,
        "OPTIONS": options,
    }
