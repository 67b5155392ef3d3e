"""The register of checks: entered once, never changed, and done is the duty that asks for it."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from accounts.models import AuditEvent
from policies.models import FilteringCheck, SchoolDuty
from policies.operations import adoptions, duties
from policies.operations.filtering_checks import Checked, enter_check
from policies.statuses import CheckKind, CheckResult, State, UserGroup
from tests.conftest import Cast
from tests.factories import NOW

TODAY = date(2026, 11, 17)


def checked(**details: Any) -> Checked:
    """Return a check of today in the library."""
    told: dict[str, Any] = {
        "kind": CheckKind.FILTERING,
        "checked_on": TODAY,
        "device": "Library PC 4",
        "location": "Library",
        "user_group": UserGroup.KEY_STAGE_2,
        "tested": "The test page.",
        "result": CheckResult.WORKS,
    }
    return Checked(**(told | details))


def adopt(cast: Cast, pack_id: str) -> None:
    adoptions.adopt(school=cast.school, pack_id=pack_id, starts_on=TODAY, at=NOW, by=cast.head, note="Approved")
    duties.begin_rounds(school=cast.school, at=NOW)


def open_rounds(cast: Cast, deed: str) -> int:
    return SchoolDuty.objects.for_school(cast.school).filter(target=deed, state=State.OPEN, starts_at__lte=NOW).count()


@pytest.mark.parametrize(
    ("pack_id", "kind", "deed"),
    [
        ("starter", CheckKind.FILTERING, "check_filtering"),
        ("shipbourne-2018", CheckKind.FILTERING, "check_filtering"),
        ("maidstone-grammar-2020", CheckKind.FILTERING, "check_filtering"),
        ("canterbury-cross-2023", CheckKind.SECURITY, "check_security"),
    ],
)
def test_a_check_does_the_duty_that_asks_for_it_and_the_next_round_begins(
    cast: Cast, pack_id: str, kind: CheckKind, deed: str
) -> None:
    adopt(cast, pack_id)
    assert open_rounds(cast, deed) == 1

    enter_check(school=cast.school, checked=checked(kind=kind), by=cast.ict, at=NOW)

    done = SchoolDuty.objects.get(school=cast.school, target=deed, state=State.DONE)
    assert (done.done_on, done.settled_by) == (TODAY, cast.ict)
    assert SchoolDuty.objects.filter(school=cast.school, target=deed, state=State.OPEN).count() == 1


def test_a_check_of_another_kind_does_not(cast: Cast) -> None:
    adopt(cast, "starter")

    enter_check(school=cast.school, checked=checked(kind=CheckKind.SECURITY), by=cast.ict, at=NOW)

    assert open_rounds(cast, "check_filtering") == 1


def test_an_old_check_is_entered_and_does_no_later_round(cast: Cast) -> None:
    adopt(cast, "starter")
    enter_check(school=cast.school, checked=checked(), by=cast.ict, at=NOW)

    enter_check(school=cast.school, checked=checked(checked_on=TODAY - timedelta(days=90)), by=cast.ict, at=NOW)

    assert FilteringCheck.objects.count() == 2
    assert SchoolDuty.objects.filter(school=cast.school, target="check_filtering", state=State.DONE).count() == 1


def test_a_school_without_such_a_duty_keeps_the_register_too(cast: Cast) -> None:
    enter_check(school=cast.school, checked=checked(), by=cast.dsl, at=NOW)

    row = FilteringCheck.objects.get()
    assert (row.recorded_by, row.tested, row.has_failed) == (cast.dsl, "The test page.", False)
    event = AuditEvent.objects.get(event="filtering_check.recorded")
    assert event.data == {"kind": "filtering", "result": "works", "checked_on": "2026-11-17"}


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"checked_on": TODAY + timedelta(days=1)}, "done_in_the_future"),
        ({"result": CheckResult.FAILED}, "words_missing"),
    ],
)
def test_what_cannot_be_entered_is_refused(cast: Cast, details: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        enter_check(school=cast.school, checked=checked(**details), by=cast.ict, at=NOW)

    assert refusal.value.code == code
