"""The access review: who may read cases and why, what there is to ask, and nothing of any case."""

import csv
import io
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.errors import Refused
from accounts.models import AccessReview, AuditEvent, Membership, Person, User
from accounts.operations.members import end_membership
from accounts.queries.access_reviews import Reader, review_of
from accounts.roles import Role
from incidents.access import kept_from_ledger
from incidents.operations import incidents
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, person_of
from tests.incidents.pages import address, browser, main

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def officer(cast: Cast) -> User:
    return make_member(school=cast.school, role=Role.DPO, name="Petra Protect")


def readers(cast: Cast, without: list[str] | None = None) -> dict[str, Reader]:
    found = review_of(cast.school, without=without or [], at=NOW)
    return {reader.user.full_name: reader for reader in found.readers}


def test_whoever_may_read_cases_is_listed_with_the_role_and_nobody_else(cast: Cast) -> None:
    assert sorted(readers(cast)) == sorted(
        cast[name].full_name for name in ("dsl", "deputy", "online_safety_lead", "head", "chair", "trust_lead")
    )
    assert readers(cast)["Dora Safe"].held[0].title == "Designated Safeguarding Lead"


def test_what_there_is_to_ask_is_said_in_words(cast: Cast) -> None:
    User.objects.filter(pk=cast.dsl.pk).update(last_login=NOW - DAY)
    User.objects.filter(pk=cast.deputy.pk).update(last_login=NOW - 91 * DAY)
    Person.objects.filter(pk=person_of(cast.head, cast.school).pk).update(left_on=NOW.date())
    incident = make_incident(school=cast.school, by=cast.teacher)
    incidents.open_case(incident=incident, by=cast.dsl, at=NOW)

    found = readers(cast)

    assert found["Dora Safe"].read_at == NOW
    assert found["Dora Safe"].questions == ["Has no second factor, and can open no case until they set one up."]
    assert "Has not signed in for 90 days." in found["Dennis Deputy"].questions
    assert "Has never signed in." in found["Olive Online"].questions
    assert "Has left the school, and still holds the role." in found["Hetty Head"].questions


def test_an_account_that_outlives_its_roles_is_listed(cast: Cast) -> None:
    held = Membership.objects.get(user=cast.deputy)
    end_membership(membership=held, at=NOW, by=cast.administrator, second=cast.head)

    left = review_of(cast.school, without=[], at=NOW).left

    assert [(one.user, one.last_title) for one in left] == [(cast.deputy, "Deputy Designated Safeguarding Lead")]


def test_nothing_tells_of_a_case_that_somebody_may_not_know_of(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.DSL, name="Dagmar Safe")
    about = alleged(person_of(cast.dsl, cast.school))
    hidden = make_incident(school=cast.school, by=cast.teacher, people=[about], about=About.ADULT)
    before = main(browser(cast.dsl).get(address("access-review", cast.school)))
    incidents.open_case(incident=hidden, by=cast.head, at=NOW)

    after = main(browser(cast.dsl).get(address("access-review", cast.school)))

    assert before == after
    assert hidden.reference not in after
    seen = make_incident(school=cast.school, by=cast.teacher)
    incidents.open_case(incident=seen, by=cast.deputy, at=NOW)
    assert readers(cast)["Dennis Deputy"].read_at == NOW
    assert readers(cast, [f"incident:{seen.pk}"])["Dennis Deputy"].read_at is None
    assert f"incident:{hidden.pk}" in kept_from_ledger(cast.access("dsl"))


def test_the_officer_notes_that_they_looked_and_when_again(cast: Cast, officer: User) -> None:
    page, client = address("access-review", cast.school), browser(officer)
    assert "Nobody has looked at this yet" in main(client.get(page))

    late = client.post(page, {"note": "Asked about one.", "next_on": "2029-01-01"})
    assert "a year from now at the most" in main(late)
    assert "Asked about one." in main(late)
    client.post(page, {"note": "Asked about one.", "next_on": "2027-02-01"})

    row = AccessReview.objects.get()
    assert (row.reviewed_by, row.readers, row.note) == (officer, 6, "Asked about one.")
    assert "Next time: 1 February 2027" in main(client.get(page))
    assert "End<span" not in main(client.get(page))
    assert AuditEvent.objects.filter(event="member.access_reviewed").count() == 1
    with pytest.raises(Refused):
        AccessReview.objects.update(readers=0)
    with pytest.raises((IntegrityError, Exception)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_accessreview SET readers = 0")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\uff1dx", "  =1"])
def test_the_list_holds_no_formula_and_that_it_left_is_recorded(cast: Cast, officer: User, name: str) -> None:
    User.objects.filter(pk=cast.deputy.pk).update(full_name=name)

    answer = browser(officer).post(address("access-review-export", cast.school))

    rows = list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert rows[0][0] == "Name"
    assert [row[0] for row in rows if row[2].startswith("Deputy")] == [f"'{name}"]
    assert answer["Content-Disposition"] == 'attachment; filename="access-2026-11-17.csv"'
    assert AuditEvent.objects.filter(event="member.access_listed").count() == 1


def test_more_people_cost_no_more_statements(cast: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as context:
            review_of(cast.school, without=[], at=NOW)
        return len(context)

    before = statements()
    for _ in range(5):
        make_member(school=cast.school, role=Role.DEPUTY_DSL)

    assert statements() == before


@pytest.mark.parametrize(
    ("name", "status"), [("head", 200), ("deputy", 403), ("governor", 403), ("next_door_dsl", 404)]
)
def test_the_page_is_for_those_who_may_read_the_ledger(cast: Cast, name: str, status: int) -> None:
    assert browser(cast[name]).get(address("access-review", cast.school)).status_code == status
