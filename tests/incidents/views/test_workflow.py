"""The buttons of the case: what each does, and that a refusal says why and keeps what was typed."""

from typing import Any

import pytest

from accounts.models import OutboxMessage
from incidents.events import Event
from incidents.models import Incident
from incidents.operations import ownership, workflow
from incidents.routes import About
from incidents.statuses import Level, Outcome, Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle
from tests.incidents.pages import audited, browser, case_address, main, value_of, words

WORDS = "Typed with care: <b>“no”</b> \u202eabc\u202c 👩\u200d👧\r\nTwice."
REASON = "Write down the reason. It is kept with the case."


def press(cast: Cast, incident: Incident, button: str, data: dict[str, Any], *, by: str = "dsl") -> Any:
    name, _, status = button.partition(":")
    target = case_address(name, incident, **({"status": status} if status else {}))
    return browser(cast[by]).post(target, data)


def at_status(cast: Cast, status: Status, **details: Any) -> Incident:
    incident = make_incident(school=cast.school, by=cast.teacher, **details)
    if status is Status.REPORTED:
        return incident
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    if status is Status.ACKNOWLEDGED:
        return incident
    ownership.assign(incident=incident, owner=cast.dsl, by=cast.dsl, at=NOW)
    if status is Status.CLOSED:
        settle(incident, by=cast.dsl)
        workflow.advance(
            incident=incident, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED
        )
    return Incident.objects.get(pk=incident.pk)


@pytest.mark.parametrize(
    ("status", "button", "event", "done"),
    [
        (Status.REPORTED, "incident-advance:acknowledged", Event.ACKNOWLEDGED, "Acknowledged."),
        (Status.ACKNOWLEDGED, "owner-set", Event.ASSIGNED, "Dennis Deputy owns this case."),
        (Status.OPEN, "owner-set", Event.ASSIGNED, "Dennis Deputy owns this case."),
        (Status.REPORTED, "level-set", Event.LEVEL_SET, "The level is high now."),
        (Status.OPEN, "incident-advance:closed", Event.CLOSED, "The case is closed."),
        (Status.ACKNOWLEDGED, "incident-advance:closed", Event.CLOSED, "The case is closed."),
        (Status.OPEN, "incident-advance:monitoring", Event.MONITORED, "The case is watched."),
        (Status.CLOSED, "incident-advance:open", Event.REOPENED, "The case is open again."),
    ],
)
def test_each_button_does_what_it_says_and_leaves_one_line_in_the_audit(
    cast: Cast, status: Status, button: str, event: Event, done: str
) -> None:
    incident = at_status(cast, status)
    if event is Event.CLOSED:
        settle(incident, by=cast.dsl)
    before = sorted(audited(cast.school))
    data = {
        "owner": str(cast.deputy.pk),
        "level": "1",
        "reason": WORDS,
        "close-outcome": "resolved",
        "close-reason": WORDS,
        "reopen-reason": WORDS,
        "watch-review_date": "2026-12-04",
        "watch-reason": WORDS,
    }

    answer = press(cast, incident, button, data)

    assert answer["Location"] == case_address("incident-detail", incident)
    # A new level and a case that is open again change what the policy asks for, which is a line of the system's own.
    follows = [("school", Event.DUTIES_APPLIED)] if event in (Event.LEVEL_SET, Event.REOPENED) else []
    follows += [("school", Event.UNDERTAKEN)] if event is Event.MONITORED else []
    assert sorted(audited(cast.school)) == sorted([*before, ("school", event), *follows])
    entry = incident.chronology.filter(event=event).latest("at")
    assert entry.by == cast.dsl
    if button in ("level-set", "incident-advance:closed", "incident-advance:open"):
        assert WORDS in entry.text
    page = browser(cast.dsl)
    again = page.post(case_address("note-add", incident), {"note-text": "x"})
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("status", "button", "data", "sentence", "kept"),
    [
        (Status.ACKNOWLEDGED, "incident-advance:acknowledged", {}, "This case is acknowledged already.", None),
        (Status.CLOSED, "incident-advance:acknowledged", {}, "A case that is closed cannot become acknowledged.", None),
        (
            *(Status.REPORTED, "incident-advance:closed", {"close-outcome": "resolved", "close-reason": WORDS}),
            *("Acknowledge the concern first", "left over"),
        ),
        (
            *(Status.OPEN, "incident-advance:closed", {"close-outcome": "", "close-reason": WORDS}),
            *("Choose how the case ended.", "close-reason"),
        ),
        (Status.OPEN, "incident-advance:closed", {"close-outcome": "resolved", "close-reason": " "}, REASON, None),
        (
            *(Status.ACKNOWLEDGED, "incident-advance:open", {"reopen-reason": WORDS}),
            *("Nobody owns this case yet. Choose an owner first.", "left over"),
        ),
        (
            *(Status.CLOSED, "incident-advance:closed", {"close-outcome": "resolved", "close-reason": WORDS}),
            *("This case is closed already.", "left over"),
        ),
        (Status.CLOSED, "level-set", {"level": "1", "reason": WORDS}, "This case is closed. Open it", "left over"),
        (
            *(Status.OPEN, "incident-advance:monitoring", {"watch-review_date": "2026-11-16", "watch-reason": WORDS}),
            *("That day is over. Choose a later one.", "watch-reason"),
        ),
        (
            *(Status.OPEN, "incident-advance:monitoring", {"watch-review_date": "", "watch-reason": WORDS}),
            *("Choose the day on which the case is looked at again.", "watch-reason"),
        ),
        (
            *(
                Status.ACKNOWLEDGED,
                "incident-advance:monitoring",
                {"watch-review_date": "2026-12-04", "watch-reason": WORDS},
            ),
            *("A case that was only acknowledged cannot go to monitoring. Give it an owner first.", "left over"),
        ),
        (
            *(Status.ACKNOWLEDGED, "incident-advance:closed", {"close-outcome": "resolved", "close-reason": WORDS}),
            *("are still open. Do each, or decide against each, first.", "left over"),
        ),
        (Status.CLOSED, "incident-advance:open", {"reopen-reason": ""}, REASON, None),
        (Status.REPORTED, "level-set", {"level": "2", "reason": WORDS}, "The level is standard already.", "reason"),
        (Status.REPORTED, "level-set", {"level": "1", "reason": " "}, "Write down why the level changes.", None),
        (Status.REPORTED, "level-set", {"level": "9", "reason": WORDS}, "Choose a level.", "reason"),
        (Status.OPEN, "owner-set", {"owner": ""}, "Choose an owner.", None),
        (Status.CLOSED, "question-ask", {"question-text": WORDS}, "This case is closed. Open it again", "left over"),
        (Status.OPEN, "question-ask", {"question-text": "\t"}, "Write the question before you send it.", None),
        (Status.OPEN, "question-ask", {"question-text": f"{WORDS}\x00"}, "There is an invisible character", None),
        (Status.OPEN, "note-add", {"note-text": f"{WORDS}" * 2000}, "letters too long.", "note-text"),
    ],
)
def test_a_refused_move_says_why_changes_nothing_and_keeps_what_was_typed(
    cast: Cast, status: Status, button: str, data: dict[str, str], sentence: str, kept: str | None
) -> None:
    incident = at_status(cast, status)
    if status is Status.OPEN:
        settle(incident, by=cast.dsl)
    before, messages = sorted(audited(cast.school)), OutboxMessage.objects.count()

    page = press(cast, incident, button, data)

    assert page.status_code == 200
    assert sentence in words(page)
    if kept == "left over":
        assert "What you typed. Copy it if it is still needed." in main(page)
        assert WORDS in main(page)
    elif kept:
        assert value_of(page, kept) == data[kept]
        assert '<details class="sg-details" open>' in words(page) or kept == "note-text"
    assert sorted(audited(cast.school)) == sorted([*before, ("school", Event.READ)])
    assert OutboxMessage.objects.count() == messages
    found = Incident.objects.get(pk=incident.pk)
    assert (found.status, found.level, found.owner) == (status, Level.STANDARD, incident.owner)


