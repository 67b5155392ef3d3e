"""Adopting a policy in the browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from policies.models import PackAdoption
from policies.operations import adoptions
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast

PAGE = "/s/oakfield/policies/packs/adoptions/"


def sent(**other: str) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {"pack_id": "starter", "starts_on": today, "note": "Approved by the governors"} | other


@pytest.mark.parametrize("who", ["head", "dsl"])
def test_head_and_dsl_adopt_a_policy(cast: Cast, who: str) -> None:
    answer = signed_in(cast, who).post(PAGE, sent(), follow=True)

    adopted = PackAdoption.objects.get()
    assert (adopted.edition.pack_id, adopted.adopted_by, adopted.note) == (
        "starter",
        cast[who],
        "Approved by the governors",
    )
    assert "The policy is adopted" in answer.content.decode()


@pytest.mark.parametrize("who", ["teacher", "deputy", "governor", "chair", "administrator"])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    assert signed_in(cast, who).post(PAGE, sent()).status_code == 403
    assert not PackAdoption.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"pack_id": "england-statutory"}, "Choose a policy from the list"),
        ({"pack_id": ""}, "Choose a policy"),
        ({"starts_on": "tomorrow"}, "That is not a date"),
        ({"starts_on": "2020-01-01"}, "from today at the earliest"),
        ({"note": ""}, "Say who decided"),
        ({"note": "x" * 301}, "Keep this to 300 characters"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_adopted(cast: Cast, wrong: dict[str, str], sentence: str) -> None:
    page = signed_in(cast, "head").post(PAGE, sent(**wrong)).content.decode()

    assert sentence in page
    assert "<title>Error: Adopt a policy" in page
    assert not PackAdoption.objects.exists()


def test_what_is_planned_is_taken_back(cast: Cast) -> None:
    client = signed_in(cast, "head")
    later = timezone.localdate() + timedelta(days=30)
    client.post(PAGE, sent(starts_on=later.isoformat()))
    planned = PackAdoption.objects.get()

    page = client.post(f"{PAGE}{planned.pk}/withdraw/", follow=True).content.decode()

    planned.refresh_from_db()
    assert planned.withdrawn_by == cast.head
    assert "It is taken back" in page


def test_what_applies_already_is_not(cast: Cast) -> None:
    client = signed_in(cast, "head")
    client.post(PAGE, sent())
    current = PackAdoption.objects.get()

    page = client.post(f"{PAGE}{current.pk}/withdraw/", follow=True).content.decode()

    current.refresh_from_db()
    assert current.withdrawn_at is None
    assert "This policy already applies" in page


def test_the_school_next_door_decides_for_itself(cast: Cast) -> None:
    later = timezone.localdate() + timedelta(days=30)
    planned = adoptions.adopt(
        school=cast.next_door, pack_id="starter", starts_on=later, at=timezone.now(), by=cast.next_door_dsl
    )

    answer = signed_in(cast, "head").post(f"{PAGE}{planned.pk}/withdraw/")

    assert answer.status_code == 404
    planned.refresh_from_db()
    assert planned.withdrawn_at is None
