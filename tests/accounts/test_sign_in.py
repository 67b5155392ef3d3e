"""Signing in by password: right, wrong, too often, from one address, after a reset, and out again everywhere."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.operations import members
from accounts.roles import Role
from tests.conftest import Cast
from tests.factories import NOW

PASSWORD = "a long enough password"
NEW_PASSWORD = "another long enough password"


def try_to_sign_in(email: str, password: str = PASSWORD, client: Client | None = None) -> bool:
    """Send the form and say whether somebody is signed in afterwards."""
    client = client or Client()
    client.post(reverse("account_login"), {"login": email, "password": password})
    return is_signed_in(client)


def is_signed_in(client: Client) -> bool:
    """Say whether one's own page opens."""
    return client.get(reverse("profile")).status_code == 200


def events_of(user: User) -> list[str]:
    """Return what the audit says of an account, in order."""
    rows = AuditEvent.objects.filter(target=f"user:{user.pk}").order_by("seq")
    return list(rows.values_list("event", flat=True))


# Right and wrong


@pytest.mark.parametrize("shape", [str, str.upper, str.title, lambda email: f"  {email} "])
def test_the_right_password_opens_the_door_however_the_address_is_typed(cast: Cast, shape: Any) -> None:
    assert try_to_sign_in(shape(cast.teacher.email))


@pytest.mark.parametrize("password", ["wrong", "", "A long enough password", " a long enough password", "x" * 5000])
def test_a_wrong_password_opens_nothing(cast: Cast, password: str) -> None:
    assert not try_to_sign_in(cast.teacher.email, password)


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(cast: Cast, settings: LazySettings) -> None:
    settings.DEMONSTRATION = False
    bodies = []
    for email in (cast.teacher.email, "nobody@school.example"):
        answer = Client().post(reverse("account_login"), {"login": email, "password": "wrong"})
        bodies.append((answer.status_code, _without_what_was_typed(answer.content.decode(), email)))

    assert bodies[0] == bodies[1]


def _without_what_was_typed(page: str, email: str) -> str:
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)
    return page.replace(email, "ADDRESS")


def test_signing_in_and_out_stands_in_the_audit(cast: Cast, client: Client) -> None:
    try_to_sign_in(cast.teacher.email, client=client)
    client.post(reverse("account_logout"))

    assert events_of(cast.teacher) == ["account.signed_in", "account.signed_out"]


def test_opening_a_link_signs_nobody_out(cast: Cast, client: Client) -> None:
    try_to_sign_in(cast.teacher.email, client=client)

    client.get(reverse("account_logout"))

    assert is_signed_in(client)


def test_a_form_from_elsewhere_signs_nobody_in(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)

    assert not try_to_sign_in(cast.teacher.email, client=client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_signing_in_leads_to_no_other_site(cast: Cast, client: Client, target: str) -> None:
    answer = client.post(reverse("account_login"), {"login": cast.teacher.email, "password": PASSWORD, "next": target})

    assert answer.headers["Location"].startswith("/")
    assert "evil" not in answer.headers["Location"]


def test_the_sign_in_page_lists_nobody_unless_it_is_a_demonstration(
    cast: Cast, client: Client, settings: LazySettings
) -> None:
    settings.DEMONSTRATION = False

    page = client.get(reverse("account_login")).content.decode()

    assert cast.dsl.email not in page
    assert settings.DEMONSTRATION_PASSWORD not in page


# Too often


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that moves the clock of the limits on."""
    moved = {"by": 0.0}
    real = time.time
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: real() + moved["by"])

    def wait(duration: timedelta) -> None:
        moved["by"] += duration.total_seconds()

    return wait


@pytest.fixture
def guesses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the passwords that were really compared."""
    compared: list[str] = []
    real = User.check_password

    def spy(self: User, password: str) -> bool:
        compared.append(password)
        return real(self, password)

    monkeypatch.setattr(User, "check_password", spy)
    return compared


def _guess(email: str, times: int) -> None:
    for number in range(times):
        Client().post(reverse("account_login"), {"login": email, "password": f"guess {number}"})


def test_after_ten_wrong_passwords_even_the_right_one_waits(cast: Cast, later: Any, guesses: list[str]) -> None:
    _guess(cast.dsl.email, 10)

    assert not try_to_sign_in(cast.dsl.email)
    assert len(guesses) <= 5, "only the first few are even looked at"
    later(timedelta(minutes=6))
    assert try_to_sign_in(cast.dsl.email)


def test_guessing_from_many_addresses_is_still_guessing_at_one_account(cast: Cast, guesses: list[str]) -> None:
    for number in range(40):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(
            reverse("account_login"), {"login": cast.dsl.email, "password": f"guess {number}"}
        )

    assert len(guesses) <= 5


@pytest.mark.parametrize(
    "shapes",
    [
        [str.upper, str.title, str.swapcase],
        [lambda email: f" {email}", lambda email: f"{email} ", lambda email: f"\t{email}\n"],
        [lambda email: email.replace("s", "\u017f"), lambda email: email.replace("k", "\u212a")],
    ],
    ids=["case", "spaces", "letters that look alike to a database"],
)
def test_writing_the_address_differently_gives_no_more_guesses(
    cast: Cast, shapes: list[Any], guesses: list[str]
) -> None:
    User.objects.filter(pk=cast.dsl.pk).update(email="sisko.makinen@school.example")
    for shape in (str, *shapes):
        _guess(shape("sisko.makinen@school.example"), 5)

    assert len(guesses) <= 5


def test_counting_survives_a_flood_of_other_entries(cast: Cast, guesses: list[str]) -> None:
    _guess(cast.dsl.email, 5)
    for number in range(400):
        cache.set(f"flood:{number}", [1.0], 300)

    _guess(cast.dsl.email, 5)

    assert len(guesses) <= 5


def test_one_account_under_attack_keeps_nobody_else_out(cast: Cast) -> None:
    _guess(cast.dsl.email, 30)

    assert try_to_sign_in(cast.deputy.email)
    assert try_to_sign_in(cast.next_door_dsl.email)


def test_a_whole_staffroom_signs_in_from_one_address(db: None) -> None:
    password = make_password(PASSWORD, hasher="md5")
    staff = User.objects.bulk_create(
        User(email=f"staff{number}@school.example", full_name=f"Staff {number}", password=password)
        for number in range(150)
    )
    blocked = []

    for number, member in enumerate(staff):
        if number % 10 == 0:
            assert not try_to_sign_in(member.email, "mistyped")
        if not try_to_sign_in(member.email):
            blocked.append(member.email)

    assert blocked == []


# Accounts are by invitation


def test_nobody_signs_themselves_up(db: None, client: Client) -> None:
    page = client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), {"email": "me@evil.example", "password1": PASSWORD})

    assert page.status_code == 200
    assert b"<form" not in page.content.split(b"<main", 1)[-1].split(b"</main", 1)[0]
    assert User.objects.count() == 0


