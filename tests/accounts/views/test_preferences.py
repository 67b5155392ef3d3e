"""The page on which somebody chooses how messages come to them."""

from datetime import time

import pytest
from django.test import Client

from accounts.models import Mail, Preference
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast

PAGE = "/account/messages/"
CHOSEN = {"mail": "digest", "digest_time": "16:15", "quiet_from": "20:00", "quiet_until": "07:00"}


def test_without_a_choice_everything_comes_at_once(cast: Cast) -> None:
    page = signed_in(cast, "teacher").get(PAGE).content.decode()

    assert 'value="at_once" checked' in page
    assert "What cannot wait always comes by e-mail at once" in page
    assert not Preference.objects.exists()


def test_a_choice_is_kept_and_shown(cast: Cast) -> None:
    client = signed_in(cast, "teacher")

    answer = client.post(PAGE, CHOSEN | {"is_quiet_at_weekends": "on"}, follow=True)

    page, kept = answer.content.decode(), Preference.objects.get(user=cast.teacher)
    assert (kept.mail, kept.digest_time, kept.quiet_from) == (Mail.DIGEST, time(16, 15), time(20))
    assert kept.is_quiet_at_weekends
    assert "It is saved" in page
    assert 'value="digest" checked' in page
    assert 'value="16:15"' in page


def test_an_empty_time_leaves_the_one_that_was_there(cast: Cast) -> None:
    client = signed_in(cast, "teacher")
    client.post(PAGE, CHOSEN)

    client.post(PAGE, {"mail": "at_once", "digest_time": ""})

    kept = Preference.objects.get()
    assert (kept.mail, kept.digest_time, kept.quiet_from) == (Mail.AT_ONCE, time(16, 15), None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"mail": ""}, "Choose how you want to hear of it"),
        ({"mail": "by pigeon"}, "Select a valid choice"),
        ({"mail": "digest", "digest_time": "soon"}, "That is not a time"),
        ({"mail": "digest", "quiet_from": "20:00"}, "Say both when the quiet hours begin"),
        (CHOSEN | {"digest_time": "06:00"}, "That time lies in your quiet hours"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_kept(cast: Cast, typed: dict[str, str], sentence: str) -> None:
    page = signed_in(cast, "teacher").post(PAGE, typed).content.decode()

    assert sentence in page
    assert "<title>Error: Messages to you" in page
    assert not Preference.objects.exists()


def test_the_page_is_for_those_who_are_signed_in_and_shown_on_the_profile(cast: Cast) -> None:
    assert Client().get(PAGE).status_code == 302
    assert f'href="{PAGE}"' in signed_in(cast, "teacher").get("/account/profile/").content.decode()
