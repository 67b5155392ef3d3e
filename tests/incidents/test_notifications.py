"""Messages say that something needs you. Nothing of a concern stands in one, in a title, an address or a log."""

import itertools
import logging
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AuditEvent, OutboxMessage, PersonKind
from accounts.outbox import deliver_due
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import NOW, make_person, person_of, settle
from tests.incidents.conftest import Clock
from tests.incidents.pages import address, browser, case_address, draft_address, send, title, typed

# Of the people, of what is said, and of what is chosen.
CANARIES = (
    *("Cnryfirst", "Cnrysecond", "cnrynarrative", "cnryaction", "cnryplace", "cnryservice", "cnrylate", "cnrywho"),
    *("cnrynote", "cnryquestion", "cnryanswer", "cnryreason", "cnrysearch"),
    *("Tessa", "Dennis", "Dora", "Hetty", "Content", "content", "Danger", "danger", "999", "harmed", "alleged", "Year"),
)
# An address or a title says in which page one is; these are no words of a case.
OF_PAGES = {"Content", "content"}


def said(cast: Cast, *, adult: str, accused: str | None) -> dict[str, Any]:
    first = make_person(school=cast.school, name="Cnryfirst Cnrysecond")
    rows = [(str(first.pk), "harmed", ""), ("unknown", "witness", "cnrywho")]
    if accused:
        rows.append((str(person_of(cast[accused], cast.school).pk), "alleged", ""))
    return typed(
        *rows,
        adult=adult,
        danger="yes",
        narrative="cnrynarrative",
        action_taken="cnryaction",
        place_detail="cnryplace",
        online_service="cnryservice",
        late_reason="cnrylate",
        aware_date="2026-11-14",
        happened_date="",
        happened_time="",
        category=Category.CONTENT.value,
    )


