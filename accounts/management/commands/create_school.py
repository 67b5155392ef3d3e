"""Set up a school on an installation: its keys and chains, its first administrator, and those who receive concerns."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import School
from accounts.operations import members, schools
from accounts.roles import Role

# Each may be given; the administrator has to be. What follows the address is the name.
_OFFICES = {"dsl": Role.DSL, "head": Role.HEADTEACHER, "chair": Role.CHAIR_OF_GOVERNORS}
_WHO = ("E-MAIL", "GIVEN", "FAMILY")


class Command(BaseCommand):
    help = "Create a school and its first administrator, and say what to do next."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the school's full name")
        parser.add_argument("--slug", required=True, help="its short name in addresses, such as oakfield")
        parser.add_argument(
            "--prefix", required=True, help="two to four letters or digits that begin every case reference"
        )
        parser.add_argument("--phase", required=True, help="primary, secondary, ...")
        parser.add_argument("--urn", default="", help="its unique reference number")
        parser.add_argument("--phone", required=True, help="the safeguarding team's telephone number")
        parser.add_argument("--contact-name", required=True, help="the local authority's designated officer")
        parser.add_argument("--contact-phone", required=True)
        parser.add_argument("--contact-email", required=True)
        parser.add_argument("--administrator", required=True, nargs=3, metavar=_WHO)
        parser.add_argument("--dsl", nargs=3, metavar=_WHO, help="the Designated Safeguarding Lead")
        parser.add_argument("--head", nargs=3, metavar=_WHO, help="the headteacher")
        parser.add_argument("--chair", nargs=3, metavar=_WHO, help="the chair of governors")

    def handle(self, *args: Any, **options: Any) -> None:
        _check(options)
        try:
            school = _create(options, timezone.now())
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{school.name} was created. An invitation goes to everybody named, with the next sweep.")
        missing = [f"--{name}" for name in _OFFICES if not options[name]]
        if missing:
            named = ", ".join(school.title_of(_OFFICES[name.removeprefix("--")]) for name in missing)
            self.stdout.write(f"Nobody is named yet as: {named}. A concern goes to the next in line until then.")
        self.stdout.write(
            "Next: the administrator sets a password by the link in the invitation, adds the terms and closed days, "
            f"and gives everybody their roles at /s/{school.slug}/settings/members/."
        )


def _check(options: dict[str, Any]) -> None:
    """Refuse an address to which no message could go."""
    people = [options[name] for name in ("administrator", *_OFFICES) if options[name]]
    for address in [options["contact_email"], *(email for email, _, _ in people)]:
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address!r} is not an e-mail address.") from error


@transaction.atomic
def _create(options: dict[str, Any], at: datetime) -> School:
    school = schools.create_school(
        name=options["name"],
        slug=options["slug"],
        reference_prefix=options["prefix"],
        phase=options["phase"],
        safeguarding_phone=options["phone"],
        external_contact_name=options["contact_name"],
        external_contact_phone=options["contact_phone"],
        external_contact_email=options["contact_email"],
        at=at,
        urn=options["urn"],
    )
    _invite(school, options["administrator"], Role.SCHOOL_ADMINISTRATOR, at)
    for name, role in _OFFICES.items():
        if options[name]:
            _invite(school, options[name], role, at)
    return school


def _invite(school: School, who: list[str], role: Role, at: datetime) -> None:
    email, given_name, family_name = who
    members.invite(
        school=school,
        email=email,
        given_name=given_name,
        family_name=family_name,
        role=role,
        starts_on=timezone.localtime(at).date(),
        at=at,
        # Nobody works there yet who could have done it: the audit names the system.
        by=None,
    )
