"""How often each page asks the database: a fixed number, however much there is to show."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.models import Incident, Obligation
from incidents.operations import drafts, notes, questions, workflow
from incidents.operations.incidents import Involved
from incidents.routes import About
from incidents.statuses import Part, Status
from policies.operations import adoptions
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of
from tests.incidents.pages import address, browser, case_address, draft_address, send, typed

# A search is written to the audit, which takes three.
QUEUE, FILTERED, SEARCHED, EMPTY_SEARCH = 8, 8, 12, 10
CASE = 13
DUTIES = [6, 5, 5]
# A new form and one that was saved before; an adult's case, which opens and registers an audit chain of its own.
LOGGED, LOGGED_ADULT = 19, 28


def count(ask: Callable[[], Any]) -> int:
    """Return how many queries a page needs; the ends of transactions are none."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = ask()
    assert answer.status_code in (200, 204, 302), answer.status_code
    marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([query for query in asked.captured_queries if not query["sql"].startswith(marks)])


def settled(client: Client, cast: Cast) -> Client:
    """Visit once: the first request of a session writes when it began."""
    client.get(address("incident-report", cast.school))
    return client


def concerns(cast: Cast, number: int) -> list[Incident]:
    pupils = [make_person(school=cast.school) for _ in range(3)]
    people = [harmed(pupils[0]), alleged(pupils[1]), Involved(Part.WITNESS, pupils[2])]
    return [make_incident(school=cast.school, by=cast.teacher, people=people) for _ in range(number)]


def test_the_queue_asks_eight_times_whatever_there_is(cast: Cast) -> None:
    client, target = settled(browser(cast.dsl), cast), address("incident-list", cast.school)
    client.get(target)
    counts = {}

    for made in (0, 1, 29):
        concerns(cast, made)
        total = Incident.objects.count()
        counts[total] = (
            count(lambda: client.get(target)),
            count(lambda: client.post(target, {"category": "content", "year_group": "5", "owner": "none"})),
            count(lambda: client.post(target, {"text": "video"})),
            count(lambda: client.post(target, {"text": "unicorn"})),
        )

    assert counts[1] == counts[30] == (QUEUE, FILTERED, SEARCHED, EMPTY_SEARCH)
    assert counts[0][0] < QUEUE


def test_the_case_page_asks_thirteen_times_with_one_entry_and_with_fifty(cast: Cast) -> None:
    client = settled(browser(cast.dsl), cast)
    incident = concerns(cast, 1)[0]
    target = case_address("incident-detail", incident)
    client.get(target)

    with_one = count(lambda: client.get(target))
    for number in range(24):
        notes.add_note(incident=incident, text=f"Note {number}", by=cast.deputy, at=NOW)
    for number in range(25):
        questions.ask(incident=incident, text=f"Question {number}", by=cast.dsl, at=NOW)
    with_fifty = count(lambda: client.get(target))

    assert incident.chronology.count() == 50
    assert with_one == with_fifty == CASE


def test_the_case_page_asks_as_often_for_many_duties_as_for_none(cast: Cast) -> None:
    client = settled(browser(cast.dsl), cast)
    incident = concerns(cast, 1)[0]
    target = case_address("incident-detail", incident)
    client.get(target)
    some = Obligation.objects.filter(incident=incident)

    with_some = count(lambda: client.get(target))
    for number in range(40):
        row = some[0]
        row.pk, row.key, row._state.adding = uuid.uuid4(), f"do:{number}", True
        row.save()
    with_many = count(lambda: client.get(target))
    Obligation.objects.all().delete()

    assert with_some == with_many == count(lambda: client.get(target)) == CASE


