"""No way in skips a step of a case: not its button, not another page of it, not the list, not an old record (ST-3)."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from incidents.models import ChronologyEntry, Incident
from incidents.statuses import Outcome, Status
from incidents.workflow import TRANSITIONS
from tests.architecture.addresses import addresses
from tests.conftest import Cast
from tests.factories import NOW, make_incident
from tests.incidents.operations.test_imports import sheet, take
from tests.incidents.pages import address, browser, case_address
from tests.safeguarding.matrix import undone

LEGAL = {(move.source, move.target) for move in TRANSITIONS}
ILLEGAL = sorted(set(itertools.product(Status, Status)) - LEGAL)
# Everything that any move asks for, rightly filled in, under every name that a page may read it by.
FILLED = {
    **{f"{form}-reason": "Said why." for form in ("close", "reopen", "watch", "ask", "decline")},
    "close-outcome": Outcome.RESOLVED.value,
    "watch-review_date": "2026-12-04",
    "watch-days": "14",
    "reason": "Said why.",
    "outcome": Outcome.RESOLVED.value,
    "agree": "yes",
}


@pytest.fixture
def client(cast: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return browser(cast.dsl)


def _case_at(cast: Cast, status: Status) -> Incident:
    """Return a case that stands somewhere, with an owner: what is wanting is the step, and nothing else."""
    case = make_incident(school=cast.school, by=cast.teacher)
    Incident.objects.filter(pk=case.pk).update(status=status, owner=cast.dsl)
    return Incident.objects.get(pk=case.pk)


def _stands(case: Incident) -> tuple[str, int]:
    return Incident.objects.get(pk=case.pk).status, ChronologyEntry.objects.filter(incident=case).count()


def test_no_button_moves_a_case_where_the_table_does_not(
    cast: Cast, client: Any, record_property: Callable[[str, object], None]
) -> None:
    cases = {status: _case_at(cast, status) for status in Status}
    moved = []
    for source, target in ILLEGAL:
        with undone():
            before = _stands(cases[source])
            answer = client.post(case_address("incident-advance", cases[source], status=target.value), FILLED)
            if _stands(cases[source])[0] != before[0] or answer.status_code not in (200, 404):
                moved.append(f"{source} to {target}: {answer.status_code}")

    record_property("moves", len(ILLEGAL))
    assert moved == []
    assert len(ILLEGAL) == 25 - len(LEGAL)


@pytest.mark.parametrize("source", Status)
def test_no_other_page_of_a_case_takes_a_status(cast: Cast, client: Any, source: Status) -> None:
    """What a page does not ask for is not taken, under whatever name it is sent."""
    case = _case_at(cast, source)
    sent = {
        "status": "closed",
        "to": "closed",
        "state": "closed",
        "incident-status": "closed",
        "closed_at": "2026-11-17",
    }
    known = {"school", "reference"}
    pages = [str(one.name) for one in addresses() if set(one.converters) == known and one.name != "incident-advance"]
    reached = {source} | {target for begun, target in LEGAL if begun == source}
    moved = []
    for name in pages:
        with undone():
            client.post(case_address(name, case), FILLED | sent | {"owner": str(cast.deputy.pk)})
            if Incident.objects.get(pk=case.pk).status not in reached:
                moved.append(name)

    assert moved == []
    assert len(pages) > 20


def test_the_list_moves_no_case(cast: Cast, client: Any) -> None:
    cases = [_case_at(cast, status) for status in Status]
    chosen = {"incident": [case.reference for case in cases], "reference": [case.reference for case in cases]}
    for action in ("close", "closed", "acknowledge", "open", "delete", "merge"):
        client.post(address("incident-list", cast.school), {**FILLED, **chosen, "action": action, "to": "closed"})

    assert [Incident.objects.get(pk=case.pk).status for case in cases] == list(Status)


def test_an_old_record_comes_in_closed_whatever_it_says_of_itself(cast: Cast) -> None:
    heading = ("Date", "Description of the incident", "Status", "Owner", "Outcome")

    take(
        cast,
        sheet(
            heading, *((f"1{number}/11/2024", f"What {number}", one, "Dora", "") for number, one in enumerate(Status))
        ),
    )

    found: list[Any] = list(Incident.objects.values_list("status", "is_imported", "owner"))
    assert set(found) == {(Status.CLOSED.value, True, None)}
    assert len(found) == len(Status)
