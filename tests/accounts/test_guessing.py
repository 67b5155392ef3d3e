"""Guessing at every door together, half a sign-in at every page, codes used once, and forms that are not ours."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.test_second_factor import code_of, enrol, give_code, give_password
from tests.accounts.test_sign_in import PASSWORD, is_signed_in, try_to_sign_in
from tests.architecture.addresses import Address, addresses
from tests.conftest import Cast
from tests.incidents.pages import browser

COOKIE = settings.SESSION_COOKIE_NAME
# The health of the system, and the addresses that are keys themselves.
_WITHOUT_COOKIES = {"healthz", "duty-calendar"}


def url_of(address: Address) -> str:
    """Return an address with something in each of its places."""
    kinds = {name: type(kind).__name__ for name, kind in address.converters.items()}
    known: dict[str, object] = {"IntConverter": 1, "UUIDConverter": uuid.uuid4()}
    return reverse(str(address.name), kwargs={name: known.get(kind, "oakfield") for name, kind in kinds.items()})


# Guessing at a password: AN-1, AN-3


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the passwords that were really compared."""
    cache.clear()
    found: list[str] = []
    real = User.check_password

    def spy(self: User, password: str) -> bool:
        found.append(password)
        return real(self, password)

    monkeypatch.setattr(User, "check_password", spy)
    return found


def test_all_doors_together_look_at_ten_guesses_in_five_minutes(cast: Cast, compared: list[str]) -> None:
    """From many addresses, and from within a session that somebody left open."""
    inside = browser(cast.administrator)
    for number in range(12):
        guess = f"guess {number}"
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(
            reverse("account_login"), {"login": cast.administrator.email, "password": guess}
        )
        inside.post(reverse("account_reauthenticate"), {"password": guess})
        inside.post(reverse("account_change_password"), {"oldpassword": guess, "password1": "x" * 20})

    assert 5 <= len(compared) <= 10


def test_whoever_is_attacked_still_enters_with_a_passkey(
    cast: Cast, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    passkey = Authenticator.objects.create(user=cast.dsl, type=Authenticator.Type.WEBAUTHN, data={})
    for number in range(40):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(
            reverse("account_login"), {"login": cast.dsl.email, "password": f"guess {number}"}
        )
    assert not try_to_sign_in(cast.dsl.email), "the password waits"
    # What the browser and the key say to each other is the library's; it is not under attack here.
    monkeypatch.setattr(
        "allauth.mfa.webauthn.forms.LoginWebAuthnForm.clean_credential", lambda form: passkey, raising=False
    )
    client = Client()

    client.post(reverse("mfa_login_webauthn"), {"credential": '{"id": "x"}'})

    assert is_signed_in(client)


# Half a sign-in: AN-6


def test_half_a_sign_in_opens_no_page_there_is(cast: Cast) -> None:
    enrol(cast.dsl)
    client, opened = give_password(cast.dsl), []
    anonymous = Client()
    for address in addresses():
        if address.name in _WITHOUT_COOKIES or address.name == "account_logout":
            continue
        for method in ("get", "post"):
            half = getattr(client, method)(url_of(address))
            nobody = getattr(anonymous, method)(url_of(address))
            if half.status_code == 200 and nobody.status_code != 200 and address.name != "mfa_authenticate":
                opened.append(f"{method} {address.name}")

    assert opened == []
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery code"])
def test_a_code_sent_many_times_at_once_is_taken_once(kind: str) -> None:
    user = User.objects.create_user("often@school.example", PASSWORD, full_name="Often Asked")
    secret = enrol(user)
    codes = RecoveryCodes.activate(user)
    code = code_of(secret) if kind == "app" else codes.get_unused_codes()[0]
    row = codes.instance if kind == "recovery code" else Authenticator.objects.get(user=user, type="totp")
    taken: list[bool] = []

    at_once = _at_once(lambda: taken.append(_take(row, code)), times=12)

    assert at_once == []
    assert sorted(taken) == [False] * 11 + [True]


def _take(row: Authenticator, code: str) -> bool:
    mine = Authenticator.objects.get(pk=row.pk)
    wrapped = TOTP(mine) if mine.type == Authenticator.Type.TOTP else RecoveryCodes(mine)
    with transaction.atomic():
        return bool(wrapped.validate_code(code))


def _at_once(act: Callable[[], object], *, times: int) -> list[BaseException]:
    """Do something in many threads that begin together; return what went wrong."""
    gate, wrong = threading.Barrier(times), list[BaseException]()

    def run() -> None:
        try:
            gate.wait(timeout=30)
            act()
        except BaseException as problem:  # noqa: BLE001 - told by the test
            wrong.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return wrong


# The session: SE-1


def test_every_step_of_signing_in_changes_the_key_and_leaves_the_old_one_worthless(cast: Cast) -> None:
    secret = enrol(cast.dsl)
    client = Client()
    client.cookies[COOKIE] = "a" * 32
    client.post(reverse("account_login"), {"login": cast.dsl.email, "password": PASSWORD})
    half = client.cookies[COOKIE].value
    assert give_code(client, code_of(secret))
    whole = client.cookies[COOKIE].value

    assert len({"a" * 32, half, whole}) == 3
    assert len(whole) >= 26, "128 bits in letters and digits"
    for old in ("a" * 32, half):
        thief = Client()
        thief.cookies[COOKIE] = old
        assert not is_signed_in(thief)


# Forms that are not ours: SE-6

FORGED: dict[str, dict[str, Any]] = {
    "without the token": {},
    "of another site": {"headers": {"Origin": "https://evil.example"}},
    "as plain text": {"content_type": "text/plain", "data": '{"action": "send"}'},
    "as another method": {"headers": {"X-HTTP-Method-Override": "GET"}},
}


@pytest.mark.parametrize("how", FORGED)
def test_no_address_takes_a_form_that_is_not_ours(cast: Cast, how: str) -> None:
    client = browser(cast.administrator, strict=True)

    taken = [
        f"{address.name}: {code}"
        for address in addresses()
        if (code := client.post(url_of(address), **FORGED[how]).status_code) not in (403, 404, 405)
    ]

    assert taken == []
    assert is_signed_in(client), "nor one that would sign somebody out"
