"""What a case tells those who look after the filtering; and what they never learn."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from accounts.models import AuditEvent, OutboxMessage, Relation
from accounts.operations import people
from accounts.roles import Role
from incidents.events import Event
from incidents.models import ChronologyEntry, FilteringSighting, FilteringTicket, Incident, Obligation
from incidents.operations import filtering_tickets
from incidents.operations.filtering_breaches import report_from_case
from incidents.queries.filtering_tickets import visible_tickets
from incidents.routes import About
from incidents.statuses import Part, Status, TicketState
from policies.engine.taxonomy import Category
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of
from tests.incidents.filtering import CANARY, make_ticket, met, put_right

LATER = NOW + timedelta(hours=2)


def case_about_a_breach(cast: Cast, **details: Any) -> Incident:
    """Log a case about a child who met a page that should have been blocked, and say what type it is."""
    child = make_person(school=cast.school, name=CANARY)
    told = {"category": Category.CONTENT, "narrative": f"{CANARY} saw it."} | details
    incident = make_incident(school=cast.school, by=cast.teacher, people=[harmed(child)], **told)
    ask(incident, "report_url_to_ict", "block_access", "log_change", "verify_fix")
    return incident


def ask(incident: Incident, *deeds: str) -> None:
    """Let the policy ask for deeds, as it does of a filtering breach."""
    for deed in deeds:
        Obligation.objects.create(
            school=incident.school,
            incident=incident,
            key=f"do:{deed}:test",
            kind="do",
            target=deed,
            owner_role="ict_technician",
            strength=2,
            clause="1",
            pack_id="starter",
            text=deed,
            evidence="what was done" if deed == "log_change" else "",
            why="a filtering breach",
            starts_at=NOW,
        )


def done(incident: Incident) -> set[str]:
    rows = Obligation.objects.filter(incident=incident, key__endswith=":test", state=State.DONE)
    return set(rows.values_list("target", flat=True))


def test_what_becomes_of_a_ticket_is_told_on_the_case_and_discharges_what_it_owes(cast: Cast) -> None:
    incident = case_about_a_breach(cast)

    ticket = report_from_case(incident=incident, met=met(), by=cast.dsl, at=NOW)
    assert done(incident) == {"report_url_to_ict"}
    put_right(ticket, by=cast.ict)
    assert done(incident) == {"report_url_to_ict", "block_access", "log_change"}
    filtering_tickets.verify(ticket=ticket, works=True, words="Tried.", by=cast.dsl, at=LATER)

    assert done(incident) == {"report_url_to_ict", "block_access", "log_change", "verify_fix"}
    events = ChronologyEntry.objects.filter(incident=incident, event__startswith="filtering").order_by("at", "pk")
    assert {entry.event for entry in events} == {
        Event.FILTERING_REPORTED,
        Event.FILTERING_FIXED,
        Event.FILTERING_VERIFIED,
    }


def test_the_same_address_again_is_told_on_the_case(cast: Cast) -> None:
    incident = case_about_a_breach(cast)
    ticket = put_right(report_from_case(incident=incident, met=met(), by=cast.dsl, at=NOW), by=cast.ict)

    filtering_tickets.report(school=cast.school, met=met(), role=Role.STAFF, by=cast.colleague, at=LATER)

    ticket.refresh_from_db()
    assert ticket.state == TicketState.OPEN
    told = ChronologyEntry.objects.get(incident=incident, event=Event.FILTERING_REOPENED)
    assert told.text == "The same address was reported again."


def test_what_waits_for_something_else_stays_open(cast: Cast) -> None:
    incident = case_about_a_breach(cast)
    gate = Obligation.objects.get(incident=incident, key="do:report_url_to_ict:test")
    gate.key = "do:gate"
    gate.target = "gate"
    gate.save()
    Obligation.objects.filter(incident=incident, target="block_access").update(after_key="do:gate")

    put_right(report_from_case(incident=incident, met=met(), by=cast.dsl, at=NOW), by=cast.ict)

    assert done(incident) == {"log_change"}


def test_nothing_of_the_case_stands_in_what_ict_gets(cast: Cast) -> None:
    incident = case_about_a_breach(cast)

    ticket = put_right(report_from_case(incident=incident, met=met(), by=cast.dsl, at=NOW), by=cast.ict)

    sighting = FilteringSighting.objects.get(ticket=ticket)
    assert (sighting.reporter_role, sighting.said) == (Role.DSL, None)
    trail = AuditEvent.objects.filter(target__startswith="filtering")
    said = "".join(f"{row.summary}{row.data}" for row in trail)
    assert incident.reference not in said
    assert str(incident.pk) not in said
    mails = OutboxMessage.objects.filter(kind__startswith="incidents/filtering", recipient=cast.ict)
    assert {mail.path for mail in mails} == {f"/s/oakfield/filtering/tickets/{ticket.pk}/"}


def test_from_a_case_it_is_the_same_role_whatever_the_case(cast: Cast) -> None:
    incident = make_incident(
        school=cast.school, by=cast.teacher, people=[alleged(person_of(cast.colleague, cast.school))], about=About.ADULT
    )

    report_from_case(incident=incident, met=met(), by=cast.head, at=NOW)

    assert FilteringSighting.objects.get().reporter_role == Role.DSL


@pytest.mark.parametrize("device", ["Marmaduke's tablet", "kingfisher-laptop", "Tablet of MARMADUKE"])
def test_a_device_called_after_somebody_of_the_case_is_refused(cast: Cast, device: str) -> None:
    incident = case_about_a_breach(cast)

    with pytest.raises(Refused) as refusal:
        report_from_case(incident=incident, met=met(device=device), by=cast.dsl, at=NOW)

    assert refusal.value.code == "names_somebody"
    assert not FilteringTicket.objects.exists()


@pytest.mark.parametrize("is_relative", [False, True])
def test_whoever_would_read_it_is_not_told_of_a_case_about_them(cast: Cast, is_relative: bool) -> None:
    person = person_of(cast.ict, cast.school)
    if is_relative:
        pupil = make_person(school=cast.school)
        people.relate(person=person, related=pupil, relation=Relation.SIBLING, at=NOW)
        person = pupil
    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person)])

    with pytest.raises(Refused) as refusal:
        report_from_case(incident=incident, met=met(), by=cast.head, at=NOW)

    assert refusal.value.code == "reader_concerned"


def test_who_is_named_later_loses_the_ticket_at_once(cast: Cast) -> None:
    incident = case_about_a_breach(cast)
    ticket = report_from_case(incident=incident, met=met(), by=cast.dsl, at=NOW)
    assert visible_tickets(cast.access("ict")).filter(pk=ticket.pk).exists()

    incident.people.create(
        school=cast.school,
        part=Part.ALLEGED,
        person=person_of(cast.ict, cast.school),
        added_at=LATER,
        added_by=cast.dsl,
    )

    assert not visible_tickets(cast.access("ict")).filter(pk=ticket.pk).exists()
    assert visible_tickets(cast.access("dsl")).filter(pk=ticket.pk).exists()
    make_ticket(cast.school, by=cast.teacher, kind=met().kind)
    assert visible_tickets(cast.access("ict")).filter(pk=ticket.pk).exists(), "met by somebody else too"


def test_a_closed_case_reports_nothing(cast: Cast) -> None:
    incident = case_about_a_breach(cast)
    Incident.objects.filter(pk=incident.pk).update(status=Status.CLOSED)
    incident.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        report_from_case(incident=incident, met=met(), by=cast.dsl, at=NOW)

    assert refusal.value.code == "case_closed"
