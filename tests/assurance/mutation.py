"""Mutation testing of the policy engine: is every change to it noticed by one of its own tests?

mutmut changes one thing at a time in each function of `policies/engine/` and asks the engine's unit tests and
properties, without Django, a database or the shipped packs. It works in `.local/mutation/`, with an environment of its
own there; it is not among our requirements. Ten minutes on two quiet cores. What changes nothing that anybody could
notice stands in `_equivalents.py`, each with its reason, and is not counted.
"""

import argparse
import re
import resource
import shutil
import subprocess
import sys
from importlib.metadata import version

from safeguarding.embedded.paths import ROOT
from tests.assurance._equivalents import EQUIVALENT

TOOL = "mutmut==3.8.1"
LEAST = 95.0
_MEMORY = 2 * 1024**3
_FOLDER = ROOT / ".local" / "mutation"
_TREE, _PYTHON = _FOLDER / "tree", _FOLDER / "venv" / "bin" / "python"
# The oracle takes too long to be asked about each change, and shipped packs need more than the engine.
_LEFT_OUT = {"test_durations_oracle.py", "test_shipped_packs.py", "decisions_digest.py"}
_SETTINGS = """
[tool.mutmut]
source_paths = ["policies"]
only_mutate = ["policies/engine/*.py"]
do_not_mutate = ["policies/engine/vocabulary.py", "policies/engine/taxonomy.py"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-x"]
[tool.pytest.ini_options]
addopts = "-q"
"""
_CONFTEST = """
from hypothesis import settings
settings.register_profile("mutation", derandomize=True, database=None, deadline=None)
settings.load_profile("mutation")
"""
_PROPERTY = re.compile(r"    @(property|cached_property)\n(    def (\w+)\(.*?\n(?:        .*\n|\n)*        .*\n)")


def main(arguments: list[str]) -> int:
    """Run it, print how many changes were noticed and those that were not; 1 where fewer than 95 in 100 were."""
    parser = argparse.ArgumentParser(prog="./run assure mutation", description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="how many processes (2)")
    parser.add_argument("--again", action="store_true", help="only report what the last run found")
    chosen = parser.parse_args(arguments)
    if not chosen.again:
        _environment()
        _plant()
        _mutmut("run", "--max-children", str(chosen.workers))
    return _report()


def _environment() -> None:
    if not _PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", _FOLDER / "venv"], check=True)
    ours = [f"{name}=={version(name)}" for name in ("pytest", "hypothesis", "tzdata")]
    subprocess.run([_PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", TOOL, *ours], check=True)


def _plant() -> None:
    """Copy the engine and its fast tests to where they can be changed."""
    shutil.rmtree(_TREE, ignore_errors=True)
    left_out = shutil.ignore_patterns("__pycache__", *_LEFT_OUT)
    for folder in ("policies/engine", "tests/policies/engine"):
        shutil.copytree(ROOT / folder, _TREE / folder, ignore=left_out)
    for package in ("policies", "tests", "tests/policies"):
        (_TREE / package / "__init__.py").touch()
    (_TREE / "pyproject.toml").write_text(_SETTINGS)
    (_TREE / "conftest.py").write_text(_CONFTEST)
    for path in (_TREE / "policies/engine").glob("*.py"):
        # The tool leaves out whatever is decorated: a property is written as a function that is made one afterwards.
        path.write_text(_PROPERTY.sub(r"\2    \3 = \1(\3)\n", path.read_text()))


def _mutmut(*words: str) -> str:
    # Its own notes are shown as they come, what it answers is kept.
    shown = None if words[0] == "run" else subprocess.PIPE
    # A change that makes a list grow for ever ends with an error, and not with the machine.
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    done = subprocess.run([_PYTHON, "-m", "mutmut", *words], cwd=_TREE, stdout=shown, text=True, check=True)
    return done.stdout or ""


def _report() -> int:
    outcomes = re.findall(r"(\S+__mutmut_\d+): ([a-z ]+)", _mutmut("results", "--all", "true"))
    noticed = [name for name, outcome in outcomes if outcome in ("killed", "timeout")]
    others = {name: _change(name) for name, outcome in outcomes if outcome not in ("killed", "timeout")}
    excused = {name for name, (place, change) in others.items() if change in EQUIVALENT.get(place, {})}
    share = 100 * len(noticed) / max(1, len(outcomes) - len(excused))
    for name, (place, change) in others.items():
        if name not in excused:
            sys.stdout.write(f"{place}: {change}   ({name})\n")
    sys.stdout.write(
        f"{len(outcomes)} changes; {len(excused)} of them change nothing that anybody could notice; "
        f"of the others {len(noticed)} were noticed, {share:.1f} %.\n"
    )
    return 0 if share >= LEAST else 1


def _change(name: str) -> tuple[str, str]:
    """Return the function, and the line as it was changed to; the line that went, where none came."""
    diff = _mutmut("show", name).splitlines()
    came = [line[1:].strip() for line in diff if line.startswith("+") and not line.startswith("+++")]
    went = [line[1:].strip() for line in diff if line.startswith("-") and not line.startswith("---")]
    place = re.sub(r"\.x_|\.xǁ|ǁ", ".", name.removeprefix("policies.engine.")).partition("__mutmut")[0]
    return place, " / ".join(came) or f"without: {' / '.join(went)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
