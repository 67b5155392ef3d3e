"""What people are allowed with phones and pictures, and what they agreed to: given, and taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import Person, PersonKind, User
from incidents.devices import AllowanceGround, AllowanceKind, Giver
from incidents.events import Event
from incidents.models import Allowance
from incidents.words import as_typed

# Pupils of Year 8 turn 13; from Year 9 on all of them are.
_TURNING, _THIRTEEN = 8, 9


@dataclass(frozen=True)
class Given:
    """What was given to whom, by whom, from when and until when."""

    kind: AllowanceKind
    person: Person
    given_on: date
    giver: Giver
    giver_name: str = ""
    ground: AllowanceGround | None = None
    until: date | None = None
    note: str = ""


@transaction.atomic
def give(*, given: Given, by: User, at: datetime) -> Allowance:
    """Enter that something is allowed or was agreed to.

    Refused: what stands already; a phone for an adult, images off site for anybody but staff; consent to photographs by
    a parent from 13 on, or by a child below; a phone without the reason.
    """
    person = (
        Person.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=given.person.pk)
    )
    today = timezone.localtime(at).date()
    _check(given, person, today)
    standing = Allowance.objects.for_school(person.school).filter(
        person=person, kind=given.kind.value, withdrawn_at__isnull=True
    )
    if any(row.until is None or row.until >= today for row in standing):
        raise Refused("stands_already", "This stands in the register already. Take it back first, to enter it anew.")
    row = Allowance(
        school=person.school,
        kind=given.kind.value,
        person=person,
        ground=given.ground.value if given.ground else "",
        note=as_typed(given.note),
        given_on=given.given_on,
        giver=given.giver.value,
        giver_name=as_typed(given.giver_name) or "",
        until=given.until,
        recorded_at=at,
        recorded_by=by,
    )
    row.save(force_insert=True)
    _record(row, Event.ALLOWANCE_GIVEN, by, at)
    return row


@transaction.atomic
def withdraw(*, allowance: Allowance, giver: Giver, withdrawn_on: date, by: User, at: datetime) -> None:
    """Enter that it was taken back, by whom and from which day on."""
    row = Allowance.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=allowance.pk)
    if row.withdrawn_at is not None:
        raise Refused("withdrawn_already", "This was taken back already. Somebody may have been quicker.")
    if withdrawn_on > timezone.localtime(at).date():
        raise Refused("in_the_future", "That is in the future. Check the date.")
    if withdrawn_on < row.given_on:
        raise Refused("before_given", "That is before it was given. Check the date.")
    row.withdrawn_at, row.withdrawn_by = at, by
    row.withdrawn_on, row.withdrawn_giver = withdrawn_on, giver.value
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_on", "withdrawn_giver"])
    _record(row, Event.ALLOWANCE_WITHDRAWN, by, at)


def _check(given: Given, person: Person, today: date) -> None:
    is_pupil = person.kind == PersonKind.PUPIL
    if given.given_on > today:
        raise Refused("in_the_future", "That is in the future. Check the date.")
    if given.until is not None and given.until < given.given_on:
        raise Refused("until_before", "It would end before it begins. Check the dates.")
    if given.kind is AllowanceKind.PHONE and not is_pupil:
        raise Refused("wrong_person", "Only a pupil needs this. Choose a pupil.")
    if given.kind is AllowanceKind.PHONE and given.ground is None:
        raise Refused("ground_missing", "Say why they may have a phone.")
    if given.kind is AllowanceKind.IMAGES_OFF_SITE and person.kind != PersonKind.STAFF:
        raise Refused("wrong_person", "Only a member of staff may be allowed this. Choose one.")
    if given.kind is AllowanceKind.PHOTO_CONSENT and is_pupil:
        _check_consent(given, person)


def _check_consent(given: Given, person: Person) -> None:
    year = int(person.year_group) if person.year_group.isdecimal() else 0
    if given.giver is Giver.SCHOOL:
        raise Refused("not_the_schools", "The school cannot agree for them. Choose who did.")
    if given.giver is Giver.PARENT and year >= _THIRTEEN:
        raise Refused("thirteen", f"{person.name} is 13 or older and agrees themselves. Ask them.")
    if given.giver is Giver.THEMSELVES and year < _TURNING:
        raise Refused("under_thirteen", f"{person.name} is under 13. A parent or carer agrees for them.")


def _record(row: Allowance, event: Event, by: User, at: datetime) -> None:
    target, summary = f"allowance:{row.pk}", f"{event.label}: {row.kind_label.lower()}."
    audit.record(school=row.school, actor=by, event=event, target=target, summary=summary, at=at)
