"""That somebody looked at who may read cases: noted once, with a day for the next time, and never changed."""

from datetime import timedelta

import pytest

from accounts.errors import Refused
from accounts.models import AccessReview
from accounts.operations.access_reviews import mark_reviewed
from accounts.queries.access_reviews import earlier_reviews, review_of
from tests.conftest import Cast
from tests.factories import NOW

TODAY = NOW.date()


def test_a_look_is_noted_and_stands(cast: Cast) -> None:
    review = review_of(cast.school, without=[], at=NOW)
    assert review.is_due

    row = mark_reviewed(
        school=cast.school, review=review, next_on=TODAY + timedelta(days=90), note=" ", by=cast.head, at=NOW
    )

    assert (row.readers, row.note) == (6, None)
    assert earlier_reviews(cast.school) == [row]
    assert not review_of(cast.school, without=[], at=NOW).is_due
    assert review_of(cast.school, without=[], at=NOW + timedelta(days=90)).is_due
    assert earlier_reviews(cast.next_door) == []


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_the_next_time_is_a_day_to_come_within_a_year(cast: Cast, days: int) -> None:
    review = review_of(cast.school, without=[], at=NOW)

    with pytest.raises(Refused) as refusal:
        mark_reviewed(
            school=cast.school, review=review, next_on=TODAY + timedelta(days=days), note="", by=cast.head, at=NOW
        )

    assert refusal.value.code == "day_wrong"
    assert not AccessReview.objects.exists()