def test_an_invitation_leads_all_the_way_in(cast: Cast, client: Client, mailoutbox: list[EmailMessage]) -> None:
    members.invite(
        school=cast.school,
        email="new@school.example",
        given_name="Nell",
        family_name="Newcomer",
        role=Role.STAFF,
        starts_on=NOW.date(),
        at=NOW,
        by=cast.administrator,
    )
    client.post(reverse("account_reset_password"), {"email": "new@school.example"})

    choose_password(client, mailoutbox[-1])

    assert try_to_sign_in("new@school.example", NEW_PASSWORD)


@pytest.mark.parametrize("password", ["short", "password1234", "new@school.example"])
def test_a_weak_password_is_refused(cast: Cast, client: Client, password: str) -> None:
    try_to_sign_in(cast.teacher.email, client=client)
    User.objects.filter(pk=cast.teacher.pk).update(email="new@school.example")

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password": password, "password1": password, "password2": password},
    )

    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(PASSWORD)


# A forgotten password


class BrokenServer(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("No mail server.")


def _ask_for_reset(email: str) -> tuple[int, str, str]:
    client = Client(raise_request_exception=False)
    answer = client.post(reverse("account_reset_password"), {"email": email})
    body = client.get(answer.headers["Location"]).content.decode() if answer.status_code == 302 else ""
    return answer.status_code, answer.headers.get("Location", ""), _without_what_was_typed(body, email)


def choose_password(client: Client, mail: EmailMessage) -> None:
    """Follow the link of a mail and choose the new password there."""
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.body))
    assert link is not None
    form = client.get(link[1], follow=True)
    path = form.redirect_chain[-1][0] if form.redirect_chain else link[1]
    fields = {"password": NEW_PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(path, fields)


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)

    answers = [_ask_for_reset(email) for email in (cast.teacher.email, "nobody@x.example", cast.colleague.email)]

    assert answers[0][0] == 302
    assert len(set(answers)) == 1
    assert [mail.to for mail in mailoutbox] == [[cast.teacher.email]]


def test_a_mail_server_that_does_not_answer_tells_nobody_either(cast: Cast, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"

    assert _ask_for_reset(cast.teacher.email) == _ask_for_reset("nobody@x.example")


def test_a_link_in_a_mail_is_used_once(cast: Cast, client: Client, mailoutbox: list[EmailMessage]) -> None:
    _ask_for_reset(cast.teacher.email)
    choose_password(client, mailoutbox[0])
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(NEW_PASSWORD)
    chosen = cast.teacher.password

    choose_password(Client(), mailoutbox[0])

    cast.teacher.refresh_from_db()
    assert cast.teacher.password == chosen


def test_a_new_password_signs_nobody_in_and_everybody_else_out(
    cast: Cast, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    elsewhere = Client()
    assert try_to_sign_in(cast.teacher.email, client=elsewhere)
    _ask_for_reset(cast.teacher.email)

    choose_password(client, mailoutbox[0])

    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert try_to_sign_in(cast.teacher.email, NEW_PASSWORD)
    assert "account.password_changed" in events_of(cast.teacher)


# Out again


def test_a_deactivated_user_is_out_at_the_next_page(cast: Cast, client: Client) -> None:
    assert try_to_sign_in(cast.teacher.email, client=client)

    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)

    assert not is_signed_in(client)
    assert not try_to_sign_in(cast.teacher.email)


def test_signing_out_everywhere_leaves_one_session(cast: Cast, client: Client) -> None:
    others = [Client() for _ in range(3)]
    for one in (client, *others):
        assert try_to_sign_in(cast.teacher.email, client=one)

    client.post(reverse("usersessions_list"))

    assert is_signed_in(client)
    assert [is_signed_in(one) for one in others] == [False, False, False]


def test_signing_out_everywhere_leaves_other_people_alone(cast: Cast, client: Client) -> None:
    colleague = Client()
    assert try_to_sign_in(cast.teacher.email, client=client)
    assert try_to_sign_in(cast.colleague.email, client=colleague)

    client.post(reverse("usersessions_list"))

    assert is_signed_in(colleague)


def test_a_changed_password_ends_the_other_sessions(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    for one in (client, elsewhere):
        assert try_to_sign_in(cast.teacher.email, client=one)

    fields = {"password": NEW_PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **fields})

    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(NEW_PASSWORD)
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
