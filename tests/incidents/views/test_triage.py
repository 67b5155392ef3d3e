"""The triage page: what is asked, what saving does, and what is said when it is refused."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person, Vulnerability
from incidents.events import Event
from incidents.facts import TOLD
from incidents.models import ChronologyEntry, Incident, Obligation
from incidents.operations import triage
from incidents.routes import About
from incidents.statuses import Decision, Level, Status
from policies.engine.facts import SOME_OF, YES_OR_NO
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import NOW, harmed, make_incident, make_person, settle
from tests.incidents.pages import browser, case_address, main, value_of, words

WORDS = "Typed with care: <b>“no”</b> \u202eabc\u202c 👩\u200d👧\r\nTwice."


def said(page: Any, **changes: Any) -> dict[str, Any]:
    """Return the form as the page shows it, with changes, as a browser would send it."""
    fields = ("seen", "category", "level", "owner", "duplicate_of", "reason", "level_reason")
    sent: dict[str, Any] = {name: page.context["form"][name].value() or "" for name in fields}
    sent |= {"decision": page.context["form"]["decision"].value() or "", "types": page.context["form"]["types"].value()}
    return sent | changes


def triaged(cast: Cast, incident: Incident, by: str = "dsl", **changes: Any) -> Any:
    client, target = browser(cast[by]), case_address("triage-detail", incident)
    return client.post(target, said(client.get(target), **changes))


def story(incident: Incident) -> list[tuple[str, str]]:
    entries = ChronologyEntry.objects.filter(incident=incident).order_by("at", "id")
    return [(entry.event, entry.text) for entry in entries]


def as_known(fact: str, value: str) -> dict[str, Any]:
    if fact in YES_OR_NO:
        return {fact: value == "yes"} if value else {}
    return {fact: value} if value else {}


@pytest.fixture
def case(cast: Cast) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher, category=Category.CONDUCT)


def test_one_page_acknowledges_decides_learns_and_gives_an_owner(cast: Cast, case: Incident) -> None:
    answer = triaged(
        *(cast, case),
        decision="safeguarding",
        reason=WORDS,
        types=["nudes"],
        imagery="indecent",
        imagery_viewed="no",
        devices=["personal"],
        level="1",
        level_reason="It is spreading.",
        owner=str(cast.deputy.pk),
    )

    assert answer["Location"] == case_address("incident-detail", case)
    found = Incident.objects.get(pk=case.pk)
    assert (found.status, found.owner, found.level) == (Status.OPEN, cast.deputy, Level.HIGH)
    assert (found.decision, found.decided_by, found.decided_at) == (Decision.SAFEGUARDING, cast.dsl, NOW)
    assert (found.types, found.known) == (
        ["nudes"],
        {"imagery": "indecent", "imagery_viewed": False, "devices": ["personal"]},
    )
    assert Obligation.objects.filter(incident=case, key="forbid:view_imagery!").exists()
    events = dict(story(case))
    assert events[Event.TRIAGED] == f"A safeguarding case. {WORDS}"
    assert "What it is: not known → nude or semi-nude images of a pupil." in events[Event.FACTS_CHANGED]
    assert "Imagery: not known → indecent images of a child are involved." in events[Event.FACTS_CHANGED]
    shown = words(answer.client.get(answer["Location"]))
    assert "Saved. The policy now asks" in shown
    assert "due at once" in shown


@pytest.mark.parametrize("fact", [fact for fact in TOLD if fact not in SOME_OF])
def test_every_answer_of_every_question_is_taken_and_shown_again(cast: Cast, case: Incident, fact: str) -> None:
    client, target = browser(cast.dsl), case_address("triage-detail", case)
    for value, _ in client.get(target).context["form"].fields[fact].choices:
        triaged(cast, case, decision="safeguarding", reason=WORDS, **{fact: value})

        again = client.get(target).context["form"]
        assert again[fact].value() in ((value,) if value else ("", None))
        assert Incident.objects.get(pk=case.pk).known == as_known(fact, value)


def test_only_questions_that_matter_stand_first_and_look_saves_nothing(cast: Cast, case: Incident) -> None:
    client, target = browser(cast.dsl), case_address("triage-detail", case)
    before = story(case)

    page = client.post(target, said(client.get(target), types=["nudes"], action="look", reason=WORDS, crime="unsure"))

    first = [field.name for field in page.context["questions"]["first"]]
    others = [field.name for field in page.context["questions"]["others"]]
    assert {"imagery_viewed", "devices", "crime"} <= set(first)
    assert "exam_room" in others
    assert value_of(page, "reason") == WORDS
    assert "error" not in main(page)
    assert story(case) == before
    assert Incident.objects.get(pk=case.pk).types == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decision": ""}, "Choose what you decide."),
        ({"decision": "safeguarding", "reason": " \n"}, "Write down why. It is kept with the case."),
        ({"decision": "duplicate", "reason": WORDS}, "Write the reference of the case that it repeats."),
        (
            {"decision": "duplicate", "reason": WORDS, "duplicate_of": "OAK-0000"},
            "No case of this reference is found. Check the letters and numbers.",
        ),
        (
            {"decision": "behaviour", "reason": WORDS, "level": "3"},
            "Write down why the level changes. It is kept with the case.",
        ),
        ({"decision": "behaviour", "reason": WORDS, "owner": "nobody"}, "Choose an owner from the list."),
        ({"decision": "behaviour", "reason": WORDS, "types": ["staff_misuse"]}, "Choose from the list."),
        ({"decision": "behaviour", "reason": WORDS, "imagery": "many"}, "Choose from the list."),
        ({"decision": "behaviour", "reason": WORDS, "category": "colour"}, "Choose one of the four."),
        ({"decision": "behaviour", "reason": f"{WORDS}\x00"}, "There is an invisible character"),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    cast: Cast, case: Incident, changes: dict[str, Any], sentence: str
) -> None:
    before = story(case)

    page = triaged(cast, case, **changes)

    assert page.status_code == 200
    assert sentence in words(page)
    assert value_of(page, "reason") == changes.get("reason", "").replace("\x00", "\x00")
    assert story(case) == before
    assert Incident.objects.get(pk=case.pk).decision == ""


def test_a_case_of_another_school_or_of_another_office_is_no_original(cast: Cast, case: Incident) -> None:
    away = make_incident(school=cast.next_door, by=cast.next_door_teacher)
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)

    for other in (away, adult):
        page = triaged(cast, case, decision="duplicate", reason=WORDS, duplicate_of=other.reference)
        assert "No case of this reference is found." in words(page)
    page = triaged(cast, case, decision="duplicate", reason=WORDS, duplicate_of=case.reference)
    assert "That is the reference of this case." in words(page)


def test_a_duplicate_is_closed_as_that_without_doing_everything_twice(cast: Cast, case: Incident) -> None:
    first = make_incident(school=cast.school, by=cast.teacher)
    triaged(cast, case, decision="duplicate", reason="Logged twice.", duplicate_of=first.reference.lower())

    client, page = browser(cast.dsl), case_address("incident-detail", case)
    assert 'value="duplicate" checked' in main(client.get(page))
    close = case_address("incident-advance", case, status="closed")
    assert client.post(close, {"close-outcome": "duplicate", "close-reason": "Logged twice."}).status_code == 302

    found = Incident.objects.get(pk=case.pk)
    assert (found.status, found.duplicate_of) == (Status.CLOSED, first.reference)
    assert (Event.TRIAGED, f"A duplicate of another case: {first.reference}. Logged twice.") in story(case)


def test_whoever_was_slower_is_told_and_keeps_what_was_typed(cast: Cast, case: Incident) -> None:
    slow, target = browser(cast.dsl), case_address("triage-detail", case)
    old = said(slow.get(target), decision="behaviour", reason=WORDS)
    triaged(cast, case, by="deputy", decision="safeguarding", reason="It is grave.", types=["grooming"])

    page = slow.post(target, old)

    assert "Somebody changed this case while you were writing." in words(page)
    assert "What is known now" in main(page)
    assert "Grooming or online sexual exploitation" in main(page)
    assert value_of(page, "reason") == WORDS
    assert Incident.objects.get(pk=case.pk).decision == Decision.SAFEGUARDING
    # Pressed again, knowing that, it holds.
    again = slow.post(target, {**old, "seen": page.context["form"]["seen"].value(), "types": ["grooming"]})
    assert again.status_code == 302
    assert Incident.objects.get(pk=case.pk).decision == Decision.BEHAVIOUR


def test_what_is_learnt_later_needs_no_new_decision(cast: Cast, case: Incident) -> None:
    triaged(cast, case, decision="safeguarding", reason="It is grave.", types=["cyberbullying"])
    decided = Incident.objects.get(pk=case.pk).decided_at
    before = story(case)

    answer = triaged(cast, case, by="deputy", crime="suspected")

    assert answer.status_code == 302
    found = Incident.objects.get(pk=case.pk)
    assert (found.known, found.decided_at, found.decided_by) == ({"crime": "suspected"}, decided, cast.dsl)
    learnt = [told for told in story(case) if told not in before]
    assert learnt[0] == (Event.FACTS_CHANGED, "Crime: not known → a crime is suspected.")
    # What is asked for since, and nothing else.
    assert {event for event, _ in learnt[1:]} <= {Event.DUTIES_APPLIED}
    triaged(cast, case, crime="")
    assert Incident.objects.get(pk=case.pk).known == {}


def test_the_level_is_never_lower_than_what_is_known_of_a_pupil_allows(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    Person.objects.filter(pk=pupil.pk).update(vulnerabilities=[Vulnerability.LOOKED_AFTER])
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(Person.objects.get(pk=pupil.pk))])

    page = triaged(cast, case, decision="behaviour", reason=WORDS, level="2", level_reason="Small.")

    assert "It cannot be lower than high, because of what is known of a pupil in it: looked-after child." in words(page)
    assert "A pupil in this case needs more care: looked-after child." in words(page)
    assert Incident.objects.get(pk=case.pk).decision == ""


def test_a_closed_case_shows_what_is_known_and_why_nothing_can_be_saved(cast: Cast, case: Incident) -> None:
    triaged(cast, case, decision="no_further_action", reason="Nothing in it.", owner=str(cast.dsl.pk))
    settle(case, by=cast.dsl)
    client = browser(cast.dsl)
    close = {"close-outcome": "no_further_action", "close-reason": "Nothing in it."}
    client.post(case_address("incident-advance", case, status="closed"), close)

    page = client.get(case_address("triage-detail", case))

    assert "This case is closed. Open it again before you change what is known of it." in main(page)
    refused = triaged(cast, case, decision="behaviour", reason=WORDS)
    assert "This case is closed." in words(refused)
    assert value_of(refused, "reason") == WORDS


@pytest.mark.parametrize("name", ["teacher", "head", "chair", "ict", "administrator", "governor", "next_door_dsl"])
def test_nobody_else_triages(cast: Cast, case: Incident, name: str) -> None:
    client, target = browser(cast[name]), case_address("triage-detail", case)

    assert {client.get(target).status_code, client.post(target, {}).status_code} <= {403, 404}


def test_the_head_triages_what_is_about_an_adult_and_the_team_does_not(cast: Cast) -> None:
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)

    assert browser(cast.dsl).get(case_address("triage-detail", adult)).status_code == 404
    answer = triaged(
        *(cast, adult, "head"), decision="safeguarding", reason=WORDS, harm_threshold="met", types=["staff_misuse"]
    )
    assert answer.status_code == 302
    found = Incident.objects.get(pk=adult.pk)
    assert (found.types, found.known) == ([], {"harm_threshold": "met"})


def test_the_page_asks_the_database_the_same_however_much_happened(cast: Cast) -> None:
    numbers = []
    for people in (1, 4):
        named = [harmed(make_person(school=cast.school)) for _ in range(people)]
        case = make_incident(school=cast.school, by=cast.teacher, people=named)
        for number in range(people):
            reason = f"Decided once more, {number}."
            triage.decide(incident=case, decision=Decision.BEHAVIOUR, reason=reason, by=cast.dsl, at=NOW)
        client, target = browser(cast.dsl), case_address("triage-detail", case)
        client.get(target)
        with CaptureQueriesContext(connection) as queries:
            client.get(target)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
