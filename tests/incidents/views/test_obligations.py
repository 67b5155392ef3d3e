"""Duties: ticked off, decided against and let rest by whoever may; seen alone by a role that may not open the case."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from incidents.events import Event
from incidents.models import Escalation, Incident, Obligation
from incidents.operations import obligations, ownership, workflow
from incidents.routes import About
from incidents.statuses import Level, Outcome, Status
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of, settle
from tests.incidents.conftest import Clock
from tests.incidents.pages import address, browser, case_address, main, value_of, words

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SAID = "Rang home: <b>“she knows”</b> \u202eabc\u202c 👩\u200d👧\r\nTwice."
TEAM = ("dsl", "deputy", "online_safety_lead")
OTHERS = ("teacher", "colleague", "head", "chair", "governor", "ict", "administrator", "trust_lead")


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a new case about a pupil."""
    return make_incident(school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school))])


def owed(incident: Incident, key: str) -> Obligation:
    return Obligation.objects.get(incident=incident, key=key)


def of_role(incident: Incident, role: str, **more: Any) -> Obligation:
    """Return a deed of the case that a role owes."""
    duty = owed(incident, "do:support_pupil")
    changes = {"owner_role": role, "due_at": NOW + HOUR, "alert_at": NOW + HOUR, **more}
    Obligation.objects.filter(pk=duty.pk).update(**changes)
    return owed(incident, duty.key)


def act(cast: Cast, duty: Obligation, deed: str, text: str = "", *, by: str = "dsl") -> Any:
    target = address("obligation-settle", cast.school, obligation_id=duty.pk, deed=deed)
    return browser(cast[by]).post(target, {f"duty-{duty.pk}-words": text})


def alone(cast: Cast, duty: Obligation, *, by: str) -> Any:
    return browser(cast[by]).get(address("obligation-detail", cast.school, obligation_id=duty.pk))


def entries(incident: Incident) -> QuerySet[Any]:
    return incident.chronology.filter(event__startswith="incident.duty_")


# On the case page


@pytest.mark.parametrize(
    ("deed", "text", "state", "event"),
    [
        ("done", "", State.DONE, Event.DUTY_DONE),
        ("done", SAID, State.DONE, Event.DUTY_DONE),
        ("waive", SAID, State.WAIVED, Event.DUTY_WAIVED),
        ("pause", SAID, State.PAUSED, Event.DUTY_PAUSED),
    ],
)
@pytest.mark.parametrize("by", TEAM)
def test_whoever_works_on_the_case_settles_any_of_its_duties(
    cast: Cast, case: Incident, by: str, deed: str, text: str, state: State, event: Event
) -> None:
    duty = owed(case, "inform_parents:parents")

    answer = act(cast, duty, deed, text, by=by)

    assert answer["Location"] == case_address("incident-detail", case)
    row = owed(case, duty.key)
    assert row.state == state
    assert (row.settled_by or row.paused_by) == cast[by]
    assert entries(case).get().event == event
    assert text in entries(case).get().text
    page = words(browser(cast[by]).get(answer["Location"]))
    assert duty.text in page
    assert text in page


def test_a_paused_clock_goes_on_later_by_so_much(cast: Cast, case: Incident, clock: Clock) -> None:
    duty = owed(case, "inform_parents:parents")
    act(cast, duty, "pause", "The police asked us to wait.")
    assert "The clock stands still." in words(browser(cast.dsl).get(case_address("incident-detail", case)))
    clock.forward(HOUR)

    answer = act(cast, duty, "resume")

    assert answer.status_code == 302
    row = owed(case, duty.key)
    assert duty.due_at
    assert (row.state, row.due_at) == (State.OPEN, duty.due_at + HOUR)


@pytest.mark.parametrize("deed", ["done", "waive", "pause", "resume"])
@pytest.mark.parametrize("by", [*OTHERS, "next_door_dsl"])
def test_to_everybody_else_there_is_no_such_duty(cast: Cast, case: Incident, by: str, deed: str) -> None:
    duty = owed(case, "inform_parents:parents")

    school = cast.next_door if by.startswith("next_door") else cast.school
    target = address("obligation-settle", school, obligation_id=duty.pk, deed=deed)
    answer = browser(cast[by]).post(target, {f"duty-{duty.pk}-words": SAID})

    assert answer.status_code == 404
    assert owed(case, duty.key).state == State.OPEN
    assert not entries(case).exists()


