"""The pages on which somebody is marked as away: one's own, and that of whoever keeps the members."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence, Membership
from accounts.operations.absences import add_absence
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast

OWN = "/s/oakfield/settings/absences/"


def _sent(days: int = 0) -> dict[str, str]:
    return {"starts_on": (timezone.localdate() + timedelta(days=days)).isoformat(), "ends_on": ""}


def _of(cast: Cast, name: str) -> str:
    membership = Membership.objects.get(user=cast[name], school=cast.school)
    return reverse("member-absences", kwargs={"school": "oakfield", "membership_id": membership.pk})


def _end(name: str, absence: Absence) -> str:
    return reverse(name, kwargs={"school": "oakfield", "absence_id": absence.pk})


def test_somebody_says_that_they_are_away_and_back_again(cast: Cast) -> None:
    client = signed_in(cast, "teacher")

    assert client.post(OWN, _sent()).status_code == 302
    absence = Absence.objects.get()
    assert (absence.user, absence.added_by, absence.school) == (cast.teacher, cast.teacher, cast.school)
    assert "Away until further notice" in client.get(OWN).content.decode()
    assert "Away until further notice" in client.get(reverse("profile")).content.decode()

    assert client.post(_end("absence-end", absence)).status_code == 302
    assert "Away until" not in client.get(OWN).content.decode()


def test_a_mistake_is_said_and_marks_nobody(cast: Cast) -> None:
    client = signed_in(cast, "teacher")

    page = client.post(OWN, _sent(-3)).content.decode()

    assert "That day has passed" in page
    assert "<title>Error: I am away" in page
    assert "Say from which day on" in client.post(OWN, {}).content.decode()
    assert not Absence.objects.exists()


def test_whoever_keeps_the_members_marks_others_and_sees_who_is_away(cast: Cast) -> None:
    client = signed_in(cast, "administrator")

    assert client.post(_of(cast, "dsl"), _sent(2)).status_code == 302
    absence = Absence.objects.get()
    assert (absence.user, absence.added_by) == (cast.dsl, cast.administrator)
    assert "Away from" in client.get(reverse("member-list", kwargs={"school": "oakfield"})).content.decode()
    assert "Away from" in client.get(_of(cast, "dsl")).content.decode()

    assert client.post(_end("member-absence-end", absence)).status_code == 302
    assert not Absence.objects.exists()


@pytest.mark.parametrize("name", ["teacher", "dsl", "head", "next_door_dsl"])
def test_nobody_else_marks_others_or_ends_their_absence(cast: Cast, name: str) -> None:
    absence = add_absence(
        school=cast.school, user=cast.deputy, starts_on=timezone.localdate(), ends_on=None, by=cast.deputy,
        at=timezone.now(),
    )  # fmt: skip
    client = signed_in(cast, name)

    codes = {
        client.post(_of(cast, "colleague"), _sent()).status_code,
        client.get(_of(cast, "colleague")).status_code,
        client.post(_end("member-absence-end", absence)).status_code,
        client.post(_end("absence-end", absence)).status_code,
    }

    assert codes <= {403, 404}
    assert Absence.objects.get().ends_at is None
    assert signed_in(cast, "deputy").post(_end("absence-end", absence)).status_code == 302


def test_an_absence_from_the_school_next_door_is_not_there(cast: Cast) -> None:
    theirs = add_absence(
        school=cast.next_door, user=cast.next_door_dsl, starts_on=timezone.localdate(), ends_on=None,
        by=cast.next_door_dsl, at=timezone.now(),
    )  # fmt: skip
    client = signed_in(cast, "administrator")

    assert client.post(_end("member-absence-end", theirs)).status_code == 404
    assert Absence.objects.get().ends_at is None
    page = client.get(reverse("member-list", kwargs={"school": "oakfield"})).content.decode()
    assert "Away" not in page.replace("Here or away", "")
