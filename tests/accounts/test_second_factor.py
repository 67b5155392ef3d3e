"""The second factor: asked for, used once, never stepped around, required of whoever reads what others wrote."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import ROLES, Role
from tests.accounts.test_sign_in import NEW_PASSWORD, PASSWORD, choose_password, events_of, is_signed_in
from tests.conftest import Cast
from tests.factories import make_incident, make_member

QUEUE = "/s/oakfield/incidents/"


def enrol(user: User) -> str:
    """Set up a code generator for a user and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code that the generator shows now, or some steps of thirty seconds away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def give_password(user: User) -> Client:
    """Sign in as far as the password leads."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def give_code(client: Client, code: str) -> bool:
    """Send a code and say whether that opened the door."""
    client.post(reverse("mfa_authenticate"), {"code": code})
    return is_signed_in(client)


@pytest.fixture(autouse=True)
def _early_in_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test begin in one step of thirty seconds and end in the next."""
    begun = int(time.time()) // 30 * 30 + 1
    started = time.monotonic()
    monkeypatch.setattr(
        "allauth.mfa.totp.internal.auth.time.time", lambda: begun + min(time.monotonic() - started, 25.0)
    )


@pytest.fixture(autouse=True)
def _commits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library tells of a new factor after the commit, which never comes in a test's own transaction."""
    monkeypatch.setattr("allauth.mfa.totp.internal.flows.transaction.on_commit", lambda tell: tell())


# Asked for


def test_the_password_alone_opens_nothing(cast: Cast) -> None:
    enrol(cast.dsl)

    client = give_password(cast.dsl)

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/account/profile/",
        "/account/second-factor/",
        "/account/second-factor/totp/activate/",
        "/account/second-factor/totp/deactivate/",
        "/account/second-factor/recovery-codes/",
        "/account/second-factor/webauthn/",
        "/account/sessions/",
        "/account/password/change/",
        "/account/password/set/",
        "/account/reauthenticate/",
        "/s/oakfield/",
        QUEUE,
        "/s/oakfield/incidents/new/",
        "/s/oakfield/incidents/mine/",
        "/s/oakfield/settings/members/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_half_signed_in_is_not_signed_in_anywhere(cast: Cast, path: str, method: str) -> None:
    enrol(cast.dsl)
    client = give_password(cast.dsl)

    answer = getattr(client, method)(path)

    assert answer.status_code in (302, 403, 404, 405), answer.status_code
    assert not is_signed_in(client)
    assert Authenticator.objects.filter(user=cast.dsl).count() == 1


def test_the_right_code_opens_the_door(cast: Cast) -> None:
    secret = enrol(cast.dsl)

    assert give_code(give_password(cast.dsl), code_of(secret))


@pytest.mark.parametrize("steps", [-20, -2, 2, 20])
def test_a_code_of_another_time_opens_nothing(cast: Cast, steps: int) -> None:
    secret = enrol(cast.dsl)

    assert not give_code(give_password(cast.dsl), code_of(secret, steps=steps))


def test_a_code_without_the_password_opens_nothing(cast: Cast) -> None:
    secret = enrol(cast.dsl)

    assert not give_code(Client(), code_of(secret))


def test_somebody_elses_code_opens_nothing(cast: Cast) -> None:
    enrol(cast.dsl)
    other = enrol(cast.deputy)

    assert not give_code(give_password(cast.dsl), code_of(other))


# Used once


def test_a_code_cannot_be_used_twice(cast: Cast) -> None:
    secret = enrol(cast.dsl)
    code = code_of(secret)
    assert give_code(give_password(cast.dsl), code)

    assert not give_code(give_password(cast.dsl), code)
    assert not give_code(give_password(cast.dsl), f"{code[:3]} {code[3:]}")


def test_a_recovery_code_works_once(cast: Cast) -> None:
    enrol(cast.dsl)
    first, second = RecoveryCodes.activate(cast.dsl).get_unused_codes()[:2]

    assert give_code(give_password(cast.dsl), first)
    assert not give_code(give_password(cast.dsl), first)
    assert give_code(give_password(cast.dsl), second)


def test_guessing_codes_is_limited(cast: Cast) -> None:
    secret = enrol(cast.dsl)
    right = code_of(secret)
    client = give_password(cast.dsl)
    for number in range(10):
        wrong = f"{(int(right) + 1 + number) % 10**6:06}"
        assert not give_code(client, wrong)

    assert not give_code(give_password(cast.dsl), right)


# Not stepped around


