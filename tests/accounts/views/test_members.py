"""The page of people and roles."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast
from tests.factories import make_member

PAGE = "/s/oakfield/settings/members/"


def test_a_role_that_begins_later_says_so_and_is_taken_back(cast: Cast) -> None:
    client = signed_in(cast, "administrator")
    later = make_member(school=cast.school, role=Role.DPO, name="Lana Later")
    first_day = date(timezone.localdate().year + 1, 1, 1)
    Membership.objects.filter(user=later).update(starts_on=first_day)
    membership = Membership.objects.get(user=later)

    page = client.get(PAGE).content.decode()
    client.post(reverse("member-end", kwargs={"school": "oakfield", "membership_id": membership.pk}))

    assert f"from 1 January {first_day.year}</span>" in page
    assert "Take back<span" in page
    assert "since 1 September 2024</span>" in page
    assert "Lana Later" not in client.get(PAGE).content.decode()
