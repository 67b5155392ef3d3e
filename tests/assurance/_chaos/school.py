"""The school of the chaos run: its people, and a policy without patience. Runs inside Django, on the stage."""

import json
import sys
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import PersonKind, School, User
from accounts.operations import members, people, schools
from accounts.operations.people import PersonDetails
from accounts.operations.users import NewUser, create_users
from accounts.roles import Role
from policies.catalogue import parse_catalogued, shipped, shipped_text
from policies.models import PackAdoption, PackEdition
from tests.assurance._chaos.cast import PASSWORD, PUPILS, SLUG, address, reporters

POLICY = Path(__file__).with_name("policy.yaml")
_HOLDERS = {
    "dsl": Role.DSL,
    "deputy": Role.DEPUTY_DSL,
    "head": Role.HEADTEACHER,
    "chair": Role.CHAIR_OF_GOVERNORS,
    "network": Role.NETWORK_MANAGER,
}


def main() -> None:
    """Make the school; print the ids of its pupils."""
    at = timezone.now()
    school = schools.create_school(
        name="School of the chaos run", slug=SLUG, reference_prefix="CHA", phase="primary", at=at,
        safeguarding_phone="0", external_contact_name="Nobody", external_contact_phone="0",
        external_contact_email=address("contact"),
    )  # fmt: skip
    names = _HOLDERS | dict.fromkeys(reporters(), Role.STAFF)
    users = create_users(
        users=[NewUser(address(name), f"Sample {name}") for name in names], password_hash=make_password(PASSWORD)
    )
    for user, role in zip(users, names.values(), strict=True):
        _join(school, user, role)
    details = [
        PersonDetails(kind=PersonKind.PUPIL, given_name="Sample", family_name=f"Pupil{number}", year_group="5", form="")
        for number in range(PUPILS)
    ]
    _adopt(school)
    pupils = people.add_people(school=school, people=details, at=at)
    sys.stdout.write(json.dumps([str(pupil.pk) for pupil in pupils]))


def _join(school: School, user: User, role: Role) -> None:
    at = timezone.now()
    details = PersonDetails(
        kind=PersonKind.STAFF, given_name="Sample", family_name=user.full_name, year_group="", form=""
    )
    person = people.add_people(school=school, people=[details], at=at)[0]
    members.add_member(school=school, user=user, person=person, role=role, starts_on=at.date(), at=at)


def _adopt(school: School) -> None:
    """Only shipped policies can be adopted on the page, so this one is put on the shelf of kept editions by hand."""
    texts = {"england-statutory": shipped_text("england-statutory"), "chaos": POLICY.read_text(encoding="utf-8")}
    packs = [shipped("england-statutory").pack, parse_catalogued(texts["chaos"], file=POLICY.name).pack]
    editions = [
        PackEdition.objects.create(
            pack_id=pack.id, edition=pack.edition, title=pack.title, content_hash=pack.content_hash, text=texts[pack.id]
        )
        for pack in packs
    ]
    at = timezone.now()
    PackAdoption.objects.create(
        school=school, edition=editions[-1], layers=[pack.content_hash for pack in packs], starts_at=at, adopted_at=at
    )
