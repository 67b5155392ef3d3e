"""The pages of lessons: looked back at, learnt, followed up, listed for the school without a child's name."""

import html
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Relation
from accounts.operations import people
from incidents.care import LookingBack
from incidents.models import Incident, Lesson, LookBack, Obligation
from incidents.routes import About
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of
from tests.incidents.operations.test_actions import close
from tests.incidents.operations.test_lessons import DEBRIEFED, REVIEWED, WORDS, learn, look
from tests.incidents.pages import address, browser, case_address, main, title, value_of, words
from tests.incidents.views.test_actions import OTHERS
from tests.incidents.views.test_incidents_queries import count, settled

LIST, REGISTER = 13, 6
LESSON = {"kind": "practice", "words": WORDS, "assignee": "team", "due_date": "2026-11-20"}
LOOK = {"held_on": "2026-11-16", "took_part": "All <of> us", "came_of_it": "Ring home at once."}
REVIEW = {**LOOK, "went_well": "She was heard.", "was_late": "Nothing & nobody."}


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case about a pupil with a name of her own."""
    pupil = make_person(school=cast.school, name="Amira Hadley")
    return make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)])


def add(cast: Cast, case: Incident, *, by: str = "dsl", **changes: str) -> Any:
    return browser(cast[by]).post(case_address("lesson-add", case), {**LESSON, **changes})


def listed(cast: Cast, case: Incident) -> str:
    return main(browser(cast.dsl).get(case_address("lesson-list", case)))


def register(cast: Cast, by: str = "dsl") -> str:
    return main(browser(cast[by]).get(address("lesson-register", cast.school)))


@pytest.mark.parametrize(("look", "sent"), [("review", REVIEW), ("debrief", LOOK)])
@pytest.mark.parametrize("is_closed", [False, True])
def test_it_is_looked_back_at_a_case_that_is_closed_too(
    cast: Cast, case: Incident, look: str, sent: dict[str, str], is_closed: bool
) -> None:
    if is_closed:
        close(cast, case)
    target = case_address("lesson-look-back", case, look=look)
    client = browser(cast.dsl)
    assert LookingBack(look).label in main(client.get(target))

    answer = client.post(target, sent)

    assert answer["Location"] == case_address("lesson-list", case)
    page = listed(cast, case)
    for stands in (LookingBack(look).label, *(value for name, value in sent.items() if name != "held_on")):
        assert stands in page


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_lesson_is_learnt_followed_up_and_said_what_became_of_it(cast: Cast, case: Incident, is_closed: bool) -> None:
    if is_closed:
        close(cast, case)
    assert add(cast, case).status_code == 302
    due = Obligation.objects.get(kind="follow_up")
    assert "Due in 3 days" in listed(cast, case)

    target = address("obligation-settle", cast.school, obligation_id=due.pk, deed="done")
    answer = browser(cast.deputy).post(target, {f"duty-{due.pk}-words": "Agreed with all.", "back": "lessons"})

    assert answer["Location"] == case_address("lesson-list", case)
    due.refresh_from_db()
    assert due.state == State.DONE
    assert "Agreed with all." in listed(cast, case)


def test_refused_there_it_is_shown_there(cast: Cast, case: Incident) -> None:
    learn(cast, case)
    due = Obligation.objects.get(kind="follow_up")
    target = address("obligation-settle", cast.school, obligation_id=due.pk, deed="waive")

    answer = browser(cast.dsl).post(target, {f"duty-{due.pk}-words": "", "back": "lessons"})

    assert "Write down why this is not done." in words(answer)
    assert "Write a lesson down" in main(answer)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"words": ""}, "Write down what will be different."),
        ({"due_date": "2026-11-16"}, "That day is over. Choose a later one."),
        ({"kind": "party"}, "Choose what it changes."),
    ],
)
def test_a_refusal_keeps_everything_that_was_typed(
    cast: Cast, case: Incident, changes: dict[str, str], sentence: str
) -> None:
    answer = add(cast, case, **changes)

    assert sentence in words(answer)
    assert title(answer).startswith("Error: ")
    assert value_of(answer, "words") == {**LESSON, **changes}["words"]
    assert not Lesson.objects.exists()


def test_a_review_that_leaves_a_question_out_keeps_the_others(cast: Cast, case: Incident) -> None:
    target = case_address("lesson-look-back", case, look="review")

    answer = browser(cast.dsl).post(target, {**REVIEW, "went_well": ""})

    assert "Write down what went well, even if it is little." in words(answer)
    assert value_of(answer, "was_late") == REVIEW["was_late"]
    assert not LookBack.objects.exists()
    assert browser(cast.dsl).get(case_address("lesson-look-back", case, look="party")).status_code == 404


def test_the_schools_list_shows_each_lesson_and_how_far_it_is_and_no_childs_name(cast: Cast, case: Incident) -> None:
    learn(cast, case)
    done = learn(cast, case, words="Phones stay in the locker")
    due = Obligation.objects.get(target=str(done.pk))
    Obligation.objects.filter(pk=due.pk).update(state=State.DONE, settled_at=NOW, alert_at=None)
    close(cast, case)

    page = register(cast)

    assert page.index(WORDS) < page.index("Phones stay in the locker")
    for stands in ("How we work", "Dennis Deputy", case.reference, "Done"):
        assert stands in page
    for secret in ("Amira", "Hadley", html.escape("They showed me a video")):
        assert secret not in page


def test_of_a_case_one_may_not_open_one_learns_no_lesson_either(cast: Cast) -> None:
    sibling = make_person(school=cast.school)
    people.relate(person=person_of(cast.deputy, cast.school), related=sibling, relation=Relation.SIBLING, at=NOW)
    about_a_relative = make_incident(school=cast.school, by=cast.teacher, people=[alleged(sibling)])
    adult = make_incident(
        school=cast.school,
        by=cast.teacher,
        people=[alleged(person_of(cast.colleague, cast.school))],
        about=About.ADULT,
    )
    learn(cast, about_a_relative, assignee=None, words="Look twice")
    learn(cast, adult, assignee=None, words="Keep doors open", by=cast.head)

    assert "Look twice" in register(cast)
    assert "Keep doors open" not in register(cast)
    assert "Look twice" not in register(cast, "deputy")
    assert "Keep doors open" in register(cast, "head")
    assert "Look twice" not in register(cast, "head")
    for name in ("chair", "trust_lead"):
        assert "No lesson is written down yet." in register(cast, name)
    assert browser(cast.governor).get(address("lesson-register", cast.school)).status_code == 403


@pytest.mark.parametrize("by", OTHERS)
def test_to_everybody_else_there_is_no_such_page(cast: Cast, case: Incident, by: str) -> None:
    client = browser(cast[by])

    assert client.get(case_address("lesson-list", case)).status_code in (403, 404)
    assert client.get(case_address("lesson-look-back", case, look="review")).status_code in (403, 404)
    assert add(cast, case, by=by).status_code in (403, 404)
    assert not Lesson.objects.exists()


def test_the_pages_ask_as_often_for_many_as_for_one(cast: Cast, case: Incident) -> None:
    client = settled(browser(cast.dsl), cast)
    targets = [case_address("lesson-list", case), address("lesson-register", cast.school)]
    learn(cast, case)
    look(cast, case, LookingBack.REVIEW, REVIEWED)
    for target in targets:
        client.get(target)
    few = [count(lambda target=target: client.get(target)) for target in targets]  # type: ignore[misc]
    for number in range(12):
        other = make_incident(school=cast.school, by=cast.teacher)
        learn(cast, other, words=f"Lesson {number}", at=NOW + timedelta(hours=1))
        learn(cast, case, words=f"Another {number}")
        look(cast, case, LookingBack.DEBRIEF, DEBRIEFED)

    many = [count(lambda target=target: client.get(target)) for target in targets]  # type: ignore[misc]

    assert few == many == [LIST, REGISTER]
