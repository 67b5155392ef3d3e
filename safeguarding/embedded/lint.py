"""Everything that can be said about the code without running the tests.

python -m safeguarding.embedded.lint [--fix]       (what ./run lint does)
"""

import os
import subprocess
import sys
from collections.abc import Mapping

from safeguarding.embedded import environment
from safeguarding.embedded.paths import ROOT
from safeguarding.embedded.seats import TestDatabase

PACKAGES = ("accounts", "incidents", "policies", "safeguarding", "tests", "bench")
Step = tuple[str, list[str], Mapping[str, str]]


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def fixes(environ: Mapping[str, str]) -> list[Step]:
    return [
        ("ruff puts right what it can", python("-m", "ruff", "check", "--fix", "."), environ),
        ("ruff formats", python("-m", "ruff", "format", "."), environ),
    ]


def steps(environ: Mapping[str, str], production: Mapping[str, str]) -> list[Step]:
    packages = [name for name in PACKAGES if (ROOT / name).is_dir()]
    deploy = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return [
        ("ruff", python("-m", "ruff", "check", "."), environ),
        ("format", python("-m", "ruff", "format", "--check", "."), environ),
        ("types", python("-m", "mypy", *packages), environ),
        ("templates", python("-m", "djlint", "templates", "--lint", "--quiet"), environ),
        ("migrations", python("manage.py", "makemigrations", "--check", "--dry-run"), environ),
        ("system check", python("manage.py", "check"), environ),
        ("deployment check", python(*deploy), production),
    ]


def run(step: Step) -> bool:
    name, command, environ = step
    print(f"lint: {name}", flush=True)
    worked = subprocess.run(command, cwd=ROOT, env=dict(environ), check=False).returncode == 0
    if not worked:
        print(f"lint: {name} FAILED", flush=True)
    return worked


def main() -> int:
    wanted = sys.argv[1:]
    if wanted not in ([], ["--fix"]):
        print("usage: ./run lint [--fix]", file=sys.stderr)
        return 2
    # Some steps ask a database, none writes to it: the empty one on the server for tests will do.
    database = TestDatabase()
    database.open()
    try:
        environ = {**environment.for_tests(os.environ), "DATABASE_URL": database.cluster.owner_url}
        production = environment.like_production(environ, database.cluster.runtime_url, database.cluster.owner_url)
        todo = fixes(environ) if wanted else steps(environ, production)
        failed = [step[0] for step in todo if not run(step)]
    finally:
        database.close()
    print(f"lint: failed: {', '.join(failed)}" if failed else "lint: nothing to say")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
