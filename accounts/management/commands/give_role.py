"""Give somebody a role that reads cases where nobody at the school may be the second person to agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import School
from accounts.operations import members
from accounts.roles import CASE_READERS, Role


class Command(BaseCommand):
    help = "Give somebody a role that reads cases, as whoever runs the system; the audit says so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("school", help="the school's short name in addresses")
        parser.add_argument("role", choices=sorted(role.value for role in CASE_READERS))
        parser.add_argument("who", nargs=3, metavar=("E-MAIL", "GIVEN", "FAMILY"))
        parser.add_argument(
            "--somebody-else", action="store_true", help="it is not whoever has that name in the school's list"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"There is no school called {options['school']}.")
        email, given_name, family_name = options["who"]
        at = timezone.now()
        try:
            membership = members.invite(
                school=school,
                email=email,
                given_name=given_name,
                family_name=family_name,
                role=Role(options["role"]),
                starts_on=timezone.localtime(at).date(),
                at=at,
                # Nobody at the school did it: the audit names the system.
                by=None,
                is_somebody_else=options["somebody_else"],
            )
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        title = school.title_of(Role(membership.role))
        self.stdout.write(f"{membership.user.full_name} is {title} from today. The audit of the school says so.")
