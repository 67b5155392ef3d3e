"""The log of changes: what, why, at what risk, and the consent of leadership."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import Refused
from accounts.models import AuditEvent, OutboxMessage
from accounts.roles import Role
from incidents.models import FilteringChange
from incidents.operations import filtering_changes
from tests.conftest import Cast
from tests.factories import NOW, make_member

LATER = NOW + timedelta(hours=1)


def make_change(cast: Cast) -> FilteringChange:
    return filtering_changes.log(
        school=cast.school, what="Opened a domain.", why="Maths.", risk="Adverts.", by=cast.ict, at=NOW
    )


def told() -> set[str]:
    rows = OutboxMessage.objects.filter(kind="incidents/filtering_waits")
    return set(rows.values_list("recipient__full_name", flat=True))


def test_a_change_waits_for_leadership_which_is_told(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.SLT, name="Sam Senior")

    change = make_change(cast)

    assert (change.is_agreed, change.answered_at) == (None, None)
    assert told() == {"Hetty Head", "Sam Senior"}


@pytest.mark.parametrize("missing", ["what", "why", "risk"])
def test_nothing_of_it_may_be_missing(cast: Cast, missing: str) -> None:
    words = {"what": "a", "why": "b", "risk": "c"} | {missing: " "}

    with pytest.raises(Refused):
        filtering_changes.log(school=cast.school, by=cast.ict, at=NOW, **words)


def test_leadership_consents_once(cast: Cast) -> None:
    change = make_change(cast)

    filtering_changes.answer(change=change, is_agreed=True, words="", role=Role.HEADTEACHER, by=cast.head, at=LATER)

    change.refresh_from_db()
    assert (change.is_agreed, change.answered_by, change.answered_role) == (True, cast.head, "headteacher")
    with pytest.raises(Refused, match="already"):
        filtering_changes.answer(change=change, is_agreed=False, words="No", role=Role.SLT, by=cast.dsl, at=LATER)
    events = AuditEvent.objects.filter(target=f"filtering_change:{change.pk}").order_by("seq")
    assert [row.event for row in events] == ["filtering_change.logged", "filtering_change.answered"]


def test_without_consent_those_who_made_it_are_told_to_take_it_back(cast: Cast) -> None:
    change = make_change(cast)
    with pytest.raises(Refused, match="why"):
        filtering_changes.answer(change=change, is_agreed=False, words="", role=Role.SLT, by=cast.head, at=LATER)

    filtering_changes.answer(change=change, is_agreed=False, words="Too wide.", role=Role.SLT, by=cast.head, at=LATER)

    change.refresh_from_db()
    assert (change.is_agreed, change.answer) == (False, "Too wide.")
    assert "Ned Network" in told()


def test_nobody_consents_to_their_own(cast: Cast) -> None:
    change = make_change(cast)

    with pytest.raises(Refused) as refusal:
        filtering_changes.answer(change=change, is_agreed=True, words="", role=Role.SLT, by=cast.ict, at=LATER)
    assert refusal.value.code == "own_change"
    change.is_agreed, change.answered_at, change.answered_by = True, LATER, cast.ict
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()
