"""Show how the clauses of each policy are met, and by what."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser

from policies.coverage import Coverage, coverage
from policies.management.packs import PackCommand, asked_for, one_pack

_ALL_CLAUSES = 2


class Command(PackCommand):
    help = "Show how the clauses of each pack are met: counts and shares, and with -v 2 what meets each clause."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_packs(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        found = [coverage(one_pack(name).pack) for name in asked_for(options["packs"])]
        if options["json"]:
            self.say_json([one.as_json() for one in found])
            return
        for one in found:
            self.say("\n".join(_in_words(one, with_clauses=options["verbosity"] >= _ALL_CLAUSES)))


def _in_words(found: Coverage, *, with_clauses: bool) -> Iterator[str]:
    yield f"{found.pack.id} ({found.pack.edition}): {found.total} clauses"
    for met, number in found.counts:
        yield f"  {met.value}: {number} ({found.percent(number)} %)"
    yield f"  enforced or recorded: {found.shown} ({found.percent(found.shown)} %)"
    for clause in found.pack.clauses if with_clauses else ():
        means = ", ".join(clause.by) or clause.reason or "shown to people"
        yield f"    {clause.id} {clause.met.value}: {means}"
