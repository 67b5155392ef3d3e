"""The way into the chronology: an entry and its audit row together; reading alone leaves the row only."""

from datetime import timedelta

from accounts.audit import verify_chain
from accounts.models import AuditEvent
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology
from incidents.operations.incidents import open_case, open_own_concern
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
