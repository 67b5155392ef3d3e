"""Why an image was viewed: by those who handle the case alone, with two people named."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident, ViewingRecord
from incidents.operations import viewings
from incidents.operations.viewings import Viewed
from incidents.routes import About
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_referrals import case_of, follow, owed


def viewed(cast: Cast, **changes: Any) -> Viewed:
    said: dict[str, Any] = {
        "why": "It could not be told whether she is in danger tonight.",
        "tried": "She was asked to describe it.",
        "decider": cast.dsl,
        "viewed_at": NOW - timedelta(minutes=5),
        "viewed_by": cast.dsl,
        "place": "Office of the headteacher",
        "present": cast.deputy,
    }
    return Viewed(**(said | changes))


def record(cast: Cast, incident: Incident, by: Any = None, **changes: Any) -> ViewingRecord:
    said, viewing_id = viewed(cast, **changes), uuid.uuid4()
    return viewings.record(incident=incident, viewing_id=viewing_id, viewed=said, by=by or cast.dsl, at=NOW)


def test_it_is_known_from_then_on_and_the_duty_to_write_it_down_is_done(cast: Cast) -> None:
    follow(cast, "shipbourne-2018")
    incident = case_of(cast, types=("nudes",))

    row = record(cast, incident)

    incident.refresh_from_db()
    assert incident.known["imagery_viewed"] is True
    assert owed(incident, "do:document_viewing").state == State.DONE
    assert (row.viewed_by, row.present) == (cast.dsl, cast.deputy)
    entry = ChronologyEntry.objects.get(incident=incident, event=Event.VIEWING_RECORDED)
    assert "Dennis Deputy present" in entry.text


@pytest.mark.parametrize("name", ["teacher", "head", "chair", "ict", "governor", "next_door_dsl"])
def test_nobody_else_records_it(cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="Only those who handle this case"):
        record(cast, case_of(cast), by=cast[name])


def test_the_case_manager_does_and_whom_it_is_about_never(cast: Cast) -> None:
    incident = case_of(cast, about=About.ADULT)
    for name in ("dsl", "colleague"):
        with pytest.raises(Refused):
            record(cast, incident, by=cast[name])

    assert record(cast, incident, by=cast.head).recorded_by == cast.head


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"why": ""}, "why_missing"),
        ({"tried": " "}, "why_missing"),
        ({"viewed_at": NOW + timedelta(hours=1)}, "in_the_future"),
        ({"place": ""}, "place_missing"),
        ({"present": None}, "second_missing"),
        ({"present_words": "", "present": None}, "second_missing"),
    ],
)
def test_what_has_to_be_known_is_asked_for(cast: Cast, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        record(cast, case_of(cast), **changes)

    assert refused.value.code == code
    assert not ViewingRecord.objects.exists()


def test_the_second_person_is_another(cast: Cast) -> None:
    incident = case_of(cast)
    with pytest.raises(Refused, match="somebody else"):
        record(cast, incident, present=cast.dsl)

    assert record(cast, incident, present=None, present_words="PC Jones").beside == "PC Jones"
