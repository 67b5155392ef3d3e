"""Compare a printed chronology with what the database holds: `verify_print --school SLUG REFERENCE SHA256`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import School
from incidents.models import Incident
from incidents.queries.prints import recheck


class Command(BaseCommand):
    help = "Say whether the entries of a case are what they were when a document was printed. Exits 1 when not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--school", metavar="SLUG", required=True)
        parser.add_argument("reference", metavar="REFERENCE")
        parser.add_argument("digest", metavar="SHA256", help="as it stands at the end of the document")

    def handle(self, *args: Any, **options: Any) -> None:
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"There is no school {options['school']!r}.")
        incident = Incident.objects.for_school(school).by_reference(options["reference"]).first()
        if incident is None:
            raise CommandError(f"There is no case {options['reference']!r} at this school.")
        problem = recheck(incident, options["digest"].strip().lower())
        self.stdout.write(problem or f"{incident.reference}: every entry is what it was when this was printed.")
        if problem:
            sys.exit(1)