@pytest.mark.parametrize(
    ("key", "deed", "text", "sentence"),
    [
        ("do:document_decision", "done", " ", "Write down what shows that it was done"),
        ("do:support_pupil", "waive", "", "Write down why this is not done."),
        ("inform_parents:parents", "pause", "\t", "Write down why this rests."),
        ("do:support_pupil", "pause", SAID, "The policy allows no pause for this."),
        ("do:support_pupil", "resume", SAID, "This is not paused."),
        ("do:support_pupil", "done", f"{SAID}\x00", "There is an invisible character in this text"),
        ("do:support_pupil", "waive", SAID * 2000, "letters too long."),
        ("forbid:promise_confidentiality!", "done", SAID, "This is kept by not doing it."),
        ("forbid:promise_confidentiality!", "waive", SAID, "What is forbidden cannot be waived here."),
        ("record:incident", "done", SAID, "This is settled already: done."),
        ("record:incident", "waive", SAID, "This is settled already: done."),
    ],
)
def test_a_refusal_says_why_changes_nothing_and_keeps_what_was_typed(
    cast: Cast, case: Incident, key: str, deed: str, text: str, sentence: str
) -> None:
    Obligation.objects.filter(key="do:document_decision").update(evidence="decision with its reason")
    duty = owed(case, key)
    before = list(Obligation.objects.order_by("pk").values())

    answer = act(cast, duty, deed, text)

    assert answer.status_code == 200
    assert sentence in words(answer)
    assert list(Obligation.objects.order_by("pk").values()) == before
    assert not entries(case).exists()
    if "\x00" not in text and text.strip():
        assert text in main(answer)
    if f'name="duty-{duty.pk}-words"' in words(answer):
        assert value_of(answer, f"duty-{duty.pk}-words") == text


def test_what_has_to_be_done_first_is_named_and_letting_go_of_it_lets_the_next_begin(
    cast: Cast, case: Incident
) -> None:
    first, second = owed(case, "inform_parents:parents"), owed(case, "do:support_pupil")
    Obligation.objects.filter(pk=second.pk).update(after_key=first.key, within="24h")
    page = main(browser(cast.dsl).get(case_address("incident-detail", case)))
    assert f"Waits until this is done: {first.text}." in page

    refused = act(cast, second, "done", SAID)
    act(cast, first, "done")

    assert "Something else has to be done first." in words(refused)
    assert owed(case, second.key).due_at == NOW + 24 * HOUR
    assert act(cast, second, "done").status_code == 302


def test_what_is_due_at_once_is_not_called_late_at_the_head_of_the_case(cast: Cast, case: Incident) -> None:
    Obligation.objects.filter(incident=case).exclude(key="do:support_pupil").update(due_at=None, alert_at=None)
    rows = Obligation.objects.filter(incident=case, key="do:support_pupil")
    rows.update(within="immediately", due_at=NOW - MINUTE, alert_at=NOW + HOUR, strength=2, after_key="")
    Incident.objects.filter(pk=case.pk).update(next_due_at=NOW - MINUTE)

    def head() -> str:
        page = main(browser(cast.dsl).get(case_address("incident-detail", case)))
        return page[: page.index("Who can see this")]

    assert "At once" in head()
    assert "Overdue" not in head()
    rows.update(alert_at=NOW - timedelta(seconds=1))
    assert "Overdue" in head()


def test_the_page_says_what_is_asked_by_whom_by_when_and_on_which_clause(cast: Cast, case: Incident) -> None:
    type(cast.school).objects.filter(pk=cast.school.pk).update(role_titles={"dsl": "Child protection lead"})
    page = main(browser(cast.dsl).get(case_address("incident-detail", case)))
    page = page[page.index("What our policy asks") :]

    order = ["Do not promise to keep it secret", "Tell the Child protection lead", "At once"]
    order += ["Seen by the Child protection lead", "Due in", "For: Child protection lead", "Also asked"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    own, law = owed(case, "inform_parents:parents"), owed(case, "forbid:promise_confidentiality!")
    assert f'href="{address("pack-detail", cast.school)}#starter--{own.clause}"' in page
    assert f'href="{address("pack-layers", cast.school)}#england-statutory--{law.clause}"' in page
    assert page.count("Added by the law") == Obligation.objects.filter(incident=case, is_silent=True).count()
    assert "Because harm was done to a pupil: " in page
    assert "Unless telling them would put a child at risk." in page
    assert 'data-deadline="2026-11-18T08:25:00+00:00"' in page
    assert "Record the decision" in page
    assert "Done and decided (1)" in page


def test_what_was_missed_says_who_was_told(cast: Cast, case: Incident, clock: Clock) -> None:
    duty = owed(case, "acknowledge:dsl")
    for step, role, is_reminder in ((1, "chair_of_governors", True), (2, "headteacher", False)):
        Escalation.objects.create(
            school=cast.school, obligation=duty, step=step, told_role=role, is_reminder=is_reminder, at=NOW
        )
    clock.forward(9 * HOUR)

    page = main(browser(cast.dsl).get(case_address("incident-detail", case)))

    assert "Told that it is late: the Headteacher." in page
    assert "Overdue by 1 h" in page


def test_a_closed_case_asks_for_nothing_more_and_shows_what_became_of_it(cast: Cast, case: Incident) -> None:
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    act(cast, owed(case, "inform_parents:parents"), "waive", "They were there.")
    ownership.assign(incident=case, owner=cast.dsl, by=cast.dsl, at=NOW)
    settle(case, by=cast.dsl)
    workflow.advance(incident=case, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED)

    page = main(browser(cast.dsl).get(case_address("incident-detail", case)))

    assert "Everything that our policy asks of this case is settled." in page
    assert "Not needed</strong>" in page
    assert "They were there." in page
    assert "No longer asked for</strong>" in page
    assert "/duties/" not in page


def test_what_must_not_be_done_stands_where_somebody_is_about_to_be_asked(cast: Cast) -> None:
    named = [harmed(make_person(school=cast.school)), alleged(person_of(cast.colleague, cast.school))]
    case = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT, people=named)

    page = main(browser(cast.head).get(case_address("incident-detail", case)))

    asking = page[page.index("Ask a question") : page.index("Send the question")]
    assert "Do not tell the person it is about." in asking
    assert "Do not investigate before you have passed it on." in asking