def test_a_new_password_does_not_stand_in_for_the_code(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    secret = enrol(cast.dsl)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": cast.dsl.email})
    choose_password(client, mailoutbox[0])

    assert not is_signed_in(client)
    client.post(reverse("account_login"), {"login": cast.dsl.email, "password": NEW_PASSWORD})
    assert not is_signed_in(client)
    assert give_code(client, code_of(secret))


def test_the_factor_is_not_taken_off_without_proving_oneself_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = enrol(cast.dsl)
    client = give_password(cast.dsl)
    assert give_code(client, code_of(secret))
    later = time.time() + timedelta(minutes=10).total_seconds()
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.time.time", lambda: later)

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert "reauthenticate" in answer.headers["Location"]
    assert Authenticator.objects.filter(user=cast.dsl, type=Authenticator.Type.TOTP).exists()


def test_one_proves_oneself_again_with_the_password(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = give_password(cast.teacher)
    later = time.time() + timedelta(minutes=10).total_seconds()
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.time.time", lambda: later)
    monkeypatch.setattr("allauth.account.internal.flows.login.time.time", lambda: later)
    assert "reauthenticate" in client.get(reverse("mfa_activate_totp")).headers["Location"]

    client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert client.get(reverse("mfa_activate_totp")).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_adding_and_removing_a_factor_stands_in_the_audit(cast: Cast) -> None:
    client = give_password(cast.dsl)
    _activate_by_page(client)
    client.post(reverse("mfa_deactivate_totp"))

    events = [event for event in events_of(cast.dsl) if "factor" in event]
    # Recovery codes come and go with the code generator.
    assert set(events) == {"account.factor_added", "account.factor_removed"}
    assert events[0] == "account.factor_added"


def _activate_by_page(client: Client) -> str:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    secret: str = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    return secret


def test_a_session_from_before_the_factor_does_not_go_on_without_it(cast: Cast) -> None:
    before, here = give_password(cast.dsl), give_password(cast.dsl)
    assert is_signed_in(before)

    _activate_by_page(here)

    assert is_signed_in(here)
    assert not is_signed_in(before)


def test_new_recovery_codes_stand_in_the_audit_and_end_the_other_sessions(cast: Cast) -> None:
    here = give_password(cast.dsl)
    _activate_by_page(here)
    codes = Authenticator.objects.get(user=cast.dsl, type=Authenticator.Type.RECOVERY_CODES).wrap()
    elsewhere = give_password(cast.dsl)
    assert give_code(elsewhere, codes.get_unused_codes()[0])

    here.post(reverse("mfa_generate_recovery_codes"))

    assert events_of(cast.dsl)[-1] == "account.recovery_codes_renewed"
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_thief_of_the_database_cannot_make_codes(cast: Cast) -> None:
    secret = enrol(cast.dsl)
    seed = RecoveryCodes.activate(cast.dsl).get_unused_codes()[0]

    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row[0] for row in cursor.fetchall())

    assert secret not in stored
    assert seed not in stored
    assert re.search(r'"seed": "[0-9a-f]{80}"', stored) is None


# Required


@pytest.fixture
def required(settings: LazySettings) -> None:
    """Outside a demonstration."""
    settings.SECOND_FACTOR_REQUIRED = True


def _open(client: Client, path: str) -> str:
    answer = client.get(path)
    return str(answer.headers.get("Location", answer.status_code))


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", Role)
def test_whoever_reads_what_others_wrote_is_led_to_set_one_up(cast: Cast, role: Role) -> None:
    user = make_member(school=cast.school, role=role)
    client = give_password(user)

    powers = {str(permission) for permission in ROLES[role].permissions}
    queue = powers & {"incident.read", "adult_case.manage"}
    assert _open(client, QUEUE) == (reverse("second-factor-needed") if queue else "403")
    if "member.manage" in powers:
        assert _open(client, "/s/oakfield/settings/members/") == reverse("second-factor-needed")


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("path", ["/s/oakfield/", "/s/oakfield/incidents/new/", "/s/oakfield/incidents/mine/"])
@pytest.mark.parametrize("role", Role)
def test_a_missing_second_factor_never_keeps_anybody_from_logging_a_concern(cast: Cast, role: Role, path: str) -> None:
    client = give_password(make_member(school=cast.school, role=role))

    assert _open(client, path) == ("200" if "incident.log" in ROLES[role].permissions else "403")


@pytest.mark.usefixtures("required")
def test_my_day_shows_no_case_until_there_is_a_second_factor(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    client = give_password(cast.dsl)

    before = client.get("/s/oakfield/").content.decode()
    _activate_by_page(client)
    after = client.get("/s/oakfield/").content.decode()

    assert case.reference not in before
    assert "All open cases" not in before
    assert f'href="{reverse("second-factor-needed")}"' in before
    assert case.reference in after
    assert f'href="{reverse("second-factor-needed")}"' not in after
    teacher = give_password(cast.teacher).get("/s/oakfield/").content.decode()
    assert reverse("second-factor-needed") not in teacher


@pytest.mark.usefixtures("required")
def test_with_a_second_factor_the_door_is_open(cast: Cast) -> None:
    client = give_password(cast.dsl)
    assert _open(client, QUEUE) == reverse("second-factor-needed")
    assert client.get(reverse("second-factor-needed")).status_code == 200

    _activate_by_page(client)

    assert _open(client, QUEUE) == "200"


@pytest.mark.usefixtures("required")
def test_recovery_codes_alone_are_no_second_factor(cast: Cast) -> None:
    RecoveryCodes.activate(cast.dsl)

    assert _open(give_password(cast.dsl), QUEUE) == reverse("second-factor-needed")


@pytest.mark.usefixtures("required")
def test_a_second_factor_opens_no_page_that_the_role_does_not(cast: Cast) -> None:
    enrol(cast.ict)
    client = Client()
    client.force_login(cast.ict, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert _open(client, QUEUE) == "403"
    assert _open(client, "/s/birchwood/incidents/") == "404"


def test_in_a_demonstration_nobody_is_kept_out(cast: Cast) -> None:
    assert _open(give_password(cast.dsl), QUEUE) == "200"
