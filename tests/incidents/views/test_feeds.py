"""The feed for calendar programs: one's own moments without any detail, and a 404 for everybody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.roles import Role
from incidents.models import Obligation
from policies.engine.vocabulary import Strength
from policies.models import SchoolDuty
from policies.operations import adoptions, duties, feeds
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, person_of

CANARY = "marmalade"


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def adopted(cast: Cast) -> Cast:
    """Let the school follow the starter, and log a concern."""
    for school in (cast.school, cast.next_door):
        adoptions.adopt(school=school, pack_id="starter", starts_on=NOW.date(), at=NOW, by=None)
    make_incident(school=cast.school, by=cast.teacher, narrative=CANARY)
    make_incident(school=cast.next_door, by=cast.next_door_teacher, narrative=CANARY)
    return cast


def make(cast: Cast, who: str) -> str:
    return feeds.make_feed(school=cast.school, user=cast[who], at=NOW)


def fetch(token: str) -> HttpResponse:
    answer: Any = Client().get(reverse("duty-calendar", kwargs={"token": token}))
    return answer


def lines_of(token: str) -> list[str]:
    return fetch(token).content.decode().replace("\r\n ", "").split("\r\n")


def titles_of(token: str) -> list[str]:
    return [line.removeprefix("SUMMARY:") for line in lines_of(token) if line.startswith("SUMMARY:")]


def test_it_holds_ones_own_duties_and_says_nothing_of_them(adopted: Cast) -> None:
    token = make(adopted, "dsl")
    answer, lines = fetch(token), lines_of(token)

    school = SchoolDuty.objects.for_school(adopted.school).filter(owner_role="dsl", state=State.OPEN)
    case = Obligation.objects.for_school(adopted.school).filter(
        owner_role="dsl", state=State.OPEN, strength=Strength.MUST, due_at__isnull=False
    )
    assert case.exists()
    assert sorted(titles_of(token)) == sorted(
        ["Duty due: Oakfield Primary School"] * school.count()
        + ["A case duty is due: Oakfield Primary School"] * case.count()
    )
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    told = [row.text for row in [*school, *case]] + [str(row.pk) for row in [*school, *case]]
    told += [row.incident.reference for row in case] + [adopted.dsl.full_name, CANARY, "Birchwood"]
    assert [words for words in told if words in text] == []
    moments = {f"DTSTART:{row.due_at:%Y%m%dT%H%M%SZ}" for row in [*school, *case] if row.due_at}
    assert {line for line in lines if line.startswith("DTSTART:")} == moments


def test_names_of_events_stay_the_same_and_are_each_their_own(adopted: Cast) -> None:
    token = make(adopted, "dsl")
    first, second = ([line for line in lines_of(token) if line.startswith("UID:")] for _ in range(2))

    assert first == second
    assert len(set(first)) == len(first)


def test_what_is_done_is_gone(adopted: Cast) -> None:
    token = make(adopted, "ict")
    assert titles_of(token) == ["Duty due: Oakfield Primary School"]
    row = SchoolDuty.objects.for_school(adopted.school).get(owner_role="network_manager")
    before = lines_of(token)

    duties.discharge(duty=row, by=adopted.ict, at=NOW, evidence="Yes", done_on=NOW.date())

    after = lines_of(token)
    assert [line for line in after if line.startswith("UID:")] != [line for line in before if line.startswith("UID:")]


def test_a_case_about_its_reader_is_not_in_it(adopted: Cast) -> None:
    token = make(adopted, "head")
    before = titles_of(token)
    make_incident(school=adopted.school, by=adopted.teacher, people=[alleged(person_of(adopted.head, adopted.school))])

    assert titles_of(token) == before


@pytest.mark.parametrize("end", ["deactivated", "role ended", "only staff", "switched off", "renewed"])
def test_whoever_left_or_ended_it_finds_nothing_and_nobody_else_loses_theirs(adopted: Cast, end: str) -> None:
    token, other = make(adopted, "dsl"), make(adopted, "head")
    assert fetch(token).status_code == 200
    if end == "deactivated":
        adopted.dsl.is_active = False
        adopted.dsl.save()
    elif end in ("role ended", "only staff"):
        Membership.objects.filter(user=adopted.dsl).update(ends_on=NOW.date() - timedelta(days=1))
        if end == "only staff":
            make_member(school=adopted.school, role=Role.STAFF, user=adopted.dsl)
    elif end == "switched off":
        feeds.end_feed(school=adopted.school, user=adopted.dsl, at=NOW)
    else:
        make(adopted, "dsl")

    answer = fetch(token)
    assert answer.status_code == 404
    assert "Oakfield" not in answer.content.decode()
    assert fetch(other).status_code == 200


@pytest.mark.parametrize("token", ["x", "a" * 43, "A" * 500])
def test_an_address_that_nobody_made_is_not_there(adopted: Cast, token: str) -> None:
    make(adopted, "dsl")

    assert fetch(token).status_code == 404
    assert Client().post(reverse("duty-calendar", kwargs={"token": token})).status_code == 405


def test_however_much_is_due_it_takes_as_many_statements(
    adopted: Cast, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    token = make(adopted, "dsl")
    for _ in range(3):
        make_incident(school=adopted.school, by=adopted.teacher)

    with django_assert_max_num_queries(6):
        fetch(token)
