"""On a case: what is told to those who look after the filtering."""

import re
from typing import Any

import pytest

from incidents.models import FilteringTicket
from incidents.routes import About
from incidents.statuses import Status
from tests.conftest import Cast
from tests.factories import alleged, make_incident, person_of
from tests.incidents.filtering import ADDRESS, CANARY
from tests.incidents.pages import browser, case_address, main, words

SENT = {
    "url": ADDRESS,
    "device": "Library PC 4",
    "user_group": "key_stage_2",
    "seen_date": "2026-11-17",
    "seen_time": "07:30",
}


def test_a_case_asks_for_the_address_the_device_the_group_and_the_time_alone(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, narrative=CANARY)

    page = browser(cast.dsl).get(case_address("filtering-breach-list", incident))

    asked = set(re.findall(r'name="([a-z_]+)"', main(page))) - {"csrfmiddlewaretoken"}
    assert asked == {"url", "device", "user_group", "seen_date", "seen_time", "is_illegal"}


def test_what_is_sent_becomes_a_ticket_and_stands_on_the_case(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast.dsl)

    answer = client.post(case_address("filtering-breach-add", incident), SENT, follow=True)

    assert FilteringTicket.objects.get().url == ADDRESS
    assert "They see nothing of this case" in words(answer)
    assert "To fix" in main(answer)
    assert "Reported to those who look after the filtering" in words(
        client.get(case_address("incident-detail", incident))
    )


@pytest.mark.parametrize("who", ["ict", "teacher", "head", "governor", "next_door_dsl"])
def test_nobody_else_reaches_it(cast: Cast, who: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast[who])

    assert client.get(case_address("filtering-breach-list", incident)).status_code in (403, 404)
    assert client.post(case_address("filtering-breach-add", incident), SENT).status_code in (403, 404)
    assert not FilteringTicket.objects.exists()


def test_whoever_a_case_is_about_never_reaches_it(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person_of(cast.deputy, cast.school))])

    assert browser(cast.deputy).get(case_address("filtering-breach-list", incident)).status_code == 404
    assert browser(cast.deputy).post(case_address("filtering-breach-add", incident), SENT).status_code == 404


def test_a_case_manager_reports_from_their_case(cast: Cast) -> None:
    person = person_of(cast.colleague, cast.school)
    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person)], about=About.ADULT)

    answer = browser(cast.head).post(case_address("filtering-breach-add", incident), SENT)

    assert answer.status_code == 302
    page = words(browser(cast.ict).get(f"/s/oakfield/filtering/tickets/{FilteringTicket.objects.get().pk}/"))
    assert "Designated Safeguarding Lead" in page
    assert not {word for word in ("Hetty", "Headteacher", "Colin", incident.reference) if word in page}


def test_a_device_with_a_name_is_refused_with_what_was_typed(cast: Cast) -> None:
    person = person_of(cast.colleague, cast.school)
    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person)], about=About.ADULT)

    answer = browser(cast.head).post(
        case_address("filtering-breach-add", incident), {**SENT, "device": "Colin’s laptop"}
    )

    assert "names somebody of this case" in words(answer)
    assert "Colin’s laptop" in words(answer)
    assert not FilteringTicket.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": ""}, "Give the address of the page."),
        ({"url": "a game"}, "That is not a web address."),
        ({"user_group": ""}, "Choose a group."),
        ({"seen_date": "2026-11-18"}, "in the future"),
        ({"seen_time": "soon"}, "That is not a time."),
    ],
)
def test_what_is_missing_is_said(cast: Cast, changed: dict[str, Any], said: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    answer = browser(cast.dsl).post(case_address("filtering-breach-add", incident), SENT | changed)

    assert said in words(answer)
    assert not FilteringTicket.objects.exists()


def test_a_closed_case_shows_what_was_reported_and_asks_nothing(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    type(incident).objects.filter(pk=incident.pk).update(status=Status.CLOSED)

    page = words(browser(cast.dsl).get(case_address("filtering-breach-list", incident)))

    assert "Report an address" not in page
