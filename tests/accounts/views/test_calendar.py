"""The calendar page: terms and closed days come and go, and a mistake loses nothing."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, ClosedDay, Term
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast

PAGE = "/s/oakfield/settings/calendar/"
TERM = {"adding": "term", "term-name": "Spring term", "term-starts_on": "2027-01-05", "term-ends_on": "2027-03-26"}
CLOSED = {"adding": "closed_day", "day-day": "2027-02-15", "day-reason": "Half-term"}


def test_a_term_and_a_closed_day_are_added_shown_and_removed(cast: Cast) -> None:
    client = signed_in(cast, "administrator")

    assert client.post(PAGE, TERM).status_code == 302
    assert client.post(PAGE, CLOSED).status_code == 302
    page = client.get(PAGE).content.decode()
    term, closed = Term.objects.get(), ClosedDay.objects.get()
    client.post(reverse("term-remove", kwargs={"school": "oakfield", "term_id": term.pk}))
    client.post(reverse("closed-day-remove", kwargs={"school": "oakfield", "day_id": closed.pk}))

    assert "Spring term" in page
    assert "15 February 2027" in page
    assert not Term.objects.exists()
    assert not ClosedDay.objects.exists()
    events = AuditEvent.objects.filter(actor=str(cast.administrator.pk)).order_by("seq").values_list("event", flat=True)
    assert [event for event in events if event.startswith("school.")] == [
        "school.term_added",
        "school.closed_day_added",
        "school.term_removed",
        "school.closed_day_removed",
    ]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (TERM | {"term-ends_on": "2027-01-04"}, "The last day must be after the first day"),
        (TERM | {"term-starts_on": "soon"}, "That is not a date"),
        (TERM | {"term-name": ""}, "Give the term a name"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(cast: Cast, sent: dict[str, str], sentence: str) -> None:
    page = signed_in(cast, "administrator").post(PAGE, sent).content.decode()

    assert sentence in page
    assert sent["term-starts_on"] in page
    assert "<title>Error: School calendar" in page
    assert not Term.objects.exists()


def test_the_calendar_next_door_stays_as_it_is(cast: Cast) -> None:
    client = signed_in(cast, "administrator")
    foreign = Term.objects.create(school=cast.next_door, name="Theirs", starts_on="2027-01-05", ends_on="2027-03-26")

    answer = client.post(reverse("term-remove", kwargs={"school": "oakfield", "term_id": foreign.pk}))

    assert answer.status_code == 404
    assert Term.objects.filter(pk=foreign.pk).exists()
