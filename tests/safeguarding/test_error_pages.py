"""What is shown when something cannot be answered: nothing of the system, and nothing of what is there (LK-4)."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.test import Client, override_settings
from django.urls import reverse

from tests.conftest import Cast
from tests.factories import make_incident, make_person
from tests.incidents.pages import address, body, browser, case_address
from tests.safeguarding import headers

pytestmark = pytest.mark.django_db

CANARY = "Quentin-Kingfisher"

Tell = Callable[[str, object], None]


def _answers(cast: Cast, client: Client) -> dict[int, Any]:
    """Return a page of each kind of refusal, each brought about as an outsider would."""
    case = make_incident(school=cast.school, by=cast.teacher)
    note, queue = case_address("note-add", case), address("incident-list", cast.school)
    large = {"note-text": "x" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    with mock.patch("accounts.access.Access.has", side_effect=RuntimeError(CANARY)):
        failed = client.get(queue)
    with override_settings(MAINTENANCE=True):
        closed = client.get(queue)
    return {
        400: client.post(note, large),
        403: browser(cast.teacher).get(queue),
        404: client.get("/s/oakfield/nowhere/"),
        405: client.put(queue),
        500: failed,
        503: closed,
    }


def test_a_page_for_each_mistake_tells_nothing_of_the_system(
    cast: Cast, settings: LazySettings, record_property: Tell
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client = browser(cast.dsl)
    client.raise_request_exception = False

    answers = _answers(cast, client)
    record_property("answers", len(answers) + 1)
    for code, answer in answers.items():
        assert answer.status_code in ({400, 413} if code == 400 else {code})
        assert headers.tells_of_the_system(answer) == [], code
        assert CANARY not in answer.content.decode()
        assert headers.faults(answer, signed_in=False) == [], code
    wrong_host = client.get("/", headers={"host": "evil.example"})
    assert wrong_host.status_code == 400
    assert "evil.example" not in wrong_host.content.decode()


def test_a_row_that_is_hidden_foreign_or_nowhere_is_one_page(cast: Cast, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client, pupil = browser(cast.chair), make_person(school=cast.school)
    hidden = make_incident(school=cast.school, by=cast.teacher)
    foreign = make_incident(school=cast.next_door, by=cast.next_door_teacher)
    absent = address("incident-detail", cast.school, reference="OAK-2222")
    rows = [case_address("incident-detail", hidden), absent]
    rows += [address("incident-detail", cast.school, reference=foreign.reference)]
    rows += [address("person-detail", cast.school, person_id=pupil.pk)]
    places = ["/s/nowhere/", "/s/birchwood/", "/s/oakfield/no/such/page/"]

    for pages in (rows, places):
        answers = [client.get(page) for page in pages]
        assert {answer.status_code for answer in answers} == {404}
        assert len({body(answer) for answer in answers}) == 1
        assert len({tuple(sorted((name, len(said)) for name, said in one.headers.items())) for one in answers}) == 1


def test_where_nobody_is_signed_in_every_address_of_a_school_is_one_answer(db: None) -> None:
    """A school that is there and one that is not: neither says so before somebody has signed in."""
    pages = [reverse("school-home", kwargs={"school": slug}) for slug in ("oakfield", "nowhere")]
    answers = [Client().get(page) for page in pages]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].content == answers[1].content
