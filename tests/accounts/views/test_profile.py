"""One's own account, and the answer that keeps a session going."""

from django.test import Client
from django.urls import reverse

from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast


def test_the_account_page_says_who_is_signed_in_and_where(cast: Cast) -> None:
    page = signed_in(cast, "teacher").get(reverse("profile")).content.decode()

    assert cast.teacher.full_name in page
    assert cast.teacher.email in page
    assert cast.school.name in page
    assert cast.next_door.name not in page


def test_keeping_a_session_alive_hands_out_a_token_that_a_form_can_use(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.teacher, backend="allauth.account.auth_backends.AuthenticationBackend")

    token = client.get(reverse("session-keepalive")).json()["csrf_token"]
    answer = client.post(
        reverse("person-search", kwargs={"school": "oakfield"}), {"q": "tes", "csrfmiddlewaretoken": token}
    )

    assert answer.status_code == 200


def test_nobody_who_is_signed_out_keeps_a_session_alive(db: None) -> None:
    assert Client().get(reverse("session-keepalive")).status_code == 302
    assert Client().get(reverse("session-keepalive"), headers={"X-Autosave": "1"}).status_code == 401
