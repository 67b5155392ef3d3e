"""Devices, searches and what people are allowed, in the world of the journeys."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Person, PersonKind
from incidents.devices import AllowanceKind, DeviceKind, Ending, Giver
from incidents.models import Incident
from incidents.operations import allowances, custody, deletions, transfers
from incidents.operations.deletions import Answers
from incidents.operations.transfers import Handing, Outside
from tests.conftest import Cast
from tests.factories import make_person
from tests.incidents.devices import make_allowance, make_device, make_search

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_CASE = "blue, in a case with a cracked corner and the sticker of a fox"


def make_devices(cast: Cast, cases: dict[str, Incident], pupils: dict[str, Person], at: datetime) -> None:
    """Let one device be held too long, one wait to be signed for, one be with the police and one be given back."""
    today = timezone.localtime(at).date()
    school = cast.school
    taken = {"taken_at": at - 3 * _DAY, "at": at - 3 * _DAY}
    late = today - 2 * _DAY
    make_device(school, by=cast.dsl, owner=pupils["long"], owner_words="", review_on=late, **taken)
    waiting = make_device(
        school,
        by=cast.dsl,
        incident=cases["danger"],
        kind=DeviceKind.TABLET,
        description=_CASE,
        owner=pupils["robin"],
        owner_words="",
        seal="OAK-000417",
        is_quarantined=True,
        taken_at=at - _HOUR / 10,
        at=at,
        review_on=today + 5 * _DAY,
    )
    said = Handing(place="Server room, safe 2", seal_intact=True, seal="OAK-000417")
    transfers.hand_over(device=waiting, to=cast.ict, handing=said, by=cast.dsl, at=at)
    outside = make_device(school, by=cast.dsl, owner_words="Found on the bus", review_on=today + 9 * _DAY, **taken)
    officer = Outside("PC Jones", "Kent Police", "Collar 4711", is_police=True)
    transfers.hand_over(device=outside, to=officer, handing=Handing(), by=cast.dsl, at=at - _DAY)
    given_back = make_device(school, by=cast.dsl, owner=pupils["arabic"], owner_words="", review_on=late, **taken)
    words = "His mother, at the office"
    custody.end(device=given_back, ending=Ending.RETURNED, words=words, ended_at=at - _DAY, by=cast.dsl, at=at)
    make_search(
        school, by=cast.dsl, witness=cast.head, pupil=pupils["polish"], pupil_words="", searched_at=at - _DAY, at=at
    )
    answers = Answers(False, "PC Jones, on Monday: not needed.", "Her own phone.", False, "She is not home yet.")
    deletions.check(incident=cases["acknowledged"], answers=answers, by=cast.dsl, at=at)
    _allow(cast, pupils, at)


def _allow(cast: Cast, pupils: dict[str, Person], at: datetime) -> None:
    today = timezone.localtime(at).date()
    staff = make_person(school=cast.school, kind=PersonKind.STAFF, name="Petra Photographer")
    for person in (pupils["amira"], pupils["polish"]):
        make_allowance(cast.school, by=cast.dsl, at=at, person=person, given_on=today - 90 * _DAY)
    consent = make_allowance(
        cast.school,
        by=cast.dsl,
        at=at,
        kind=AllowanceKind.PHOTO_CONSENT,
        person=pupils["long"],
        giver=Giver.THEMSELVES,
        given_on=today - 60 * _DAY,
    )
    allowances.withdraw(allowance=consent, giver=Giver.THEMSELVES, withdrawn_on=today, by=cast.dsl, at=at)
    make_allowance(
        cast.school,
        by=cast.head,
        at=at,
        kind=AllowanceKind.IMAGES_OFF_SITE,
        person=staff,
        giver=Giver.SCHOOL,
        giver_name="Hetty Head",
        given_on=today,
        until=today + 7 * _DAY,
    )
