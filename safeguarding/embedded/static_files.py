"""Whether static files have to be collected again; and collecting them where there are no secrets yet.

python -m safeguarding.embedded.static_files       (while an image is built)
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from safeguarding.embedded import environment as variables
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


def main() -> int:
    """Collecting opens neither database nor secret, yet the settings will not start without: tests' values will do."""
    chosen = {name: os.environ[name] for name in ("STATIC_ROOT", "FRONTEND_DIR") if name in os.environ}
    fixed = {"HASHED_STATIC": "1", "DATABASE_URL": "postgresql:///not-opened"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    environ = {**variables.for_tests(os.environ), **fixed, **chosen}
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
