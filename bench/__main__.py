"""python -m bench NAME [options]: what `./run bench NAME` calls. Without a name it says which there are."""

import importlib
import sys
from pathlib import Path


def names() -> list[str]:
    """Every module of this folder is one measurement; what they share lives in the folders below it."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(arguments: list[str]) -> int:
    """Run one measurement with its options."""
    if not arguments or arguments[0] not in names():
        for name in names():
            module = importlib.import_module(f"bench.{name}")
            print(f"{name:10} {(module.__doc__ or '').strip().splitlines()[0]}")
        print("\n./run bench NAME --help lists the options of one.")
        return 0 if not arguments else 2
    result: int = importlib.import_module(f"bench.{arguments[0]}").main(arguments[1:])
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
