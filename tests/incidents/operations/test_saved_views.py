"""Views of the queue: kept under a name, replaced by the same name, their owner's alone."""

import pytest

from accounts.errors import Refused
from incidents.models import SavedView
from incidents.operations import saved_views
from incidents.queries.incidents import QueueFilter
from incidents.queries.saved_views import views_of
from tests.conftest import Cast
from tests.factories import NOW

OPEN = QueueFilter(status="open", text="Mia Marlow")


def test_a_view_is_kept_sealed_and_the_same_name_takes_its_place(cast: Cast) -> None:
    saved_views.save(school=cast.school, user=cast.dsl, name=" Mia  Marlow ", chosen=OPEN, at=NOW)
    saved_views.save(school=cast.school, user=cast.dsl, name="mia marlow", chosen=QueueFilter(owner="none"), at=NOW)

    (view,) = views_of(cast.school, cast.dsl)
    assert (view.name, view.chosen) == ("mia marlow", QueueFilter(owner="none"))
    raw = SavedView.objects.values_list("name", "chosen").get()
    assert all(b"mia" not in bytes(column).lower() for column in raw)
    assert views_of(cast.school, cast.deputy) == []
    assert views_of(cast.next_door, cast.dsl) == []


@pytest.mark.parametrize(
    ("name", "chosen", "code"),
    [(" ", OPEN, "name_missing"), ("x" * 61, OPEN, "name_long"), ("All", QueueFilter(), "nothing_chosen")],
)
def test_what_makes_no_view_is_refused(cast: Cast, name: str, chosen: QueueFilter, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        saved_views.save(school=cast.school, user=cast.dsl, name=name, chosen=chosen, at=NOW)
    assert refusal.value.code == code
    assert not SavedView.objects.exists()


def test_twelve_are_enough(cast: Cast) -> None:
    for number in range(saved_views.MOST):
        saved_views.save(school=cast.school, user=cast.dsl, name=f"View {number}", chosen=OPEN, at=NOW)
    saved_views.save(school=cast.school, user=cast.dsl, name="View 3", chosen=OPEN, at=NOW)
    with pytest.raises(Refused) as refusal:
        saved_views.save(school=cast.school, user=cast.dsl, name="One more", chosen=OPEN, at=NOW)
    assert refusal.value.code == "too_many"


def test_nobody_takes_away_anothers_view(cast: Cast) -> None:
    row = saved_views.save(school=cast.school, user=cast.dsl, name="Mine", chosen=OPEN, at=NOW)

    assert not saved_views.drop(school=cast.school, user=cast.deputy, view_id=row.pk)
    assert not saved_views.drop(school=cast.next_door, user=cast.dsl, view_id=row.pk)
    assert saved_views.drop(school=cast.school, user=cast.dsl, view_id=row.pk)
    assert not SavedView.objects.exists()
