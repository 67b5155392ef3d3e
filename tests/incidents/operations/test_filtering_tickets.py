"""A ticket: reported, put right, tested by somebody else, and open again when the same address returns."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import Refused
from accounts.models import AuditEvent, OutboxMessage
from accounts.roles import Role
from incidents.models import FilteringChange, FilteringSighting, FilteringTicket
from incidents.models.filtering_tickets import normal_address
from incidents.operations import bypass_requests, filtering_changes, filtering_tickets
from incidents.statuses import TicketKind, TicketState
from policies.operations import filtering_checks
from tests.accounts.test_dump import tables_holding
from tests.conftest import Cast
from tests.factories import NOW, make_member
from tests.incidents.filtering import ADDRESS, ask_bypass, make_ticket, met, put_right
from tests.policies.operations.test_filtering_checks import checked

LATER = NOW + timedelta(hours=2)


def told(kind: str) -> set[str]:
    return set(OutboxMessage.objects.filter(kind=f"incidents/{kind}").values_list("recipient__full_name", flat=True))


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("https://www.Example.co.uk/a/", "example.co.uk/a"),
        ("http://example.co.uk:80/a#part", "example.co.uk/a"),
        ("example.co.uk/a?b=1", "example.co.uk/a?b=1"),
        (" EXAMPLE.co.uk. ", "example.co.uk"),
        ("http://10.0.0.1:8080/x", "10.0.0.1:8080/x"),
        ("http://[::1]/x", "::1/x"),
        ("http://[broken/x", ""),
        ("http://a.b:99999999/", ""),
        ("a game", ""),
        ("", ""),
    ],
)
def test_an_address_has_one_form_by_which_it_is_found(typed: str, normal: str) -> None:
    assert normal_address(typed) == normal


def test_the_same_address_is_one_ticket_however_it_is_typed(cast: Cast) -> None:
    first = make_ticket(cast.school, by=cast.teacher)
    second = make_ticket(cast.school, by=cast.colleague, url="example-games.co.uk/play?level=3", at=LATER)

    assert first.pk == second.pk
    assert FilteringSighting.objects.filter(ticket=first).count() == 2
    assert second.url == ADDRESS, "as it was first typed"
    assert second.reported_by == cast.colleague
    other = make_ticket(cast.school, by=cast.teacher, kind=TicketKind.BREACH)
    assert other.pk != first.pk, "blocked without need and let through are two things"
    assert make_ticket(cast.next_door, by=cast.next_door_teacher).pk != first.pk


def test_whoever_looks_after_the_filtering_is_told_and_not_whoever_reports(cast: Cast) -> None:
    colleague = make_member(school=cast.school, role=Role.ICT_TECHNICIAN, name="Ira Cable")

    make_ticket(cast.school, by=colleague)

    assert told("filtering_waits") == {"Ned Network"}
    assert told("filtering_failed") == set()


def test_a_failure_is_told_to_the_safeguarding_team_at_once(cast: Cast) -> None:
    make_ticket(cast.school, by=cast.teacher, kind=TicketKind.FAILURE)

    assert told("filtering_failed") == {"Dora Safe", "Dennis Deputy", "Olive Online"}
    assert told("filtering_waits") == {"Ned Network"}


@pytest.mark.parametrize(
    ("kind", "details", "code"),
    [
        (TicketKind.BREACH, {"url": ""}, "no_address"),
        (TicketKind.OVER_BLOCKING, {"url": "a game"}, "no_address"),
        (TicketKind.FAILURE, {"url": "a game"}, "no_address"),
        (TicketKind.BREACH, {"url": "example.co.uk/" + "a" * 2000}, "address_too_long"),
        (TicketKind.BREACH, {"seen_at": NOW + timedelta(minutes=1)}, "in_the_future"),
    ],
)
def test_what_cannot_be_reported_is_refused(cast: Cast, kind: TicketKind, details: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        make_ticket(cast.school, by=cast.teacher, kind=kind, **details)

    assert refusal.value.code == code
    assert not FilteringTicket.objects.exists()


def test_putting_it_right_writes_a_change_and_lets_the_reporter_look_again(cast: Cast) -> None:
    ticket = put_right(make_ticket(cast.school, by=cast.teacher), by=cast.ict)

    assert (ticket.state, ticket.fixed_by, ticket.fixed_at) == (TicketState.FIXED, cast.ict, NOW)
    change = FilteringChange.objects.get(ticket=ticket)
    assert (change.what, change.risk, change.is_agreed) == ("Blocked the domain.", "Nobody else uses it.", None)
    assert told("filtering_waits") == {"Ned Network", "Tessa Teacher", "Hetty Head"}
    with pytest.raises(Refused, match="nothing to put right"):
        put_right(ticket, by=cast.ict)


@pytest.mark.parametrize("who", ["teacher", "dsl", "head"])
def test_a_second_look_is_anybody_elses(cast: Cast, who: str) -> None:
    ticket = put_right(make_ticket(cast.school, by=cast.teacher), by=cast.ict)

    filtering_tickets.verify(ticket=ticket, works=True, words="", by=cast[who], at=LATER)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.verified_by) == (TicketState.VERIFIED, cast[who])


def test_whoever_put_it_right_never_tests_it(cast: Cast) -> None:
    ticket = put_right(make_ticket(cast.school, by=cast.ict), by=cast.ict)

    with pytest.raises(Refused) as refusal:
        filtering_tickets.verify(ticket=ticket, works=True, words="", by=cast.ict, at=LATER)

    assert refusal.value.code == "own_fix"
    ticket.state, ticket.verified_by, ticket.verified_at = TicketState.VERIFIED, cast.ict, LATER
    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.save()


def test_what_does_not_work_is_open_again_with_the_words(cast: Cast) -> None:
    ticket = put_right(make_ticket(cast.school, by=cast.teacher), by=cast.ict)
    with pytest.raises(Refused, match="what you found"):
        filtering_tickets.verify(ticket=ticket, works=False, words=" ", by=cast.teacher, at=LATER)

    filtering_tickets.verify(ticket=ticket, works=False, words="Still there.", by=cast.teacher, at=LATER)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.fixed_by) == (TicketState.OPEN, None)
    assert [step.words for step in ticket.steps.order_by("at")] == ["Blocked the domain.", "Still there."]
    with pytest.raises(Refused, match="nothing to test"):
        filtering_tickets.verify(ticket=ticket, works=True, words="", by=cast.teacher, at=LATER)


@pytest.mark.parametrize("is_tested", [False, True])
def test_the_same_address_again_opens_it_again(cast: Cast, is_tested: bool) -> None:
    ticket = put_right(make_ticket(cast.school, by=cast.teacher), by=cast.ict)
    if is_tested:
        filtering_tickets.verify(ticket=ticket, works=True, words="", by=cast.teacher, at=NOW)

    again = make_ticket(cast.school, by=cast.colleague, at=LATER)

    assert again.pk == ticket.pk
    assert (again.state, again.fixed_by, again.verified_by) == (TicketState.OPEN, None, None)
    put_right(again, by=cast.ict, at=LATER)


def test_what_may_be_illegal_stays_so(cast: Cast) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher, is_illegal=True)
    make_ticket(cast.school, by=cast.colleague)

    ticket.refresh_from_db()
    assert ticket.is_illegal


def test_every_step_is_audited_without_a_word_of_it(cast: Cast) -> None:
    ticket = put_right(make_ticket(cast.school, by=cast.teacher, said="Category: games"), by=cast.ict)
    filtering_tickets.verify(ticket=ticket, works=True, words="Looked.", by=cast.teacher, at=LATER)

    rows = AuditEvent.objects.filter(school=cast.school, target=f"filtering_ticket:{ticket.pk}").order_by("seq")
    assert [row.event.partition(".")[2] for row in rows] == ["reported", "fixed", "verified"]
    everything = "".join(f"{row.summary}{row.data}" for row in AuditEvent.objects.filter(school=cast.school))
    assert not {word for word in ("example", "games", "Library", "Looked") if word in everything}


def test_two_at_once_are_one_ticket(cast: Cast) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher)
    moments = {"opened_at": NOW, "opened_by": cast.teacher, "reported_at": NOW, "reported_by": cast.teacher}

    twin = FilteringTicket(school=cast.school, kind=ticket.kind, fingerprint=ticket.fingerprint, **moments)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_report_says_nothing_of_who_beyond_the_role(cast: Cast) -> None:
    filtering_tickets.report(school=cast.school, met=met(), role=Role.DSL.value, by=cast.deputy, at=NOW)

    assert FilteringSighting.objects.get().reporter_role == Role.DSL


def test_nothing_anybody_wrote_stands_open_in_the_database(cast: Cast) -> None:
    words = {name: f"CNRY-{name}-ø" for name in ("device", "said", "found", "what", "purpose", "reason", "tested")}
    url = "https://cnry-address.example/path"
    ticket = make_ticket(cast.school, by=cast.teacher, url=url, device=words["device"], said=words["said"])
    put_right(ticket, by=cast.ict)
    filtering_tickets.verify(ticket=ticket, works=False, words=words["found"], by=cast.dsl, at=LATER)
    filtering_changes.log(school=cast.school, what=words["what"], why="a", risk="b", by=cast.ict, at=NOW)
    bypass = ask_bypass(cast.school, by=cast.teacher, url=url, purpose=words["purpose"])
    bypass_requests.decide(bypass=bypass, is_agreed=False, reason=words["reason"], by=cast.dsl, at=NOW)
    filtering_checks.enter_check(school=cast.school, checked=checked(tested=words["tested"]), by=cast.ict, at=NOW)

    assert {name for name, text in {**words, "url": "cnry-address"}.items() if tables_holding(text)} == set()
