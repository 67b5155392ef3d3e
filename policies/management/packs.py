"""What the commands about packs have in common: they need no database, name packs alike and write UTF-8."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies.catalogue import CataloguedPack, is_file_of_pack, is_path, named, shipped_ids
from policies.errors import PackInvalid

# What a script sees: a pack that cannot be used, and a question that was asked wrongly.
UNUSABLE, WRONGLY_ASKED = 1, 2


class PackCommand(BaseCommand):
    """A command that reads packs and nothing else."""

    requires_system_checks: list[str] = []

    def add_packs(self, parser: CommandParser) -> None:
        """Take any number of packs, and --json."""
        parser.add_argument(
            "packs", nargs="*", metavar="PACK", help="id of a shipped pack or path of a .yaml file; all when left out"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def say(self, text: str) -> None:
        """Print a text in UTF-8, whatever the terminal's own encoding is."""
        reconfigure = getattr(self.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")
        self.stdout.write(text)

    def say_json(self, value: Any) -> None:
        """Print a value as JSON."""
        self.say(json.dumps(value, ensure_ascii=False, indent=1))


def asked_for(names: Iterable[str]) -> list[str]:
    """Return the packs asked for, each once and in order; every shipped one where none is named."""
    return sorted(set(names)) or shipped_ids()


def pack_id(name: str) -> str:
    """Return what a pack is called before it could be read: its id, or the name of its file."""
    return Path(name).stem if is_path(name) else name


def one_pack(name: str) -> CataloguedPack:
    """Return the pack; stop the command with a sentence where there is none, or it cannot be used."""
    try:
        return named(name)
    except PackInvalid as invalid:
        is_there = is_file_of_pack(name) and Path(name).is_file() if is_path(name) else name in shipped_ids()
        raise CommandError(str(invalid), returncode=UNUSABLE if is_there else WRONGLY_ASKED) from invalid
