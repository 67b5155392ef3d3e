"""Who may open a page, and what happens to what was typed by somebody who has to sign in again first."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Cast

ADD_MEMBER = "/s/oakfield/settings/members/add/"
TYPED = {"given_name": "CNRY-typed <b>", "email": "new@school.example", "role": "dsl"}
SECRETS = {"password": "CNRY-secret", "password1": "CNRY-secret", "oldpassword": "CNRY-secret", "code": "CNRY-secret"}


def signed_in(cast: Cast, who: str) -> Client:
    """Sign somebody of the cast in."""
    client = Client()
    client.force_login(cast[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize(
    ("who", "status"), [("administrator", 200), ("dsl", 403), ("head", 403), ("teacher", 403), ("next_door_dsl", 404)]
)
def test_a_page_opens_to_those_who_hold_its_permission(cast: Cast, who: str, status: int) -> None:
    assert signed_in(cast, who).get(ADD_MEMBER).status_code == status


def test_a_school_next_door_and_no_school_look_the_same(cast: Cast) -> None:
    client = signed_in(cast, "teacher")

    answers = [client.get(f"/s/{school}/settings/members/") for school in ("birchwood", "absentone")]

    pages = [re.sub(r'"[A-Za-z0-9]{64}"', "TOKEN", answer.content.decode()) for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert pages[0].replace("birchwood", "absentone") == pages[1]


def test_somebody_who_only_looked_is_led_to_sign_in_and_back(cast: Cast) -> None:
    answer = Client().get(ADD_MEMBER)

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={ADD_MEMBER}"


@pytest.mark.parametrize("header", ["X-Autosave", "HX-Request"])
def test_a_script_is_answered_in_a_sentence(cast: Cast, header: str) -> None:
    answer = Client().post(ADD_MEMBER, TYPED, headers={header: "1"})

    assert answer.status_code == 401
    assert answer.json()["sign_in_url"] == reverse("account_login")


def test_what_was_typed_comes_back_and_no_secret_with_it(cast: Cast) -> None:
    answer = Client().post(ADD_MEMBER, TYPED | SECRETS)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "CNRY-typed &lt;b&gt;" in page
    assert "CNRY-secret" not in page


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}])
def test_a_form_of_ours_with_an_old_token_is_kept(cast: Cast, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(ADD_MEMBER, TYPED, headers=headers)

    assert answer.status_code == 403
    assert "CNRY-typed" in answer.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_another_sites_form_is_not_laid_before_the_user_to_send(
    cast: Cast, headers: dict[str, str], is_signed_in: bool
) -> None:
    """The page that gives typed words back holds a fresh token: with another site's words in it, one press would do."""
    client = Client(enforce_csrf_checks=True)
    if is_signed_in:
        client.force_login(cast.administrator, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(ADD_MEMBER, TYPED, headers=headers)

    assert answer.status_code in (302, 403)
    assert "CNRY-typed" not in answer.content.decode()
