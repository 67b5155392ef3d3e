"""Walk every audit chain and name the first broken row of each; exit 1 when there is one."""

import sys
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import ends
from accounts.audit import verify_chain
from accounts.models import AuditEvent, School
from accounts.standalone_verifier import NOT_SIGNED, problems_of


class Command(BaseCommand):
    help = "Verify the audit ledger of every school, or of one. Exits 1 when a row was altered, removed or put in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--school", metavar="SLUG", help="only this school")
        parser.add_argument(
            "--row",
            nargs=3,
            metavar=("CHAIN", "NUMBER", "SEAL"),
            help="of one school: also compare a row's seal with one that was printed",
        )
        parser.add_argument(
            "--end", metavar="FILE", help="of one school: also prove that a signed end, as it was sent out, still holds"
        )
        parser.add_argument(
            "--export", metavar="ZIP", help="check an export instead of the database, with this system's keys"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["export"]:
            self._check_export(options["export"], options["end"])
            return
        schools = School.objects.order_by("slug")
        if options["school"]:
            schools = schools.filter(slug=options["school"])
        if (options["row"] or options["end"]) and not options["school"]:
            raise CommandError("A row and a signed end are a school's: name it with --school.")
        if not schools:
            raise CommandError(f"There is no school {options['school']!r}." if options["school"] else "No school yet.")
        is_broken = False
        for school in schools:
            breaks = verify_chain(school)
            is_broken = is_broken or bool(breaks)
            self.stdout.write(f"{school.slug}: {'broken' if breaks else 'OK'}")
            for found in breaks:
                self.stdout.write(f"  chain {found.chain}, row {found.seq}: {found.sentence}")
            if options["row"] and not self._is_as_printed(school, *options["row"]):
                is_broken = True
            if options["end"] and not self._holds(ends.verify_end(school, self._text(options["end"]))):
                is_broken = True
        if is_broken:
            sys.exit(1)

    def _is_as_printed(self, school: School, chain: str, number: str, seal: str) -> bool:
        rows = AuditEvent.objects.filter(school=school, chain__name=chain)
        row = rows.filter(seq=int(number)).first() if number.isdecimal() else None
        same = row is not None and bytes(row.hash).hex() == seal.strip().lower()
        said = "as printed" if same else "is not what was printed" if row else "is not there"
        self.stdout.write(f"  chain {chain}, row {number}: {said}")
        return same

    def _holds(self, problems: list[str]) -> bool:
        for problem in problems or ["the signed end holds: what was there then is there now"]:
            self.stdout.write(f"  {problem}")
        return not problems

    def _check_export(self, name: str, end: str | None) -> None:
        texts = [self._text(end)] if end else []
        try:
            # Signed by the current key, or by one before it.
            tried = [problems_of(name, key, texts, settings.AUDIT_KEYS) for key in ends.public_keys()]
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as problem:
            raise CommandError(f"The export cannot be read: {type(problem).__name__}.") from problem
        problems = next((found for found in tried if found != [NOT_SIGNED]), tried[0])
        self.stdout.write("\n".join(problems or [f"{Path(name).name}: OK"]))
        if problems:
            sys.exit(1)

    def _text(self, name: str) -> str:
        try:
            return Path(name).read_text()
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{name} cannot be read.") from problem