class Visit:
    """Goes through pages and remembers their titles and addresses."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.addresses: list[str] = []

    def see(self, client: Client, target: str, data: dict[str, Any] | None = None) -> Any:
        answer = client.get(target) if data is None else client.post(target, data)
        assert answer.status_code in (200, 302), (target, answer.status_code)
        self.addresses += [target, answer.get("Location", "")]
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            self.titles.append(title(answer))
        return answer


def whole_life(cast: Cast, visit: Visit, reader: str, data: dict[str, Any]) -> None:
    """Take a concern from the first alarm to its reopening, by the pages alone."""
    teacher, handler, draft_id = browser(cast.teacher), browser(cast[reader]), uuid.uuid4()
    draft = draft_address(cast.school, draft_id)
    visit.see(teacher, address("incident-report", cast.school))
    visit.see(teacher, draft, data | {"action": "find_person", "person_query": "cnryfirst"})
    visit.see(teacher, draft)
    visit.see(teacher, draft, data | {"action": "alarm_head" if data["adult"] != "no" else "alarm_team"})
    visit.see(teacher, draft, data | {"category": ""})
    visit.see(teacher, visit.see(teacher, draft, data)["Location"])
    incident = Incident.objects.get()
    page = case_address("incident-detail", incident)
    visit.see(handler, address("school-home", cast.school))
    visit.see(handler, address("incident-list", cast.school), {"text": "cnrynarrative", "category": "content"})
    visit.see(handler, address("incident-list", cast.school), {"text": "cnrysearch"})
    visit.see(handler, page)
    visit.see(handler, case_address("incident-advance", incident, status="acknowledged"), {})
    visit.see(handler, case_address("owner-set", incident), {"owner": str(cast[reader].pk)})
    visit.see(handler, case_address("level-set", incident), {"level": "1", "reason": "cnryreason"})
    visit.see(handler, case_address("note-add", incident), {"note-text": "cnrynote"})
    visit.see(handler, case_address("note-add", incident), {"note-text": "cnrynote\x00"})
    visit.see(handler, case_address("question-ask", incident), {"question-text": "cnryquestion"})
    question = ChronologyEntry.objects.get(event=Event.QUESTION_ASKED)
    visit.see(teacher, case_address("my-concern", incident))
    answer = case_address("question-answer", incident, question_id=question.pk)
    visit.see(teacher, answer, {f"{question.pk}-text": "cnryanswer"})
    closed = {"close-outcome": "resolved", "close-reason": "cnryreason"}
    settle(incident, by=cast[reader])
    # Where others may read it too, one of them agrees.
    if reader == "dsl":
        visit.see(handler, case_address("closing-ask", incident), closed)
        visit.see(browser(cast.deputy), case_address("closing-agree", incident), {})
    else:
        visit.see(handler, case_address("incident-advance", incident, status="closed"), closed)
    assert Incident.objects.get().is_closed
    visit.see(handler, case_address("incident-advance", incident, status="open"), {"reopen-reason": "cnryreason"})
    visit.see(teacher, address("my-concerns", cast.school))
    for absent in (page.replace(incident.reference, "OAK-0000"), "/s/nowhere/"):
        handler.get(absent)


RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}|OAK-[0-9A-Z]{4,6}|:\d{4,6}\b")


def found_in(*texts: str, but: frozenset[str] | set[str] = frozenset()) -> set[str]:
    # A random id, token or reference may hold any three digits.
    plain = [RANDOM.sub("", text) for text in texts]
    return {canary for canary in CANARIES for text in plain if canary in text} - but


@pytest.mark.parametrize(
    ("adult", "accused", "reader"),
    [("no", None, "dsl"), ("adult", "colleague", "head"), ("headteacher", "head", "chair")],
)
def test_nothing_of_a_concern_leaves_the_case(
    cast: Cast, caplog: pytest.LogCaptureFixture, adult: str, accused: str | None, reader: str
) -> None:
    caplog.set_level(logging.DEBUG)
    visit = Visit()

    whole_life(cast, visit, reader, said(cast, adult=adult, accused=accused))
    sent = deliver_due(NOW)

    rows = [
        " ".join(str(value) for value in row) for row in OutboxMessage.objects.values_list("kind", "path", "dedupe_key")
    ]
    assert sent == len(mail.outbox) == len(rows) >= 5
    assert not found_in(*(row.replace("danger", "") for row in rows), but={"999"})
    for message in mail.outbox:
        headers = " ".join(f"{name}: {value}" for name, value in message.extra_headers.items())
        spoken = {"999"} if "danger" in message.body else set()
        assert not found_in(message.subject, str(message.body), headers, but=spoken)
        assert "OAK" not in message.subject
    assert not found_in(*visit.titles)
    assert not found_in(*visit.addresses, but={"danger"})
    logged = [
        f"{record.getMessage()} {record.args}" for record in caplog.records if record.name != "django.db.backends"
    ]
    assert not found_in(*logged)
    events = AuditEvent.objects.filter(event__startswith="incident.")
    ledger = [f"{summary} {data}" for summary, data in events.values_list("summary", "data")]
    assert not found_in(*ledger, but={"danger"})


def test_the_subject_is_the_same_whatever_happened(cast: Cast) -> None:
    for category, danger in itertools.product(Category, ("yes", "no")):
        send(browser(cast.teacher), cast.school, typed(category=category.value, danger=danger))
    deliver_due(NOW)

    assert len(mail.outbox) == 3 * 8
    assert len({message.subject for message in mail.outbox}) == 1
    bodies = {str(message.body) for message in mail.outbox}
    assert len(bodies) == 8


def test_each_one_is_told_once_and_the_link_is_theirs_to_open(cast: Cast, clock: Clock) -> None:
    send(browser(cast.teacher), cast.school, typed())
    deliver_due(NOW)
    clock.forward(timedelta(minutes=1))
    deliver_due(clock.at)

    assert sorted(address for message in mail.outbox for address in message.to) == sorted(
        cast[name].email for name in ("dsl", "deputy", "online_safety_lead")
    )
    for message in OutboxMessage.objects.select_related("recipient"):
        assert message.recipient is not None
        assert browser(message.recipient).get(message.path).status_code == 200


def test_a_contact_who_is_no_member_is_not_told_of_the_case_by_name(cast: Cast) -> None:
    parent = make_person(school=cast.school, kind=PersonKind.CONTACT, name="Cnryfirst Cnrysecond")

    send(browser(cast.teacher), cast.school, typed((str(parent.pk), "alleged", "")))

    assert {message.recipient for message in OutboxMessage.objects.all()} == {
        cast.dsl,
        cast.deputy,
        cast.online_safety_lead,
    }
