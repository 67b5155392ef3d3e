"""The queue grown up: views that are kept, cases given away together, and the page that says when its list changed."""

import pytest

from incidents.models import Incident, SavedView
from incidents.operations import workflow
from incidents.routes import About
from incidents.statuses import Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, person_of
from tests.incidents.pages import address, browser, words


def acknowledged(cast: Cast, **details: object) -> Incident:
    case = make_incident(school=cast.school, by=cast.teacher, **details)
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    return case


def test_a_view_is_kept_offered_and_opened_again(cast: Cast) -> None:
    one, two = acknowledged(cast), make_incident(school=cast.school, by=cast.teacher)
    client, queue = browser(cast.dsl), address("incident-list", cast.school)
    client.get(queue)

    kept = client.post(address("saved-view-save", cast.school), {"status": "acknowledged", "view_name": "To be owned"})

    assert "The view is kept." in words(kept)
    assert two.reference not in words(kept)
    assert "To be owned" in words(client.get(queue))
    assert "To be owned" not in words(browser(cast.deputy).get(queue))
    opened = words(client.post(queue, {"view": str(SavedView.objects.get().pk)}))
    assert one.reference in opened
    assert two.reference not in opened
    client.post(address("saved-view-drop", cast.school, view_id=SavedView.objects.get().pk))
    assert "To be owned" not in words(client.get(queue))


@pytest.mark.parametrize("view", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_view_that_is_not_there_filters_nothing(cast: Cast, view: str) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)

    assert case.reference in words(browser(cast.dsl).post(address("incident-list", cast.school), {"view": view}))


def test_cases_are_given_away_together_and_each_refusal_has_its_sentence(cast: Cast) -> None:
    one, two, unseen = acknowledged(cast), acknowledged(cast), make_incident(school=cast.school, by=cast.teacher)
    sent = {"case": [one.reference, two.reference, unseen.reference], "new_owner": str(cast.deputy.pk)}

    page = words(browser(cast.dsl).post(address("incident-assign-many", cast.school), sent))

    assert f"2 cases belong to {cast.deputy.full_name} now." in page
    assert f"{unseen.reference}: Acknowledge the concern first" in page
    assert {case.owner for case in Incident.objects.filter(pk__in=[one.pk, two.pk])} == {cast.deputy}
    assert Incident.objects.get(pk=unseen.pk).owner is None


def test_no_case_is_given_that_one_may_not_open_or_to_whom_may_not_read(cast: Cast) -> None:
    mine = acknowledged(cast)
    adult = make_incident(
        school=cast.school, by=cast.teacher, about=About.ADULT, people=[alleged(person_of(cast.colleague, cast.school))]
    )
    client, path = browser(cast.dsl), address("incident-assign-many", cast.school)

    assert client.post(path, {"case": [adult.reference], "new_owner": str(cast.deputy.pk)}).status_code == 404
    page = words(client.post(path, {"case": [mine.reference], "new_owner": str(cast.teacher.pk)}))
    assert "Tick at least one case and choose whom to give it to." in page
    assert not Incident.objects.filter(owner__isnull=False).exists()
    refused = browser(cast.teacher).post(path, {"case": [mine.reference], "new_owner": str(cast.deputy.pk)})
    assert refused.status_code == 403


def test_the_mark_of_the_list_changes_with_the_list_and_with_nothing_else(cast: Cast) -> None:
    case = acknowledged(cast)
    client, path = browser(cast.dsl), address("incident-pulse", cast.school)

    def mark() -> str:
        answer: str = client.post(path, {"text": "whatever"}).json()["mark"]
        return answer

    before = mark()
    assert mark() == before
    make_incident(
        school=cast.school, by=cast.teacher, about=About.ADULT, people=[alleged(person_of(cast.colleague, cast.school))]
    )
    assert mark() == before
    make_incident(school=cast.school, by=cast.teacher)
    after = mark()
    assert after != before
    browser(cast.dsl).post(
        address("incident-assign-many", cast.school), {"case": [case.reference], "new_owner": str(cast.deputy.pk)}
    )
    assert mark() != after


def test_a_search_that_reads_not_everything_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make_incident(school=cast.school, by=cast.teacher)
    client, path, sent = browser(cast.dsl), address("incident-list", cast.school), {"text": "video"}
    assert "There are more cases than one search reads" not in words(client.post(path, sent))

    monkeypatch.setattr("incidents.queries.incidents.SEARCH_LIMIT", 2)

    page = words(client.post(path, sent))
    assert "There are more cases than one search reads" in page
    assert "2 found" in page
