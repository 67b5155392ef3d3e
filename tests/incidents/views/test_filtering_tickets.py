"""Websites and filtering: what each role sees and may do; and that ICT sees no child, nor that there is a case."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Access
from accounts.roles import Role
from incidents.models import FilteringTicket, Incident
from incidents.operations import filtering_breaches
from incidents.queries.filtering_tickets import waiting
from incidents.statuses import TicketKind, TicketState
from tests.conftest import Cast
from tests.factories import NOW, harmed, make_incident, make_member, make_person
from tests.incidents.filtering import CANARY, make_ticket, met, put_right
from tests.incidents.pages import address, body, browser, main, words
from tests.incidents.views.test_filtering_breaches import SENT
from tests.safeguarding.matrix import undone

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REPORTED = {**SENT, "kind": "over_blocking", "said": "Category: games"}
# Who asks, and at which school, is four of them: the session, the user, what they hold, and whom they are close to.
STATEMENTS = {"ict": (7, 8), "dsl": (7, 9), "teacher": (7, 7)}
FIXED = {"fix-changed": "Blocked the domain.", "fix-risk": "None."}


def case_with_ticket(cast: Cast) -> tuple[Incident, FilteringTicket]:
    child = make_person(school=cast.school, name=CANARY)
    incident = make_incident(school=cast.school, by=cast.teacher, people=[harmed(child)], narrative=f"{CANARY} saw it.")
    return incident, filtering_breaches.report_from_case(incident=incident, met=met(), by=cast.dsl, at=NOW)


def ict_pages(cast: Cast, ticket: FilteringTicket) -> dict[str, str]:
    """Return every page about filtering as ICT gets it, by name, without the random ids."""
    pages = {
        "my day": address("school-home", cast.school),
        "list": address("filtering-ticket-list", cast.school),
        "ticket": address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk),
        "changes": address("filtering-change-list", cast.school),
        "bypasses": address("bypass-list", cast.school),
        "checks": address("filtering-check-list", cast.school),
    }
    client = browser(cast.ict)
    return {name: _ID.sub("ID", body(client.get(url))) for name, url in pages.items()}


def test_ict_sees_the_same_with_a_case_and_without_one_to_the_last_byte(cast: Cast) -> None:
    with undone():
        direct = make_ticket(cast.school, by=cast.dsl, kind=TicketKind.BREACH, role=Role.DSL)
        without = ict_pages(cast, direct)
    incident, tied = case_with_ticket(cast)

    with_case = ict_pages(cast, tied)

    assert with_case == without
    everything = "".join(with_case.values())
    assert "example-games" in everything.lower()
    assert not {word for word in (*CANARY.split(), incident.reference, str(incident.pk)) if word in everything}


def test_after_all_that_happens_ict_still_sees_nothing_of_the_case(cast: Cast) -> None:
    incident, ticket = case_with_ticket(cast)
    client = browser(cast.ict)
    url = address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)

    client.post(address("filtering-ticket-fix", cast.school, ticket_id=ticket.pk), FIXED)
    found = {"test-found": "does_not", "test-words": "Still there."}
    browser(cast.dsl).post(address("filtering-ticket-test", cast.school, ticket_id=ticket.pk), found)

    said = words(client.get(url)) + words(client.get(address("filtering-ticket-list", cast.school)))
    assert "Still there." in said
    assert not {word for word in (*CANARY.split(), incident.reference) if word in said}


@pytest.mark.parametrize(("who", "sees"), [("dsl", True), ("ict", False), ("head", False)])
def test_the_case_is_named_to_whoever_may_open_it_and_to_nobody_else(cast: Cast, who: str, sees: bool) -> None:
    incident, ticket = case_with_ticket(cast)

    page = words(browser(cast[who]).get(address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)))

    assert (incident.reference in page) is sees
    assert ("From case" in page) is sees


def test_a_member_of_staff_reports_and_keeps_sight_of_it(cast: Cast) -> None:
    client = browser(cast.teacher)

    answer = client.post(address("filtering-ticket-add", cast.school), REPORTED)

    ticket = FilteringTicket.objects.get()
    assert answer["Location"] == address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)
    assert "Category: games" in words(client.get(answer["Location"]))
    assert "Example-Games" in words(client.get(address("filtering-ticket-list", cast.school)))
    assert "Member of staff" in words(browser(cast.ict).get(answer["Location"]))
    assert "Tessa" not in main(browser(cast.ict).get(answer["Location"]))


def test_a_colleague_sees_neither_the_ticket_nor_that_there_is_one(cast: Cast) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher)
    client = browser(cast.colleague)

    assert client.get(address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)).status_code == 404
    assert "Example-Games" not in words(client.get(address("filtering-ticket-list", cast.school)))
    assert client.post(address("filtering-ticket-fix", cast.school, ticket_id=ticket.pk), FIXED).status_code == 403
    found = {"test-found": "works"}
    assert client.post(address("filtering-ticket-test", cast.school, ticket_id=ticket.pk), found).status_code == 404


def test_whoever_reported_sees_only_what_they_reported_themselves(cast: Cast) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher, said="For maths")
    make_ticket(cast.school, by=cast.colleague, said="For geography", device="Room 9")

    page = words(browser(cast.teacher).get(address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)))

    assert "For maths" in page
    assert "For geography" not in page
    assert "Room 9" not in page


@pytest.mark.parametrize(("who", "kinds"), [("teacher", 2), ("ict", 3), ("dsl", 3), ("head", 3), ("governor", 2)])
def test_a_breach_is_reported_by_those_who_know_what_follows(cast: Cast, who: str, kinds: int) -> None:
    client = browser(cast[who])

    assert main(client.get(address("filtering-ticket-add", cast.school))).count('name="kind"') == kinds
    client.post(address("filtering-ticket-add", cast.school), {**REPORTED, "kind": "breach"})

    assert FilteringTicket.objects.filter(kind="breach").exists() is (kinds == 3)


@pytest.mark.parametrize(("who", "may"), [("ict", True), ("dsl", False), ("head", False), ("teacher", False)])
def test_only_those_who_look_after_it_put_it_right(cast: Cast, who: str, may: bool) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher)
    page = words(browser(cast[who]).get(address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)))
    assert ("Record that it is put right" in page) is may

    answer = browser(cast[who]).post(address("filtering-ticket-fix", cast.school, ticket_id=ticket.pk), FIXED)

    ticket.refresh_from_db()
    assert (answer.status_code, ticket.state) == ((302, "fixed") if may else (403, "open"))


def test_who_put_it_right_is_told_that_somebody_else_looks(cast: Cast) -> None:
    ticket = put_right(make_ticket(cast.school, by=cast.teacher), by=cast.ict)
    url = address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)
    assert "Somebody else looks again" in words(browser(cast.ict).get(url))

    answer = browser(cast.ict).post(
        address("filtering-ticket-test", cast.school, ticket_id=ticket.pk), {"test-found": "works"}
    )

    assert "Somebody else has to look again" in words(answer)
    ticket.refresh_from_db()
    assert ticket.state == TicketState.FIXED
    browser(cast.teacher).post(
        address("filtering-ticket-test", cast.school, ticket_id=ticket.pk), {"test-found": "works", "test-words": ""}
    )
    ticket.refresh_from_db()
    assert ticket.state == TicketState.VERIFIED


@pytest.mark.parametrize("path", ["filtering-ticket-fix", "filtering-ticket-test"])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(cast: Cast, path: str) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher)
    if path.endswith("test"):
        put_right(ticket, by=cast.ict)
    user = cast.ict if path.endswith("fix") else cast.dsl
    typed = {"fix-changed": "Half of it"} if path.endswith("fix") else {"test-found": "does_not", "test-words": ""}

    answer = browser(user).post(address(path, cast.school, ticket_id=ticket.pk), typed)

    assert answer.status_code == 200
    assert "needs another look" in words(answer)
    assert path.endswith("test") or "Half of it" in words(answer)


def test_what_may_be_illegal_is_not_to_be_opened(cast: Cast) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher, is_illegal=True)

    page = words(browser(cast.ict).get(address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)))

    for said in ("Do not open it again", "Internet Watch Foundation", "police on 101", "log a concern"):
        assert said in page
    put_right(ticket, by=cast.ict)
    page = words(browser(cast.dsl).get(address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)))
    assert "Do not open the address. Ask the provider of the filter" in page


def test_an_address_is_never_a_link(cast: Cast) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher, url="https://example.co.uk/<b>?x=javascript:alert(1)")
    client = browser(cast.ict)

    for name, values in (("filtering-ticket-list", {}), ("filtering-ticket-detail", {"ticket_id": ticket.pk})):
        page = body(client.get(address(name, cast.school, **values)))
        assert 'href="https' not in page
        assert "<b>" not in page


@pytest.mark.parametrize("who", ["ict", "dsl", "teacher"])
def test_pages_take_the_same_statements_however_many_there_are(cast: Cast, who: str) -> None:
    tickets = [make_ticket(cast.school, by=cast.teacher, url=f"example{number}.co.uk") for number in range(2)]
    put_right(tickets[0], by=cast.ict)
    before = _statements(cast, who, tickets[0])
    for number in range(2, 9):
        more = make_ticket(cast.school, by=cast.teacher, url=f"example{number}.co.uk")
        make_ticket(cast.school, by=cast.teacher, url="example1.co.uk")
        if number % 2:
            put_right(more, by=cast.ict)

    assert _statements(cast, who, tickets[0]) == before
    assert before == STATEMENTS[who]


def _statements(cast: Cast, who: str, ticket: FilteringTicket) -> tuple[int, int]:
    """Return how many statements the list takes, and a ticket."""
    client = browser(cast[who])
    numbers = []
    for name, values in (("filtering-ticket-list", {}), ("filtering-ticket-detail", {"ticket_id": ticket.pk})):
        url = address(name, cast.school, **values)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        numbers.append(len(captured))
    return numbers[0], numbers[1]


def test_my_day_counts_what_waits_in_one_statement(cast: Cast, django_assert_num_queries: Any) -> None:
    for number in range(2):
        make_ticket(cast.school, by=cast.teacher, url=f"example{number}.co.uk")
    colleague = make_member(school=cast.school, role=Role.ICT_TECHNICIAN, name="Ira Cable")
    put_right(make_ticket(cast.school, by=cast.teacher, url="fixed.co.uk"), by=colleague)
    put_right(make_ticket(cast.school, by=cast.teacher, url="mine.co.uk"), by=cast.ict)
    access = cast.access("ict")
    assert access.conflicts

    with django_assert_num_queries(1):
        found = waiting(access)

    assert found is not None
    assert found.of_tickets == "2 to fix, 1 to test again"
    assert "Filtering: 2 to fix, 1 to test again" in words(browser(cast.ict).get(address("school-home", cast.school)))
    plain = Access(user=cast.teacher, school=cast.school, roles=frozenset({Role.STAFF}), at=NOW)
    with django_assert_num_queries(0):
        assert waiting(plain) is None


@pytest.mark.parametrize("who", ["teacher", "governor", "administrator", "chair"])
def test_nobody_else_is_told_on_their_day(cast: Cast, who: str) -> None:
    make_ticket(cast.school, by=cast.colleague)

    assert "Filtering:" not in words(browser(cast[who]).get(address("school-home", cast.school)))


def test_the_school_next_door_knows_nothing_of_it(cast: Cast) -> None:
    ticket = make_ticket(cast.school, by=cast.teacher)
    client = browser(make_member(school=cast.next_door, role=Role.NETWORK_MANAGER, name="Nat Next"))

    assert client.get(address("filtering-ticket-detail", cast.next_door, ticket_id=ticket.pk)).status_code == 404
    assert client.get(address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)).status_code == 404
    assert "Nothing has to be put right." in words(client.get(address("filtering-ticket-list", cast.next_door)))


def test_a_moment_ahead_is_said(cast: Cast) -> None:
    sent = {**REPORTED, "seen_date": (NOW + timedelta(days=1)).date().isoformat()}

    answer = browser(cast.teacher).post(address("filtering-ticket-add", cast.school), sent)

    assert "in the future" in words(answer)
    assert not FilteringTicket.objects.exists()
