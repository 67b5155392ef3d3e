"""Fill an empty database with a fictional trust, its schools, and what happened there over the last three terms."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import Person, PersonKind, School, Trust
from accounts.operations import trusts, users
from accounts.operations.users import NewUser
from accounts.roles import Role
from incidents.models import Incident
from safeguarding.demonstration import past, today
from safeguarding.demonstration.agencies import write_agencies
from safeguarding.demonstration.calendars import LONDON, at_local
from safeguarding.demonstration.care import write_care
from safeguarding.demonstration.devices import write_devices
from safeguarding.demonstration.duties import write_duties
from safeguarding.demonstration.files import write_files
from safeguarding.demonstration.histories import Timeline
from safeguarding.demonstration.houses import House, SharedColleague, build_house, invented_adult
from safeguarding.demonstration.names import ascii_letters
from safeguarding.demonstration.schools import SIZES, TRUST, TRUST_DOMAIN, SchoolPlan
from safeguarding.demonstration.stories_commerce import STORIES as COMMERCE
from safeguarding.demonstration.stories_conduct import STORIES as CONDUCT
from safeguarding.demonstration.stories_contact import STORIES as CONTACT
from safeguarding.demonstration.stories_content import STORIES as CONTENT
from safeguarding.demonstration.stories_uneven import STORIES as UNEVEN
from safeguarding.demonstration.tellings import Teller
from safeguarding.demonstration.watching import Watch
from safeguarding.demonstration.websites import write_websites

_SEED = 20260901
_MORNING = time(10, 40)
_WATCHED = timedelta(days=30)
_STORIES = (*CONTENT, *CONTACT, *CONDUCT, *COMMERCE, *UNEVEN)


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration schools. Nothing happens where there is a school already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", metavar="YYYY-MM-DD", help="the day on which the history ends; now by default")
        parser.add_argument("--size", choices=sorted(SIZES), default="full", help="small: two schools, few people")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration. Invented schools are never put beside real ones.")
        base = _base_moment(options["today"], timezone.now())
        if School.objects.exists():
            self.stdout.write("There is a school already: nothing was changed.")
            return
        # All or nothing: an interrupted start must not leave half a trust behind, which the next one would keep.
        with transaction.atomic():
            houses = _fill(SIZES[options["size"]], base)
        for house in houses:
            self.stdout.write(_summary(house))
        self.stdout.write(f"Everybody's password: {settings.DEMONSTRATION_PASSWORD}. demo_sign_ins lists the sign-ins.")


def _base_moment(given: str | None, now: datetime) -> datetime:
    if given is None:
        return now.astimezone(LONDON)
    try:
        return at_local(date.fromisoformat(given), _MORNING)
    except ValueError as error:
        raise CommandError(f"{given!r} is not a day. Write it like 2026-11-17.") from error


def _fill(plans: tuple[SchoolPlan, ...], base: datetime) -> list[House]:
    rng = random.Random(_SEED)
    password_hash = make_password(settings.DEMONSTRATION_PASSWORD)
    trust = trusts.create_trust(name=TRUST)
    shared = _shared_colleagues(plans, password_hash, rng)
    return [_fill_school(plan, trust, shared, password_hash, base) for plan in plans]


@transaction.atomic
def _fill_school(
    plan: SchoolPlan, trust: Trust, shared: list[SharedColleague], password_hash: str, base: datetime
) -> House:
    # Each school draws from a source of its own, so that a change at one leaves the others as they were.
    rng = random.Random(f"{_SEED} {plan.slug}")
    house = build_house(plan, trust=trust, shared=shared, password_hash=password_hash, base=base, rng=rng)
    begins, ends = house.days.latest_hours(base)
    teller, timeline = Teller(house, _STORIES, rng), Timeline()
    past.write_past(house, teller, timeline, rng, today=begins.date())
    today.write_today(house, teller, timeline, rng, begins=begins, ends=ends)
    # Drawn from a source of its own as well: what is asked of the school changes none of its stories.
    write_duties(house, timeline, random.Random(f"{_SEED} {plan.slug} duties"), today=begins.date())
    write_websites(house, timeline, today=begins.date())
    write_devices(house, timeline, today=begins.date())
    write_agencies(house, timeline, random.Random(f"{_SEED} {plan.slug} agencies"), begins=begins, ends=ends)
    write_files(house, timeline, ends=ends)
    write_care(house, timeline, random.Random(f"{_SEED} {plan.slug} care"), ends=ends)
    # As if the system had run for a month: what the first sweep finds is what falls due from then on.
    watch = Watch(begins - _WATCHED)
    timeline.play(until=ends, watch=watch)
    watch.end(base)
    return house


def _shared_colleagues(plans: tuple[SchoolPlan, ...], password_hash: str, rng: random.Random) -> list[SharedColleague]:
    """Make the two who work at several schools: the trust's safeguarding lead, and a teacher who travels."""
    slugs = tuple(plan.slug for plan in plans)
    wanted = (
        (Role.TRUST_SAFEGUARDING_LEAD, "trust safeguarding lead", slugs),
        (Role.STAFF, "music teacher", (slugs[0], slugs[-1])),
    )
    adults = [invented_adult(rng) for _ in wanted]
    new = [
        NewUser(f"{ascii_letters(given)}.{ascii_letters(family)}@{TRUST_DOMAIN}", f"{given} {family}")
        for given, family, _ in adults
    ]
    made = users.create_users(users=new, password_hash=password_hash)
    return [
        SharedColleague(user, given, family, is_female, role, job, where)
        for user, (given, family, is_female), (role, job, where) in zip(made, adults, wanted, strict=True)
    ]


def _summary(house: House) -> str:
    people = Person.objects.for_school(house.school)
    pupils = people.filter(kind=PersonKind.PUPIL.value).count()
    contacts = people.filter(kind=PersonKind.CONTACT.value).count()
    adults = len(house.staff) + len(house.offices)
    concerns = Incident.objects.for_school(house.school).count()
    return (
        f"{house.school.name} ({house.school.phase}): {pupils} pupils, {contacts} parents and carers, "
        f"{adults} staff and governors, {concerns} concerns."
    )
