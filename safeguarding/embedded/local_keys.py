"""Secrets for a machine that was given none: made once, kept in files that only their owner can read."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

KEY_BYTES = 32


def secret_key() -> str:
    return secrets.token_urlsafe(50)


def key_ring() -> str:
    """One key in the form `id:base64`, as DATA_KEYS and AUDIT_KEYS want it."""
    return f"local-1:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


MAKERS: dict[str, Callable[[], str]] = {"SECRET_KEY": secret_key, "DATA_KEYS": key_ring, "AUDIT_KEYS": key_ring}


def is_given(environment: Mapping[str, str], name: str) -> bool:
    """Each value can also be given as the path of a file that holds it."""
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def key_file(folder: Path, name: str) -> Path:
    """The file that holds a secret; made when it is not there, and never overwritten: data would be lost with it."""
    path = folder / name.lower()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        path.chmod(0o600)
        return path
    with os.fdopen(handle, "w") as file:
        file.write(MAKERS[name]())
        file.flush()
        os.fsync(file.fileno())
    return path


def missing_keys(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """`NAME_FILE` for every secret the environment does not give."""
    return {f"{name}_FILE": str(key_file(folder, name)) for name in MAKERS if not is_given(environment, name)}