def test_my_duties_and_a_duty_ask_as_often_for_many_as_for_one(cast: Cast) -> None:
    made = {name: settled(browser(cast[name]), cast) for name in ("dsl", "ict")}

    def counts() -> list[int]:
        duty = Obligation.objects.filter(key="do:support_pupil")[0]
        Obligation.objects.filter(key=duty.key).update(owner_role="network_manager")
        pages = [("dsl", address("obligation-list", cast.school)), ("ict", address("obligation-list", cast.school))]
        pages.append(("ict", address("obligation-detail", cast.school, obligation_id=duty.pk)))
        return [count(lambda: made[name].get(page)) for name, page in pages]  # noqa: B023

    concerns(cast, 1)
    with_one = counts()
    concerns(cast, 12)

    assert counts() == with_one == DUTIES


@pytest.mark.parametrize("named", [1, 5])
def test_logging_a_concern_asks_no_more_than_twenty_times(cast: Cast, named: int) -> None:
    client = settled(browser(cast.teacher), cast)
    people = [make_person(school=cast.school) for _ in range(named)]
    head = (str(person_of(cast.head, cast.school).pk), "alleged", "")
    saved = uuid.uuid4()
    adoptions.in_force_or_default(school=cast.school, at=NOW)
    send(client, cast.school, typed(*people, action="save"), saved)

    new = count(lambda: send(client, cast.school, typed(*people)))
    begun = count(lambda: send(client, cast.school, typed(*people), saved))
    adults = count(lambda: send(client, cast.school, typed(*people, head, adult="headteacher")))

    assert (new, begun, adults) == (LOGGED, LOGGED, LOGGED_ADULT)
    # A chain of its own for an adult's case takes five, and whom else to tell two; a child's stays well below twenty.
    assert LOGGED <= 20
    assert Incident.objects.filter(handled_by="chair_of_governors").count() == 1


def test_my_day_and_my_concerns_ask_as_often_for_many_as_for_one(cast: Cast) -> None:
    clients = {name: settled(browser(cast[name]), cast) for name in ("teacher", "dsl", "head")}
    pages = [(name, page) for name in clients for page in ("school-home", "my-concerns")]

    def counts() -> list[int]:
        return [count(lambda: clients[name].get(address(page, cast.school))) for name, page in pages]  # noqa: B023

    def fill(number: int) -> None:
        for incident in concerns(cast, number):
            questions.ask(incident=incident, text="When?", by=cast.dsl, at=NOW)
            Incident.objects.filter(pk=incident.pk).update(owner=cast.dsl)
        for danger in concerns(cast, number):
            Incident.objects.filter(pk=danger.pk).update(level=0)
        make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)
        for _ in range(number):
            draft = drafts.save_draft(
                school=cast.school, author=cast.teacher, draft_id=uuid.uuid4(), content={"fields": {}}, at=NOW
            )
            drafts.raise_alarm(draft=draft, about=About.NO_ADULT, alleged_ids=frozenset(), at=NOW)
        seen = Incident.objects.filter(status=Status.REPORTED, level=2, handled_by="dsl")[0]
        workflow.advance(incident=seen, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)

    fill(2)
    with_few = counts()
    fill(7)

    # What the sweep cannot act upon takes two, of cases and of the school; what waits of the filtering one; what other
    # offices missed one of the head. What waits for a second person takes three: of roles, of cases, of factors.
    assert counts() == with_few == [11, 4, 26, 4, 27, 4]


def test_saving_and_finding_people_is_cheap(cast: Cast) -> None:
    client, draft_id = settled(browser(cast.teacher), cast), uuid.uuid4()
    save = address("draft-save", cast.school, draft_id=draft_id)
    make_person(school=cast.school, name="Mia Marlow")

    client.post(address("draft-save", cast.school, draft_id=uuid.uuid4()), typed())
    first = count(lambda: client.post(save, typed()))
    again = count(lambda: client.post(save, typed()))
    search = count(lambda: client.post(address("person-search", cast.school), {"q": "mia"}))
    form = count(lambda: client.get(draft_address(cast.school, draft_id)))

    assert (first, again, search, form) == (7, 6, 4, 4)
