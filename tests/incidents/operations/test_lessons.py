"""Lessons: looked back at, debriefed, learnt and followed up, on a closed case too."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from incidents.care import LessonKind, LookingBack
from incidents.models import Incident, Lesson, LookBack, Obligation
from incidents.operations import lessons, obligations
from incidents.operations.escalations import OBLIGATIONS
from incidents.operations.lessons import Account
from incidents.queries.lessons import learnt_from
from policies.engine.vocabulary import Strength
from policies.operations.sweep import sweep
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, make_incident
from tests.incidents.asking import ask_for, owed
from tests.incidents.operations.test_actions import FRIDAY, close

REVIEWED = Account(date(2026, 11, 16), "Dora and Dennis", "Ring home at once.", "She was heard.", "Home was rung late.")
DEBRIEFED = Account(date(2026, 11, 16), "Year 5 staff", "They want a word beforehand.")
REVIEW, DEBRIEF = "do:review_handling", "do:debrief"
WORDS = "Home is rung on the same day, by whoever is on duty"


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case whose policy asks for a review and a debrief."""
    incident = make_incident(school=cast.school, by=cast.teacher)
    ask_for(incident, REVIEW)
    ask_for(incident, DEBRIEF, evidence="lessons learnt")
    return incident


def look(cast: Cast, case: Incident, kind: LookingBack, account: Account, **changes: Any) -> LookBack:
    details = {"look_id": uuid.uuid4(), "by": cast.dsl, "at": NOW, **changes}
    return lessons.look_back(incident=case, kind=kind, account=account, **details)


def learn(cast: Cast, case: Incident, **changes: Any) -> Lesson:
    details: dict[str, Any] = {
        "kind": LessonKind.PRACTICE,
        "words": WORDS,
        "due_at": FRIDAY,
        "assignee": cast.deputy,
        "lesson_id": uuid.uuid4(),
        "by": cast.dsl,
        "at": NOW,
        **changes,
    }
    return lessons.learn(incident=case, **details)


@pytest.mark.parametrize(
    ("kind", "account", "key", "event"),
    [
        (LookingBack.REVIEW, REVIEWED, REVIEW, "incident.handling_reviewed"),
        (LookingBack.DEBRIEF, DEBRIEFED, DEBRIEF, "incident.debriefed"),
    ],
)
def test_looking_back_is_what_the_policy_asks(
    cast: Cast, case: Incident, kind: LookingBack, account: Account, key: str, event: str
) -> None:
    look(cast, case, kind, account)

    row = LookBack.objects.get()
    assert (row.kind, row.held_on, row.took_part, row.came_of_it) == (
        kind,
        account.held_on,
        account.took_part,
        account.came_of_it,
    )
    done = owed(case, key)
    assert (done.state, done.settled_by) == (State.DONE, cast.dsl)
    other = DEBRIEF if key == REVIEW else REVIEW
    assert owed(case, other).state == State.OPEN
    text = case.chronology.get(event=event).text
    for words in (account.took_part, account.came_of_it, account.went_well, account.was_late):
        assert words in text


