"""Secrets for a machine that was given none: made once, kept in files that only their owner can read.

python -m safeguarding.embedded.local_keys       (the files docker-compose.yml asks for, in .local/secrets)
"""

import base64
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from safeguarding.embedded.paths import LOCAL

KEY_BYTES = 32


def secret_key() -> str:
    return secrets.token_urlsafe(50)


def key_ring() -> str:
    """One key in the form `id:base64`, as DATA_KEYS and AUDIT_KEYS want it."""
    return f"local-1:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def database_url(role: str) -> str:
    """The database of docker-compose.yml, with a new password."""
    return f"postgresql://{role}:{secrets.token_hex(24)}@db:5432/safeguarding"


MAKERS: dict[str, Callable[[], str]] = {"SECRET_KEY": secret_key, "DATA_KEYS": key_ring, "AUDIT_KEYS": key_ring}
COMPOSE_MAKERS: dict[str, Callable[[], str]] = {
    **MAKERS,
    "DATABASE_URL": lambda: database_url("safeguarding_app"),
    "DATABASE_OWNER_URL": lambda: database_url("safeguarding_owner"),
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(24),
}


def is_given(environment: Mapping[str, str], name: str) -> bool:
    """Each value can also be given as the path of a file that holds it."""
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def key_file(folder: Path, name: str, make: Callable[[], str] | None = None) -> Path:
    """The file that holds a secret; made when it is not there, and never overwritten: data would be lost with it."""
    path = folder / name.lower()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        path.chmod(0o600)
        return path
    with os.fdopen(handle, "w") as file:
        file.write((make or MAKERS[name])())
        file.flush()
        os.fsync(file.fileno())
    return path


def lost_keys(environment: Mapping[str, str], folder: Path) -> list[str]:
    """Keys that opened what the database of this folder holds, and are neither given nor there any more."""
    if not any((folder / name).exists() for name in ("postgres", "postgres.where")):
        return []
    needed = ("DATA_KEYS", "AUDIT_KEYS")
    return [name for name in needed if not is_given(environment, name) and not (folder / name.lower()).exists()]


def missing_keys(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """`NAME_FILE` for every secret the environment does not give."""
    return {f"{name}_FILE": str(key_file(folder, name)) for name in MAKERS if not is_given(environment, name)}


def write_compose_secrets(folder: Path) -> list[Path]:
    """Compose mounts each file as it is, and the account inside is another: the folder is closed, the files are not."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    paths = [key_file(folder, name, make) for name, make in COMPOSE_MAKERS.items()]
    for path in paths:
        path.chmod(0o644)
    return paths


def main() -> int:
    folder = LOCAL / "secrets"
    paths = write_compose_secrets(folder)
    print(f"{folder} holds {', '.join(path.name for path in paths)}. Those that were there are as they were.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
