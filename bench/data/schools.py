"""Fifty invented schools of the usual size, with their people, users and roles."""

import random
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Membership, Person, PersonKind, School, User
from accounts.operations.people import PersonDetails, add_people
from accounts.operations.schools import create_school
from accounts.roles import Role
from policies.operations.adoptions import in_force_or_default

SCHOOLS = 50
PUPILS, STAFF, CONTACTS = 900, 60, 900
# Opened by the search for text: so many readable incidents in one school, none of them closed.
SEARCHED = (5_000, 20_000)
_UNUSABLE = "!"
_TEAM = [Role.DSL, Role.DEPUTY_DSL, Role.DEPUTY_DSL, Role.ONLINE_SAFETY_LEAD]
_ROLES = [*_TEAM, Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS]
_GIVEN_NAMES = (
    "Ada Alba Bela Bram Cleo Cosmo Dara Delia Edda Elmo Fenna Floris Greta Gwil Hale Hanno Ida Ivo Jory Juna Kip Kezia "
    "Leif Lotta Milo Mirren Nell Nico Odile Orin Pascoe Petra Quill Rafe Rhona Sabra Sorrel Tamsin Tove Una Wilf Zelda"
)
_FAMILY_STARTS = "Alder Beck Birch Bram Cold Dun Elm Fern Glen Hazel Iver Kirk Lark Marl Nether Oaken Penn Quarry"
_FAMILY_ENDS = "brook by combe dale field ford gate ham holt ley mere ridge stead ton wick worth"


@dataclass(frozen=True)
class PlannedSchool:
    """One school to be made: what it is for, how many cases it has, and whether their text must open."""

    number: int
    purpose: str
    cases: int

    @property
    def slug(self) -> str:
        """Its short name in addresses."""
        return f"school-{self.number:02}"

    @property
    def prefix(self) -> str:
        """What its references begin with."""
        return f"S{self.number:02}"

    @property
    def is_opened(self) -> bool:
        """Say whether text of its cases is read."""
        return self.purpose != "other"

    @property
    def is_searched(self) -> bool:
        """Say whether none of its cases is closed."""
        return self.purpose.startswith("search")


def plan(total: int) -> list[PlannedSchool]:
    """Share the incidents out: an average school whose pages are measured, two for searching, and the rest alike."""
    purposes = [("pages", total // SCHOOLS)]
    if total >= 2 * sum(SEARCHED):
        purposes += [(f"search {size}", size) for size in SEARCHED]
    left = total - sum(cases for _, cases in purposes)
    others = SCHOOLS - len(purposes)
    purposes += [("other", left // others + (number < left % others)) for number in range(others)]
    return [PlannedSchool(number, *purpose) for number, purpose in enumerate(purposes, start=1)]


def make(planned: list[PlannedSchool], *, at: datetime) -> dict[str, dict[str, Any]]:
    """Make schools, people, users and memberships; answer what a measurement has to know of each school."""
    chance = random.Random(5)
    made = {}
    for each in planned:
        school = create_school(
            name=f"Measured School {each.number}",
            slug=each.slug,
            reference_prefix=each.prefix,
            phase="secondary",
            safeguarding_phone="01632 960001",
            external_contact_name="Local authority designated officer",
            external_contact_phone="01632 960999",
            external_contact_email=f"contact@{each.slug}.example",
            at=at,
        )
        in_force_or_default(school=school, at=at)
        people = add_people(school=school, people=_people(chance), at=at)
        lead = _members(school, [person for person in people if person.kind == PersonKind.STAFF], at.date())
        pupils = [str(person.pk) for person in people if person.kind == PersonKind.PUPIL]
        made[each.slug] = {"slug": each.slug, "user": str(lead.pk), "school_id": str(school.pk), "pupils": pupils[:50]}
    print(f"  {len(planned)} schools with {PUPILS + STAFF + CONTACTS:,} people each", file=sys.stderr)
    return made


def _people(chance: random.Random) -> list[PersonDetails]:
    kinds = [PersonKind.PUPIL] * PUPILS + [PersonKind.STAFF] * STAFF + [PersonKind.CONTACT] * CONTACTS
    return [_person(kind, number, chance) for number, kind in enumerate(kinds)]


def _person(kind: PersonKind, number: int, chance: random.Random) -> PersonDetails:
    year = 7 + number % 7
    is_pupil = kind is PersonKind.PUPIL
    return PersonDetails(
        kind=kind,
        given_name=chance.choice(_GIVEN_NAMES.split()),
        family_name=f"{chance.choice(_FAMILY_STARTS.split())}{chance.choice(_FAMILY_ENDS.split())}",
        year_group=str(year) if is_pupil else "",
        form=f"{year}{chance.choice('ABCDEF')}" if is_pupil else "",
    )


def _members(school: School, staff: list[Person], today: date) -> User:
    """Give every member of staff a user and a role; return the Designated Safeguarding Lead."""
    users = [
        User(email=f"{school.slug}.{number}@measured.example", full_name=person.name, password=_UNUSABLE)
        for number, person in enumerate(staff)
    ]
    User.objects.bulk_create(users)
    roles = [*_ROLES, *[Role.STAFF] * (len(staff) - len(_ROLES))]
    Membership.objects.bulk_create(
        Membership(school=school, user=user, person=person, role=role.value, starts_on=today - timedelta(days=1500))
        for user, person, role in zip(users, staff, roles, strict=True)
    )
    return users[0]
