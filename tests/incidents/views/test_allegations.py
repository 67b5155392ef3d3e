"""The pages of an allegation: the must-nots first, each step, the way to the officer, and the pack for them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import AuditEvent
from incidents.allegations import LowLevelKind
from incidents.events import Event
from incidents.models import Allegation, Incident, LowLevelConcern
from incidents.operations import low_level_concerns, workflow
from incidents.operations.low_level_concerns import Told
from incidents.statuses import Status
from tests.accounts.documents_payloads import payloads
from tests.conftest import Cast
from tests.factories import NOW, alleged, end_allegation, harmed, make_incident, make_person, person_of
from tests.incidents.pages import address, browser, case_address, main, title
from tests.paper import attached, needs_pdf
from tests.paper import words as words_of

LATER = NOW + timedelta(hours=1)
ANSWERS = {
    "threshold-harmed": "yes",
    "threshold-harmed_words": "A grip that left a mark.",
    "threshold-offence": "no",
    "threshold-risk": "no",
    "threshold-suitability": "no",
    "threshold-reason": "The teacher saw it.",
}
NOES = {**ANSWERS, "threshold-harmed": "no"}
OUTCOME = {
    "outcome-outcome": "unfounded",
    "outcome-reason": "Two people were there.",
    "outcome-barring": "not_needed",
    "outcome-barring_words": "Nothing to tell.",
    "outcome-teaching": "not_needed",
    "outcome-teaching_words": "Nothing to tell.",
}


@pytest.fixture
def case(cast: Cast) -> Incident:
    child = make_person(school=cast.school, name="Amira Khan")
    people = [harmed(child), alleged(person_of(cast.colleague, cast.school))]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people, narrative="He gripped her arm.")
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.head, at=NOW)
    return Incident.objects.get(pk=incident.pk)


def post(cast: Cast, case: Incident, step: str, data: dict[str, Any]) -> Any:
    url = case_address("allegation-record", case, step=step)
    return browser(cast.head).post(url, data, follow=True)


def page(cast: Cast, case: Incident) -> str:
    return main(browser(cast.head).get(case_address("allegation-detail", case)))


def test_the_case_leads_to_it_and_the_must_nots_come_first(cast: Cast, case: Incident) -> None:
    leads = main(browser(cast.head).get(case.get_absolute_url()))
    assert "Next: say whether it meets the harm threshold" in leads
    assert case_address("allegation-detail", case) in leads

    answer = browser(cast.head).get(case_address("allegation-detail", case))

    shown = main(answer)
    assert title(answer).startswith(f"Allegation, case {case.reference}")
    nots = [shown.index(words) for words in ("Do not investigate", "Do not tell", "Do not promise secrecy")]
    assert nots == sorted(nots)
    assert nots[-1] < shown.index("1. Does it meet the harm threshold?")
    assert AuditEvent.objects.filter(event=Event.READ.value, target=f"incident:{case.pk}").exists()


def test_each_step_is_kept_and_the_next_one_is_shown(cast: Cast, case: Incident) -> None:
    assert "It meets the harm threshold." in main(post(cast, case, "threshold", ANSWERS))
    assert Allegation.objects.get().threshold == "met"
    assert 'sg-course__step--next" id="officer"' in page(cast, case)
    told = {"care-contact": "Grace Kind", "care-support": "", "care-may_tell": "not_yet", "care-told_from": ""}
    assert "Not yet" in main(post(cast, case, "care", told))
    done = {"precautions-what": "Other duties.", "precautions-is_suspended": "no", "precautions-reason": "Enough."}
    assert "Other duties." in main(post(cast, case, "precautions", done))
    refused = main(post(cast, case, "outcome", OUTCOME))
    assert "Tell the designated officer first" in refused
    assert "Two people were there." in refused
    post(cast, case, "threshold", NOES)
    assert "Unfounded" in main(post(cast, case, "outcome", OUTCOME))
    assert Allegation.objects.get().outcome == "unfounded"


@pytest.mark.parametrize(
    ("step", "data", "sentence"),
    [
        ("threshold", {}, "Answer: harmed a child?"),
        ("threshold", {**ANSWERS, "threshold-harmed_words": " "}, "Write down in what way: harmed a child."),
        ("threshold", {**ANSWERS, "threshold-reason": ""}, "Write down what you go by."),
        ("care", {"care-contact": "Grace", "care-may_tell": "allowed"}, "Say from which day."),
        ("care", {"care-contact": "", "care-may_tell": "not_yet"}, "Name somebody who looks after them."),
        ("precautions", {"precautions-what": "Other duties."}, "Say whether the person is suspended."),
        ("outcome", {**OUTCOME, "outcome-barring_words": ""}, "Write down when they were told, or why they are not."),
        ("outcome", {**OUTCOME, "outcome-outcome": "guilty"}, "Choose one of these."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    cast: Cast, case: Incident, step: str, data: dict[str, Any], sentence: str
) -> None:
    answer = post(cast, case, step, data)

    assert title(answer).startswith("Error: ")
    assert sentence in main(answer)
    typed = [value for name, value in data.items() if value.strip() and name.rpartition("-")[2] in ("reason", "what")]
    assert [value for value in typed if value not in main(answer)] == []
    assert not Allegation.objects.exists()


def test_below_the_threshold_it_goes_into_the_register(cast: Cast, case: Incident) -> None:
    post(cast, case, "threshold", NOES)
    assert "Enter it as a low-level concern" in page(cast, case)

    url = case_address("allegation-below", case)
    refused = browser(cast.head).post(url, {"below-kind": "", "below-what": "Gripped her arm."})
    assert "Choose what kind of conduct it is." in main(refused)
    browser(cast.head).post(url, {"below-kind": "other", "below-what": "Gripped her arm."})

    assert LowLevelConcern.objects.get().what == "Gripped her arm."
    assert "Below the threshold." in page(cast, case)


@pytest.mark.parametrize("name", ["dsl", "chair", "colleague", "teacher", "governor", "administrator"])
def test_nobody_but_the_case_manager_finds_it(cast: Cast, case: Incident, name: str) -> None:
    for url in (case_address("allegation-detail", case), case_address("allegation-pack", case)):
        assert browser(cast[name]).get(url).status_code in (403, 404)
    answer = browser(cast[name]).post(case_address("allegation-record", case, step="threshold"), ANSWERS)
    assert answer.status_code in (403, 404)
    assert not Allegation.objects.exists()


def test_a_case_of_children_and_a_step_that_there_is_not_are_not_found(cast: Cast, case: Incident) -> None:
    assert post(cast, case, "verdict", {}).status_code == 404
    Incident.objects.filter(pk=case.pk).update(is_about_adult=False)
    assert browser(cast.head).get(case_address("allegation-detail", case)).status_code == 404


@needs_pdf
def test_the_pack_holds_everything_the_officer_asks_for(cast: Cast, case: Incident, tmp_path: Path) -> None:
    person = person_of(cast.colleague, cast.school)
    told = Told(kind=LowLevelKind.ALONE, what="Alone with her once.", shared_by="A colleague", person=person)
    low_level_concerns.enter(school=cast.school, told=told, by=cast.head, at=NOW)
    post(cast, case, "threshold", ANSWERS)
    url = case_address("allegation-pack", case)
    empty = browser(cast.head).post(url, {"asked": " ", "as": "pdf"})
    assert "Write down what you ask of them." in main(empty)

    answer = browser(cast.head).post(url, {"asked": "May he be told?", "as": "pdf"})

    assert answer["Content-Disposition"] == f'attachment; filename="{case.reference}.pdf"'
    said = words_of(answer.content)
    for words in (
        *("May he be told?", "It meets the harm threshold.", "A grip that left a mark.", "Colin Colleague"),
        *("Amira Khan", "He gripped her arm.", "Stayed with the child.", "Hetty Head", "Alone with her once."),
        *("Member of staff, since 1 September 2024", "Compared with the harm threshold", "Acknowledged"),
    ):
        assert words in said
    assert attached(answer.content, tmp_path) == []
    entry = case.chronology.get(event=Event.ALLEGATION_PRINTED)
    assert (entry.text, entry.by) == ("May he be told?", cast.head)
    assert AuditEvent.objects.filter(event=Event.ALLEGATION_PRINTED.value, chain__name=f"case:{case.pk}").exists()


@needs_pdf
def test_what_people_typed_reaches_nothing(cast: Cast, case: Incident, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("CNRY-file")
    asked = "\n".join(payloads(9, str(canary)))

    answer = browser(cast.head).post(case_address("allegation-pack", case), {"asked": asked, "as": "pdf"})

    assert answer["Content-Type"] == "application/pdf"
    assert "CNRY-file" not in words_of(answer.content)


def test_closing_says_what_is_missing_and_then_nothing(cast: Cast, case: Incident) -> None:
    client = browser(cast.head)
    end_allegation(case, by=cast.head)

    assert "Next: " not in main(client.get(case.get_absolute_url())).replace("Next: say who owns", "").replace(
        "Next: decide what", ""
    )
    assert "It is not written down how this ended" not in main(client.get(case.get_absolute_url()))
    assert client.get(address("incident-list", cast.school)).status_code == 200