@pytest.mark.parametrize(
    ("kind", "account", "code"),
    [
        (LookingBack.REVIEW, replace(REVIEWED, went_well=" "), "answers_missing"),
        (LookingBack.REVIEW, replace(REVIEWED, was_late=""), "answers_missing"),
        (LookingBack.DEBRIEF, replace(DEBRIEFED, took_part=" "), "took_part_missing"),
        (LookingBack.DEBRIEF, replace(DEBRIEFED, came_of_it=""), "came_of_it_missing"),
        (LookingBack.DEBRIEF, replace(DEBRIEFED, held_on=date(2026, 11, 18)), "held_in_future"),
    ],
)
def test_looking_back_answers_its_questions(
    cast: Cast, case: Incident, kind: LookingBack, account: Account, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        look(cast, case, kind, account)

    assert refused.value.code == code
    assert not LookBack.objects.exists()
    assert owed(case, REVIEW).state == State.OPEN


def test_on_a_closed_case_it_is_looked_back_and_what_ended_with_it_was_done_after_all(
    cast: Cast, case: Incident
) -> None:
    for key in (REVIEW, DEBRIEF):
        ask_for(case, key, strength=int(Strength.CONSIDER))
    close(cast, case)
    assert owed(case, REVIEW).state == State.WITHDRAWN

    look(cast, case, LookingBack.REVIEW, REVIEWED, at=NOW + timedelta(days=30))

    row = owed(case, REVIEW)
    assert (row.state, row.settled_at) == (State.DONE, NOW + timedelta(days=30))
    assert owed(case, DEBRIEF).state == State.WITHDRAWN
    assert Incident.objects.get(pk=case.pk).is_closed


def test_what_was_decided_against_before_closing_stays_decided(cast: Cast, case: Incident) -> None:
    close(cast, case)
    assert owed(case, REVIEW).state == State.WAIVED

    look(cast, case, LookingBack.REVIEW, REVIEWED, at=NOW + timedelta(days=30))

    assert owed(case, REVIEW).state == State.WAIVED


def test_a_lesson_is_followed_up_by_somebody_by_a_day(cast: Cast, case: Incident) -> None:
    row = learn(cast, case)

    due = Obligation.objects.get(kind="follow_up")
    assert (due.assignee, due.due_at, due.words, due.target) == (cast.deputy, FRIDAY, WORDS, str(row.pk))
    assert case.chronology.get(event="incident.lesson_learnt").text == f"How we work: {WORDS}"
    [read] = learnt_from(case).lessons
    assert (read.lesson, read.is_open, read.owner) == (row, True, "Dennis Deputy")


def test_it_is_followed_up_after_the_case_was_closed_and_missed_like_any_duty(cast: Cast, case: Incident) -> None:
    learn(cast, case)
    close(cast, case, NOW + timedelta(hours=1))
    late = learn(cast, Incident.objects.get(pk=case.pk), at=NOW + timedelta(days=1))

    assert [read.is_open for read in learnt_from(case).lessons] == [True, True]
    assert sweep(now=FRIDAY, tables=[OBLIGATIONS]).told == 2
    due = Obligation.objects.get(target=str(late.pk))
    obligations.discharge(obligation=due, by=cast.deputy, at=FRIDAY, evidence="Agreed with the office.")
    assert {read.state_label for read in learnt_from(case).lessons} == {"To do", "Done"}


@pytest.mark.parametrize(("changes", "code"), [({"words": "\n"}, "words_missing"), ({"due_at": NOW}, "due_passed")])
def test_a_lesson_says_something_and_its_day_is_to_come(
    cast: Cast, case: Incident, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        learn(cast, case, **changes)

    assert refused.value.code == code
    assert not Lesson.objects.exists()


def test_nobody_who_may_not_read_the_case_follows_it_up(cast: Cast, case: Incident) -> None:
    with pytest.raises(Refused, match="cannot read this case"):
        learn(cast, case, assignee=cast.teacher)

    assert not Lesson.objects.exists()


def test_sent_twice_it_is_kept_once(cast: Cast, case: Incident) -> None:
    made = uuid.uuid4()
    assert learn(cast, case, lesson_id=made) == learn(cast, case, lesson_id=made)
    first = look(cast, case, LookingBack.DEBRIEF, DEBRIEFED, look_id=made)
    assert look(cast, case, LookingBack.DEBRIEF, DEBRIEFED, look_id=made) == first

    assert (Lesson.objects.count(), LookBack.objects.count()) == (1, 1)
    assert Obligation.objects.filter(kind="follow_up").count() == 1


def test_what_was_learnt_is_never_changed(cast: Cast, case: Incident) -> None:
    row = learn(cast, case)
    row.words = "Nothing"

    with pytest.raises(Refused, match="only ever added to"):
        row.save()


@pytest.mark.parametrize(("kind", "state"), [(LessonKind.POLICY, State.DONE), (LessonKind.PRACTICE, State.OPEN)])
def test_a_lesson_for_the_policy_that_was_followed_up_has_brought_the_policy_up_to_date(
    cast: Cast, case: Incident, kind: LessonKind, state: State
) -> None:
    ask_for(case, "do:update_policy")
    learn(cast, case, kind=kind)
    due = Obligation.objects.get(kind="follow_up")

    obligations.discharge(obligation=due, by=cast.deputy, at=NOW, evidence="Paragraph 7 says so now.")

    asked = owed(case, "do:update_policy")
    assert asked.state == state
    assert (asked.reason == "Paragraph 7 says so now.") is (kind is LessonKind.POLICY)
