"""python -m bench.data load TOTAL | sign-in USER...: fill an empty database, or open sessions; both answer in JSON."""

import argparse
import json
import sys
from typing import Any

import django
from django.utils import timezone


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.data")
    verbs = parser.add_subparsers(dest="verb", required=True)
    load = verbs.add_parser("load")
    load.add_argument("total", type=int)
    sign_in = verbs.add_parser("sign-in")
    sign_in.add_argument("users", nargs="+")
    return parser.parse_args()


def _load(total: int) -> dict[str, Any]:
    from bench.data import cases, schools

    at = timezone.now()
    plan = schools.plan(total)
    made = schools.make(plan, at=at)
    cases.fill(plan, at=at)
    return {
        "total": total,
        "schools": {
            school.purpose: cases.describe(school) | made[school.slug] for school in plan if school.purpose != "other"
        },
    }


def main() -> int:
    """Do one of the two and print what came of it."""
    arguments = _arguments()
    django.setup()
    from bench.data import sessions

    answer = _load(arguments.total) if arguments.verb == "load" else sessions.sign_in(arguments.users)
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
