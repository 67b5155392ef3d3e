"""The way into the chronology: an entry and its audit row together; reading alone leaves the row only."""

from datetime import timedelta
from uuid import RFC_4122

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology, questions
from incidents.operations.incidents import open_case, open_own_concern
from incidents.operations.notes import add_note
from incidents.queries.chronology import chronology_of
from incidents.statuses import Precision
from tests.conftest import Cast
from tests.factories import NOW, make_incident
from tests.incidents.pages import audited

LATER = NOW + timedelta(hours=1)


def test_an_entry_brings_its_audit_row_which_quotes_nothing(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    entry = chronology.append(
        incident=incident, event=Event.NOTE_ADDED, by=cast.dsl, at=LATER, text="Mia said it hurts.", data={"kind": "x"}
    )

    row = AuditEvent.objects.get(event=Event.NOTE_ADDED)
    assert (row.target, row.summary) == (f"incident:{incident.pk}", f"Note: {incident.reference}.")
    assert row.data == {"entry": str(entry.pk), "kind": "x"}
    assert (row.actor, row.at) == (str(cast.dsl.pk), LATER)
    assert verify_chain(cast.school) == []


def test_reading_is_witnessed_each_time_and_tells_the_reporter_of_the_first(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    open_case(incident=incident, by=cast.dsl, at=LATER)
    open_case(incident=Incident.objects.get(pk=incident.pk), by=cast.deputy, at=LATER + timedelta(hours=1))
    open_own_concern(incident=incident, by=cast.teacher, at=LATER)

    assert Incident.objects.get(pk=incident.pk).first_opened_at == LATER
    events = [event for _, event in audited(cast.school)]
    assert sorted(events) == sorted([Event.REPORTED, Event.READ, Event.READ, Event.RECEIPT_READ])
    assert ChronologyEntry.objects.count() == 1


def test_a_lead_who_reads_what_they_logged_themselves_has_not_opened_it_for_the_reporter(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.dsl)

    open_case(incident=incident, by=cast.dsl, at=LATER)
    assert Incident.objects.get(pk=incident.pk).first_opened_at is None

    open_case(incident=incident, by=cast.deputy, at=LATER)
    assert Incident.objects.get(pk=incident.pk).first_opened_at == LATER


def test_what_happened_earlier_keeps_its_moment(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    earlier = NOW - timedelta(days=2)

    note = add_note(
        incident=incident, text="x", by=cast.dsl, at=NOW, happened_at=earlier, happened_precision=Precision.DAY
    )

    kept = ChronologyEntry.objects.get(pk=note.pk)
    assert (kept.happened_at, kept.happened_precision) == (earlier, "day")
    with pytest.raises(Refused, match="not_yet"):
        add_note(incident=incident, text="x", by=cast.dsl, at=NOW, happened_at=LATER)


def test_a_correction_is_a_version_of_its_own_and_each_is_corrected_once(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    first = add_note(incident=incident, text="One", by=cast.dsl, at=NOW)

    second = chronology.correct(entry=first, text="Two", reason="Why", by=cast.deputy, at=LATER)
    third = chronology.correct(entry=second, text="Three", reason="Why", by=cast.dsl, at=LATER)

    assert [entry.corrects_id for entry in (first, second, third)] == [None, first.pk, second.pk]
    assert ChronologyEntry.objects.get(pk=first.pk).text == "One"
    with pytest.raises(Refused, match="corrected_already"):
        chronology.correct(entry=first, text="Four", reason="Why", by=cast.dsl, at=LATER)
    assert [event for _, event in audited(cast.school)].count(Event.ENTRY_CORRECTED) == 2


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [(" ", "Why", "correction_empty"), ("Two", " ", "correction_empty"), ("One", "Why", "nothing_changed")],
)
def test_a_correction_says_something_else_and_why(cast: Cast, text: str, reason: str, code: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    note = add_note(incident=incident, text="One", by=cast.dsl, at=NOW)

    with pytest.raises(Refused, match=code):
        chronology.correct(entry=note, text=text, reason=reason, by=cast.dsl, at=LATER)


def test_nobody_corrects_what_the_reporter_said_or_the_system_did(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    asked = questions.ask(incident=incident, text="When?", by=cast.dsl, at=NOW)
    said = questions.answer(incident=incident, question=asked, text="Then.", by=cast.teacher, at=NOW)
    done = chronology.append(incident=incident, event=Event.LEVEL_SET, by=None, at=NOW, text="High.")

    for entry in (ChronologyEntry.objects.get(event=Event.REPORTED), asked, said, done):
        with pytest.raises(Refused, match="not_yours_to_correct"):
            chronology.correct(entry=entry, text="Else", reason="Why", by=cast.dsl, at=LATER)


def test_what_is_written_at_one_moment_is_read_in_the_order_of_writing(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    told = [str(number) for number in range(40)]
    for text in told:
        chronology.append(incident=incident, event=Event.NOTE_ADDED, by=cast.dsl, at=LATER, text=text)

    assert [item.now.text for item in chronology_of(incident).items[1:]] == told


def test_an_id_is_of_version_7_and_says_its_moment() -> None:
    found = chronology.next_id(at=LATER)

    assert (found.version, found.variant) == (7, RFC_4122)
    assert found.int >> 80 == int(LATER.timestamp() * 1000)
