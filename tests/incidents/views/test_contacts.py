"""The pages about parents: what forbids telling comes first; what was said is kept; nobody else sees it."""

from typing import Any

import pytest

from accounts.models import PersonKind, Relation
from accounts.operations import people
from incidents.models import Incident, ParentContact
from incidents.queries.contacts import homes
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.asking import ask_for, owed
from tests.incidents.operations.test_contacts import leave, part, tell
from tests.incidents.pages import browser, case_address, main, title, value_of, words
from tests.incidents.views.test_actions import OTHERS
from tests.incidents.views.test_incidents_queries import count, settled

LIST, TOLD, NOT_TOLD = 12, 13, 12
SAID = {
    "told_date": "2026-11-17",
    "told_time": "08:00",
    "way": "phone",
    "teller": "Dora Safe",
    "said": "That <b>she</b> is safe & well.",
    "heard": "“Thank you.”",
    "described": "",
}
NOT_SAID = {"described": "Mrs Hadley", "why_not": "unsafe", "reason": "He hits her.", "then": "final"}


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case about one pupil, whose mother the school knows."""
    pupil = make_person(school=cast.school, name="Amira Hadley")
    mother = make_person(school=cast.school, kind=PersonKind.CONTACT, name="Sara Hadley")
    people.relate(person=mother, related=pupil, relation=Relation.PARENT, at=NOW)
    return make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)])


def page_of(name: str, case: Incident) -> str:
    return case_address(name, case, pupil_id=part(case, "Amira Hadley").pk)


def mother(case: Incident) -> str:
    return str(homes(case)[0].parents[0].pk)


def test_parents_are_told_and_what_they_said_is_read_word_for_word(cast: Cast, case: Incident) -> None:
    client = browser(cast.dsl)
    form = client.get(page_of("contact-told", case))
    assert "Sara Hadley" in main(form)
    assert value_of(form, "teller") == "Dora Safe"

    answer = client.post(page_of("contact-told", case), {**SAID, "parents": [mother(case)]})

    assert answer["Location"] == case_address("contact-list", case)
    page = main(client.get(answer["Location"]))
    for stands in ("Sara Hadley", "told", "today 8:00", "by telephone", SAID["said"], SAID["heard"], "Dora Safe"):
        assert stands in page
    assert owed(case, "inform_parents:parents").state == State.DONE
    assert SAID["said"] in words(client.get(case_address("incident-detail", case)))


def test_why_they_are_not_told_is_kept_and_settles_the_duty(cast: Cast, case: Incident) -> None:
    client = browser(cast.deputy)

    answer = client.post(page_of("contact-not-told", case), NOT_SAID)

    assert answer.status_code == 302
    assert owed(case, "inform_parents:parents").state == State.WAIVED
    page = main(client.get(answer["Location"]))
    assert "not told, for good" in page
    assert "Telling them would put a child at risk" in page
    assert "He hits her." in page


def test_until_they_are_told_the_page_says_that_it_is_not_settled(cast: Cast, case: Incident) -> None:
    page = main(browser(cast.dsl).get(case_address("contact-list", case)))

    assert "Not settled: our policy asks about this pupil’s parents." in page
    assert "Nothing is written down yet about" in page


def test_what_forbids_telling_stands_above_everything_and_the_server_refuses_it(cast: Cast, case: Incident) -> None:
    ask_for(case, "forbid:share_beyond_school!", until="police_advice", text="Do not share it beyond the school yet")
    client = browser(cast.dsl)

    listed, form = client.get(case_address("contact-list", case)), client.get(page_of("contact-told", case))
    refused = client.post(page_of("contact-told", case), {**SAID, "parents": [mother(case)]})

    assert "Do not share it beyond the school yet" in main(listed)
    assert "The police first." in main(form)
    assert 'name="said"' not in main(form)
    assert "The police first." in main(refused)
    assert value_of(refused, "said") == SAID["said"]
    assert not ParentContact.objects.exists()


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("contact-told", {"said": ""}, "Write down what they were told."),
        ("contact-told", {}, "Say who it is."),
        ("contact-not-told", {**NOT_SAID, "reason": ""}, "Write down why they are not told."),
        ("contact-not-told", {**NOT_SAID, "then": "again"}, "Say on which day you look at it again."),
    ],
)
def test_a_refusal_keeps_everything_that_was_typed(
    cast: Cast, case: Incident, name: str, changes: dict[str, Any], sentence: str
) -> None:
    sent = {**SAID, **changes}

    answer = browser(cast.dsl).post(page_of(name, case), sent)

    assert sentence in words(answer)
    assert title(answer).startswith("Error: ")
    box = "said" if name == "contact-told" else "reason"
    assert value_of(answer, box) == sent[box]
    assert not ParentContact.objects.exists()


@pytest.mark.parametrize("by", OTHERS)
def test_to_everybody_else_there_is_no_such_page(cast: Cast, case: Incident, by: str) -> None:
    client = browser(cast[by])

    for target in (
        case_address("contact-list", case),
        page_of("contact-told", case),
        page_of("contact-not-told", case),
    ):
        assert client.get(target).status_code in (403, 404)
        assert client.post(target, SAID).status_code in (403, 404, 405)
    assert not ParentContact.objects.exists()


def test_a_pupil_of_another_case_has_no_page_here(cast: Cast, case: Incident) -> None:
    other = make_incident(school=cast.school, by=cast.teacher)
    target = case_address("contact-told", case, pupil_id=other.people.get().pk)

    assert browser(cast.dsl).get(target).status_code == 404


def test_the_pages_ask_as_often_for_many_as_for_one(cast: Cast) -> None:
    client = settled(browser(cast.dsl), cast)
    found = []
    for number in (1, 6):
        pupils = [make_person(school=cast.school, name=f"Amira{one} Hadley") for one in range(number)]
        for one in pupils:
            parent = make_person(school=cast.school, kind=PersonKind.CONTACT)
            people.relate(person=one, related=parent, relation=Relation.PARENT, at=NOW)
        named = [harmed(pupils[0]), *(alleged(one) for one in pupils[1:])]
        incident = make_incident(school=cast.school, by=cast.teacher, people=named)
        for one in pupils:
            leave(cast, incident, one.name)
            tell(cast, incident, one.name)
        first = incident.people.get(part="harmed").pk
        targets = [
            case_address("contact-list", incident),
            case_address("contact-told", incident, pupil_id=first),
            case_address("contact-not-told", incident, pupil_id=first),
        ]
        for target in targets:
            client.get(target)
        found.append([count(lambda target=target: client.get(target)) for target in targets])  # type: ignore[misc]

    assert found[0] == found[1] == [LIST, TOLD, NOT_TOLD]
