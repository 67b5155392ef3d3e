"""The register of phones and photographs: who may say so for whom, and what was taken back stays."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from accounts.models import AuditEvent, PersonKind
from incidents.devices import AllowanceKind, Giver
from incidents.events import Event
from incidents.models import Allowance
from incidents.operations import allowances
from tests.conftest import Cast
from tests.factories import NOW, make_person
from tests.incidents.devices import TODAY, given, make_allowance

PHOTO, OFF_SITE = AllowanceKind.PHOTO_CONSENT, AllowanceKind.IMAGES_OFF_SITE
DAY = timedelta(days=1)


def test_it_is_entered_once_and_audited_without_a_name(cast: Cast) -> None:
    row = make_allowance(cast.school, by=cast.dsl, giver_name="Ms Sample", note="Bus 7")
    with pytest.raises(Refused, match="stands in the register already"):
        make_allowance(cast.school, by=cast.dsl, person=row.person)

    audited = AuditEvent.objects.get(event=Event.ALLOWANCE_GIVEN)
    assert (audited.target, audited.summary) == (f"allowance:{row.pk}", "Allowed, or agreed to: phone at school.")
    assert row.holds(TODAY)


def test_what_is_over_can_be_given_anew_and_what_is_taken_back_stays(cast: Cast) -> None:
    first = make_allowance(cast.school, by=cast.dsl, given_on=TODAY - 9 * DAY, until=TODAY - DAY)
    second = make_allowance(cast.school, by=cast.dsl, person=first.person)
    said = {"allowance": second, "giver": Giver.SCHOOL, "by": cast.head, "at": NOW}
    for day, code in ((TODAY + DAY, "in_the_future"), (TODAY - DAY, "before_given")):
        with pytest.raises(Refused) as refused:
            allowances.withdraw(withdrawn_on=day, **said)
        assert refused.value.code == code
    allowances.withdraw(withdrawn_on=TODAY, **said)

    second.refresh_from_db()
    assert (second.withdrawn_by, second.withdrawn_on, second.holds(TODAY)) == (cast.head, TODAY, False)
    with pytest.raises(Refused, match="already"):
        allowances.withdraw(withdrawn_on=TODAY, **said)
    assert Allowance.objects.count() == 2


@pytest.mark.parametrize(
    ("year", "giver", "code"),
    [
        ("5", Giver.THEMSELVES, "under_thirteen"),
        ("5", Giver.PARENT, ""),
        ("8", Giver.THEMSELVES, ""),
        ("8", Giver.PARENT, ""),
        ("9", Giver.PARENT, "thirteen"),
        ("9", Giver.THEMSELVES, ""),
        ("13", Giver.SCHOOL, "not_the_schools"),
        ("Reception", Giver.THEMSELVES, "under_thirteen"),
    ],
)
def test_from_thirteen_on_pupils_agree_to_photographs_themselves(
    cast: Cast, year: str, giver: Giver, code: str
) -> None:
    person = make_person(school=cast.school, year_group=year)
    if not code:
        assert make_allowance(cast.school, by=cast.dsl, kind=PHOTO, person=person, giver=giver).giver == giver
        return
    with pytest.raises(Refused) as refused:
        make_allowance(cast.school, by=cast.dsl, kind=PHOTO, person=person, giver=giver)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "who", "changes", "code"),
    [
        (AllowanceKind.PHONE, PersonKind.STAFF, {}, "wrong_person"),
        (OFF_SITE, PersonKind.PUPIL, {}, "wrong_person"),
        (AllowanceKind.PHONE, PersonKind.PUPIL, {"ground": None}, "ground_missing"),
        (AllowanceKind.PHONE, PersonKind.PUPIL, {"given_on": TODAY + DAY}, "in_the_future"),
        (AllowanceKind.PHONE, PersonKind.PUPIL, {"until": TODAY - DAY}, "until_before"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cast: Cast, kind: AllowanceKind, who: PersonKind, changes: dict[str, Any], code: str
) -> None:
    person = make_person(school=cast.school, kind=who)
    with pytest.raises(Refused) as refused:
        allowances.give(given=given(cast.school, kind, person=person, **changes), by=cast.dsl, at=NOW)

    assert refused.value.code == code


def test_a_member_of_staff_may_take_images_off_site(cast: Cast) -> None:
    assert make_allowance(cast.school, by=cast.head, kind=OFF_SITE, giver=Giver.SCHOOL).kind_label
