"""Whether static files have to be collected again."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from safeguarding.embedded.frontend import FRONTEND_DIR
from safeguarding.embedded.paths import ROOT


def fingerprint(environment: Mapping[str, str], root: Path = ROOT, frontend: Path = FRONTEND_DIR) -> str:
    """Changes when a file of ours, the installed packages or the settings about static files change."""
    digest = hashlib.sha256()
    for name in ("STATIC_ROOT", "HASHED_STATIC", "FRONTEND_DIR"):
        digest.update(f"{name}={environment.get(name, '')}\0".encode())
    digest.update((root / "requirements" / "base.txt").read_bytes())
    frontend = Path(environment.get("FRONTEND_DIR") or frontend)
    for folder in (root / "static", frontend):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                facts = path.stat()
                digest.update(f"{path}:{facts.st_size}:{facts.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def is_current(stamp: Path, wanted: str, collected: Path) -> bool:
    return collected.is_dir() and stamp.exists() and stamp.read_text() == wanted
