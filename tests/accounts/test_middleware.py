"""Every request: its moment, the lock when nobody is at the keyboard, and headers that keep pages private."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.conftest import Cast
from tests.factories import NOW

IDLE = settings.IDLE_LIMIT
WHOLE = settings.SESSION_LIMIT
PASSWORD = "a long enough password"


class Clock:
    """The clock that every request reads."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put a clock in place that only the test moves."""
    stopped = Clock()
    monkeypatch.setattr("accounts.middleware.timezone.now", stopped)
    return stopped


@pytest.fixture
def browser(clock: Clock, cast: Cast, client: Client) -> Client:
    """A browser in which the teacher has just signed in by password."""
    answer = client.post(reverse("account_login"), {"login": cast.teacher.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_signed_in(browser: Client, **headers: str) -> bool:
    """Open one's own page and say whether it came."""
    answer = browser.get(reverse("profile"), headers=headers)
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


# Idle


@pytest.mark.parametrize(
    ("beyond", "stays"),
    [
        (timedelta(seconds=-5), True),
        (timedelta(seconds=-1), True),
        (timedelta(seconds=1), False),
        (timedelta(seconds=5), False),
        (timedelta(hours=1), False),
    ],
)
def test_a_session_ends_at_the_idle_limit(browser: Client, clock: Clock, beyond: timedelta, stays: bool) -> None:
    assert is_signed_in(browser)

    clock.now += IDLE + beyond

    assert is_signed_in(browser) is stays


@pytest.mark.parametrize("pause", [1, 4, 5, 6, 60])
def test_every_page_starts_the_idle_limit_anew_to_within_five_seconds(
    browser: Client, clock: Clock, pause: int
) -> None:
    clock.wait(seconds=pause)
    assert is_signed_in(browser)

    clock.now += IDLE - timedelta(seconds=5)

    assert is_signed_in(browser)


@pytest.mark.parametrize("pause", [1, 4])
def test_what_is_not_written_down_never_makes_a_session_longer(browser: Client, clock: Clock, pause: int) -> None:
    clock.wait(seconds=pause)
    assert is_signed_in(browser)

    clock.now += IDLE + timedelta(seconds=1)

    assert not is_signed_in(browser)


def test_the_limit_counts_from_signing_in_even_when_no_page_follows(browser: Client, clock: Clock) -> None:
    clock.now += IDLE + timedelta(seconds=5)

    assert not is_signed_in(browser)


def test_whoever_keeps_working_stays_signed_in(browser: Client, clock: Clock) -> None:
    for _ in range(30):
        clock.wait(minutes=14)
        assert is_signed_in(browser)


# Whole day


@pytest.mark.parametrize(
    ("beyond", "stays"), [(timedelta(seconds=-60), True), (timedelta(seconds=60), False), (timedelta(hours=9), False)]
)
def test_a_session_ends_after_the_longest_time_however_busy(
    browser: Client, clock: Clock, beyond: timedelta, stays: bool
) -> None:
    ends = clock.now + WHOLE
    while clock.now + timedelta(minutes=10) < ends + min(beyond, timedelta(0)):
        clock.wait(minutes=10)
        assert is_signed_in(browser)

    clock.now = ends + beyond

    assert is_signed_in(browser) is stays


# Autosave


def test_saving_by_itself_keeps_nobody_signed_in(browser: Client, clock: Clock) -> None:
    assert is_signed_in(browser)
    for _ in range(14):
        clock.wait(minutes=1)
        assert is_signed_in(browser, **{"X-Autosave": "1"})

    clock.wait(minutes=1, seconds=5)

    assert not is_signed_in(browser)


def test_a_session_that_only_ever_saved_by_itself_ends_too(clock: Clock, cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert is_signed_in(client, **{"X-Autosave": "1"})

    clock.now += IDLE + timedelta(seconds=5)

    answer = client.get(reverse("profile"), headers={"X-Autosave": "1"})
    assert answer.status_code == 401


@pytest.mark.parametrize("header", ["X-Autosave", "HX-Request"])
def test_a_script_is_told_in_a_sentence_and_not_sent_a_page(browser: Client, clock: Clock, header: str) -> None:
    clock.now += IDLE + timedelta(seconds=5)

    answer = browser.get(reverse("profile"), headers={header: "true"})

    assert answer.status_code == 401
    assert answer.json()["sentence"].startswith("You have been signed out. Nothing is lost.")
    assert answer.json()["sign_in_url"] == reverse("account_login")


# What an ended session leaves


def test_an_ended_session_leads_to_signing_in_and_back(browser: Client, clock: Clock) -> None:
    clock.now += IDLE + timedelta(seconds=5)

    answer = browser.get(reverse("profile"))

    assert answer.headers["Location"] == f"{reverse('account_login')}?next=%2Faccount%2Fprofile%2F&ended=1"
    assert b"session" in browser.get(answer.headers["Location"]).content.lower()


def test_an_ended_session_is_gone_from_the_server(browser: Client, clock: Clock) -> None:
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    clock.now += IDLE + timedelta(seconds=5)
    browser.get(reverse("profile"))
    clock.now -= IDLE

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie

    assert not Session.objects.filter(session_key=cookie).exists()
    assert not is_signed_in(thief)


def test_what_was_typed_when_the_session_ended_is_not_acted_on(browser: Client, clock: Clock, cast: Cast) -> None:
    clock.now += IDLE + timedelta(seconds=5)

    answer = browser.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "x" * 20})

    assert answer.status_code in (302, 403)
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(PASSWORD)
    assert not is_signed_in(browser)


def test_signing_in_changes_the_session_key(cast: Cast, client: Client) -> None:
    client.get(reverse("account_login"))
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.post(reverse("account_login"), {"login": cast.teacher.email, "password": PASSWORD})

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "a" * 32
    assert is_signed_in(client)


def test_signing_in_again_starts_a_new_day(browser: Client, clock: Clock, cast: Cast) -> None:
    clock.now += WHOLE + timedelta(minutes=1)
    assert not is_signed_in(browser)

    browser.post(reverse("account_login"), {"login": cast.teacher.email, "password": PASSWORD})

    assert is_signed_in(browser)


# Headers


Ask = Callable[[Client, Cast], Any]

ANSWERS: dict[str, Ask] = {
    "sign in": lambda client, cast: client.get(reverse("account_login")),
    "reset password": lambda client, cast: client.get(reverse("account_reset_password")),
    "home, signed out": lambda client, cast: client.get(reverse("home")),
    "health": lambda client, cast: client.get(reverse("healthz")),
    "own page": lambda client, cast: _signed_in(client, cast).get(reverse("profile")),
    "second factor": lambda client, cast: _signed_in(client, cast).get(reverse("mfa_index")),
    "no such page": lambda client, cast: client.get("/no/such/page/"),
    "school next door": lambda client, cast: _signed_in(client, cast).get("/s/birchwood/settings/members/"),
    "not allowed": lambda client, cast: _signed_in(client, cast).get("/s/oakfield/settings/members/"),
    "wrong method": lambda client, cast: _signed_in(client, cast).post(reverse("profile")),
    "wrong host": lambda client, cast: client.get("/", headers={"Host": "evil.example"}),
    "missing slash": lambda client, cast: client.get("/account/profile"),
    "signing out": lambda client, cast: _signed_in(client, cast).post(reverse("account_logout")),
    "no token": lambda client, cast: Client(enforce_csrf_checks=True).post(reverse("account_login")),
}


def _signed_in(client: Client, cast: Cast) -> Client:
    client.force_login(cast.teacher, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_is_private_and_strict(cast: Cast, client: Client, name: str) -> None:
    answer = ANSWERS[name](client, cast)

    _assert_private(answer)


@pytest.mark.parametrize("method", ["get", "post"])
def test_while_it_is_worked_on_every_page_says_so_and_is_private(
    client: Client, settings: LazySettings, method: str
) -> None:
    settings.MAINTENANCE = True

    answer = getattr(client, method)("/s/oakfield/incidents/new/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert "Go back: what you typed is still on the page before this one." in answer.content.decode()
    _assert_private(answer)


def test_even_a_failure_is_private_and_strict(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("CNRY-secret")

    monkeypatch.setattr("accounts.views.profile.schools_for", fail)
    client = _signed_in(Client(raise_request_exception=False), cast)

    answer = client.get(reverse("profile"))

    assert answer.status_code == 500
    assert b"CNRY" not in answer.content
    _assert_private(answer)


def _assert_private(answer: Any) -> None:
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Server" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert directives[name] == ["'none'"], name
    for name in ("style-src", "connect-src", "form-action", "font-src"):
        assert directives[name] == ["'self'"], name
    assert all(
        source == "'self'" or re.fullmatch(r"'nonce-[\w+/=-]{16,}'", source) for source in directives["script-src"]
    )


def test_no_nonce_is_used_twice(cast: Cast, client: Client) -> None:
    nonces = []
    for _ in range(3):
        policy = _signed_in(client, cast).get(reverse("mfa_index")).headers["Content-Security-Policy"]
        nonces += re.findall(r"nonce-([^']+)", policy)

    assert len(nonces) == len(set(nonces))


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(cast: Cast, client: Client) -> None:
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": cast.teacher.email, "password": PASSWORD})

    cookies = dict(client.cookies.items())

    assert set(cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    for cookie in cookies.values():
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
        assert len(cookie.value) < 200
    assert cookies[settings.SESSION_COOKIE_NAME]["max-age"] == "", "it goes when the browser is closed"


def test_the_limits_are_those_of_the_settings(browser: Client, clock: Clock, settings: LazySettings) -> None:
    settings.IDLE_LIMIT = timedelta(minutes=5)
    assert is_signed_in(browser)

    clock.wait(minutes=6)

    assert not is_signed_in(browser)
