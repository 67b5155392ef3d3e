"""Walk every audit chain and name the first broken row of each; exit 1 when there is one."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.audit import verify_chain
from accounts.models import AuditEvent, School


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

    def handle(self, *args: Any, **options: Any) -> None:
        schools = School.objects.order_by("slug")
        if options["school"]:
            schools = schools.filter(slug=options["school"])
        if options["row"] and not options["school"]:
            raise CommandError("A row is a school's: name it with --school.")
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
        if is_broken:
            sys.exit(1)

    def _is_as_printed(self, school: School, chain: str, number: str, seal: str) -> bool:
        rows = AuditEvent.objects.filter(school=school, chain__name=chain)
        row = rows.filter(seq=int(number)).first() if number.isdecimal() else None
        same = row is not None and bytes(row.hash).hex() == seal.strip().lower()
        said = "as printed" if same else "is not what was printed" if row else "is not there"
        self.stdout.write(f"  chain {chain}, row {number}: {said}")
        return same