def test_an_adults_case_is_worked_on_by_its_case_manager_alone(cast: Cast) -> None:
    named = [alleged(person_of(cast.colleague, cast.school))]
    case = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT, people=named)
    duty = owed(case, "consult:lado")

    for by in ("dsl", "deputy", "ict", "colleague", "teacher", "chair", "trust_lead"):
        assert act(cast, duty, "done", by=by).status_code == 404, by
        assert alone(cast, duty, by=by).status_code == 404, by
    answer = act(cast, duty, "done", "Rang the LADO.", by="head")

    assert answer["Location"] == case_address("incident-detail", case)
    assert owed(case, duty.key).settled_by == cast.head


# The list


def test_my_duties_are_grouped_and_say_so_when_there_is_nothing(cast: Cast, case: Incident, clock: Clock) -> None:
    of_role(case, "network_manager")
    empty = main(browser(cast.governor).get(address("obligation-list", cast.school)))
    mine = main(browser(cast.ict).get(address("obligation-list", cast.school)))
    clock.forward(2 * HOUR)
    later = main(browser(cast.ict).get(address("obligation-list", cast.school)))

    assert "Nothing waits for you." in empty
    assert "Due today" in mine
    assert "Overdue" in later
    assert "Record it" in later
    assert case.reference not in mine


def test_the_queue_shows_what_is_due_next_and_puts_it_first(cast: Cast, case: Incident) -> None:
    other = make_incident(school=cast.school, by=cast.teacher)
    for duty in Obligation.objects.filter(incident=case, due_at__lte=NOW, state=State.OPEN):
        obligations.discharge(obligation=duty, by=cast.dsl, at=NOW, evidence="Done.")
    ownership.set_level(incident=other, level=Level.LOW, reason="Small.", by=cast.dsl, at=NOW)

    page = main(browser(cast.dsl).get(address("incident-list", cast.school)))

    row = page[page.index(f">{case.reference}<") : page.index(f">{other.reference}<")]
    assert "Due in" in row


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "%s {{ 7|add:7 }}"])
def test_nothing_that_was_typed_or_stands_in_a_policy_is_ever_run(cast: Cast, case: Incident, payload: str) -> None:
    duty = of_role(case, "network_manager", text=payload, exception=payload, evidence=payload)
    Obligation.objects.filter(incident=case, key="inform_parents:parents").update(text=payload, why=payload)
    act(cast, owed(case, "inform_parents:parents"), "waive", payload)
    pages = [
        browser(cast.dsl).get(case_address("incident-detail", case)),
        browser(cast.dsl).get(reverse("school-home", kwargs={"school": cast.school.slug})),
        act(cast, duty, "waive", f"{payload}\x00"),
        alone(cast, duty, by="ict"),
        browser(cast.ict).get(address("obligation-list", cast.school)),
        browser(cast.ict).get(reverse("school-home", kwargs={"school": cast.school.slug})),
        act(cast, duty, "done", f"{payload}\x00", by="ict"),
    ]

    for page in pages[:1] + pages[2:]:
        assert payload in words(page)
    if "<" in payload:
        assert not [page for page in pages if payload in page.content.decode()]


def test_without_a_second_factor_nothing_that_others_wrote_is_listed(cast: Cast, case: Incident, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser(cast.dsl)

    home = client.get(address("school-home", cast.school))
    listed = client.get(address("obligation-list", cast.school))

    assert case.reference not in words(home)
    assert "/duties/" not in main(home)
    assert listed["Location"] == reverse("second-factor-needed")
