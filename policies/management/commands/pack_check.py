"""Say whether packs can be used, and what each policy leaves out or gets wrong."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from policies.catalogue import named, with_layers
from policies.errors import PackInvalid
from policies.linting import lint
from policies.management.packs import UNUSABLE, PackCommand, asked_for, pack_id

_ERROR = "error"


class Command(PackCommand):
    help = "Validate packs and list what the linter finds. Exits 1 when a pack cannot be used; findings do not fail."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_packs(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        checked = [(name, checked_pack(name, today)) for name in asked_for(options["packs"])]
        if options["json"]:
            self.say_json([line for _, lines in checked for line in lines])
        else:
            for name, lines in checked:
                self.say("\n".join(_in_words(pack_id(name), lines)))
        if any(line["kind"] == _ERROR for _, lines in checked for line in lines):
            sys.exit(UNUSABLE)


def checked_pack(name: str, today: date) -> list[dict[str, str]]:
    """Return what is wrong with a pack: its faults where it cannot be used, else what the linter finds."""
    try:
        found = named(name)
        with_layers(found.pack)
        return [finding.as_json() for finding in lint(found, today)]
    except PackInvalid as invalid:
        return [{"pack": pack_id(name), "clause": "", "kind": _ERROR, "text": str(fault)} for fault in invalid.faults]


def _in_words(pack: str, lines: list[dict[str, str]]) -> Iterator[str]:
    faults = [line for line in lines if line["kind"] == _ERROR]
    if faults:
        yield f"{pack}: cannot be used, {_counted(len(faults), 'fault')}"
        yield from (f"  {line['text']}" for line in faults)
        return
    yield f"{pack}: can be used, {_counted(len(lines), 'finding') if lines else 'nothing found'}"
    for line in lines:
        yield f"  {line['clause'] or 'whole policy'}: {line['kind']}: {line['text']}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