def test_only_those_who_may_own_it_can_be_chosen_and_nobody_else_can_be_sent(cast: Cast) -> None:
    incident = at_status(cast, Status.ACKNOWLEDGED)

    for name in ("teacher", "head", "next_door_dsl"):
        page = press(cast, incident, "owner-set", {"owner": str(cast[name].pk)})
        assert "Choose an owner from the list." in words(page)
        assert f'value="{cast[name].pk}"' not in main(page)
    for nonsense in ("\x00", "none", "x" * 5000):
        assert press(cast, incident, "owner-set", {"owner": nonsense}).status_code == 200
    assert Incident.objects.get().owner is None


@pytest.mark.parametrize("status", ["reported", "nonsense", "acknowledged-x"])
def test_a_move_that_has_no_button_is_not_there(cast: Cast, status: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    assert press(cast, incident, f"incident-advance:{status}", {}).status_code == 404


@pytest.mark.parametrize(
    "button", ["incident-advance:acknowledged", "owner-set", "level-set", "note-add", "question-ask"]
)
def test_nobody_else_moves_a_case(cast: Cast, button: str) -> None:
    child = at_status(cast, Status.REPORTED)
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)
    data = {"note-text": "x", "question-text": "x", "level": "1", "reason": "x", "owner": str(cast.dsl.pk)}
    before = sorted(audited(cast.school))
    others = ("teacher", "governor", "ict", "administrator", "next_door_dsl", "chair")

    for incident, outsiders in ((child, (*others, "head")), (adult, (*others, "dsl", "deputy"))):
        found = {name: press(cast, incident, button, data, by=name).status_code for name in outsiders}
        assert set(found.values()) == {403, 404}
        assert all(found[name] == 404 for name in found if name in ("head", "chair", "dsl", "next_door_dsl"))
    assert sorted(audited(cast.school)) == before
    answer = press(cast, adult, "level-set", {"level": "1", "reason": "x"}, by="head")
    assert answer.status_code == 302
