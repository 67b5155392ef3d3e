"""python -m tests.assurance NAME: what `./run assure NAME` calls. Without a name it says which there are."""

import importlib
import sys
from pathlib import Path


def names() -> list[str]:
    """Every module of this folder that has a `main` is one long run; private ones are what they share."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(arguments: list[str]) -> int:
    """Run one of them with its options."""
    if not arguments or arguments[0] not in names():
        for name in names():
            module = importlib.import_module(f"tests.assurance.{name}")
            sys.stdout.write(f"{name:10} {(module.__doc__ or '').strip().splitlines()[0]}\n")
        return 0 if not arguments else 2
    result: int = importlib.import_module(f"tests.assurance.{arguments[0]}").main(arguments[1:])
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
