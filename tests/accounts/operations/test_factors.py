"""A new way of signing in: announced, opening no case until a second person or a day, and the phone that was lost."""

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Membership, NewFactor, OutboxMessage, User
from accounts.operations import factors
from accounts.queries.factors import second_people_for, waiting_ids
from accounts.roles import Role
from tests.accounts.test_second_factor import code_of, enrol, give_code, give_password
from tests.accounts.test_sign_in import PASSWORD, choose_password, events_of, is_signed_in
from tests.conftest import Cast
from tests.factories import make_member
from tests.incidents.pages import browser, words

QUEUE = "/s/oakfield/incidents/"
PAGE = "/s/oakfield/settings/factors/"
NEEDED = reverse("second-factor-needed")


@pytest.fixture(autouse=True)
def _required(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    # The library tells of a new factor after the commit, which never comes in a test's own transaction.
    monkeypatch.setattr("allauth.mfa.totp.internal.flows.transaction.on_commit", lambda tell: tell())


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def opens(client: Client, path: str = QUEUE) -> bool:
    """Say whether a page of cases opens, or a second factor is asked for first."""
    answer = client.get(path)
    assert answer.status_code == 200 or answer.headers["Location"] == NEEDED
    return answer.status_code == 200


def add_app(client: Client) -> str:
    """Set an app up on the page."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret: str = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def told(kind: str) -> set[str]:
    """Return who was sent a kind of message."""
    return set(OutboxMessage.objects.filter(kind=f"accounts/{kind}").values_list("address", flat=True))


def had_one_before(user: User) -> tuple[str, int]:
    """Let a user have an app for long."""
    secret = enrol(user)
    return secret, Authenticator.objects.get(user=user).pk


def stolen(user: User, at: datetime) -> tuple[str, NewFactor]:
    """Add an app to an account beside the passkey it has: return its secret, and what was noted."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}})
    secret = generate_totp_secret()
    app = TOTP.activate(user, secret).instance
    return secret, factors.note_added(user=user, authenticator_id=app.pk, kind=app.type, at=at)


def with_a_waiting_app(user: User, at: datetime) -> tuple[Client, NewFactor]:
    """Sign in by password and an app that opens no case yet."""
    secret, row = stolen(user, at)
    client = give_password(user)
    assert give_code(client, code_of(secret))
    return client, row


# The first


def test_the_first_ever_counts_at_once_and_is_announced(cast: Cast) -> None:
    client = give_password(cast.dsl)
    assert not opens(client)

    add_app(client)

    assert opens(client)
    assert told("factor_added") == {cast.dsl.email}
    assert told("factor_of_colleague") == {cast.head.email}
    assert told("factor_waits") == set()


def test_who_reads_nothing_of_others_waits_for_nobody_and_is_told_alone(cast: Cast, now: datetime) -> None:
    _, row = stolen(cast.teacher, now)

    assert row.counts_from == now
    assert told("factor_added") == {cast.teacher.email}
    assert told("factor_waits") | told("factor_of_colleague") == set()


# Another


def test_another_opens_no_case_for_a_day(cast: Cast, now: datetime) -> None:
    client, row = with_a_waiting_app(cast.dsl, now)

    assert is_signed_in(client)
    assert not opens(client)
    assert opens(client, "/s/oakfield/incidents/new/"), "a concern is logged all the same"
    page = words(client.get(NEEDED))
    assert "Your new sign-in opens no case yet" in page
    assert "Hetty Head" in page
    assert row.counts_from - now == timedelta(hours=24)
    assert told("factor_waits") == {cast.head.email}


@pytest.mark.parametrize(("ago", "counts"), [(timedelta(hours=23, minutes=59), False), (timedelta(hours=24), True)])
def test_after_a_day_it_counts(cast: Cast, now: datetime, ago: timedelta, counts: bool) -> None:
    client, _ = with_a_waiting_app(cast.dsl, now - ago)

    assert opens(client) is counts


def test_the_one_from_before_goes_on_opening_cases(cast: Cast, now: datetime) -> None:
    secret, _ = had_one_before(cast.dsl)
    codes = RecoveryCodes.activate(cast.dsl).instance
    factors.note_added(user=cast.dsl, authenticator_id=codes.pk, kind=codes.type, at=now, is_anew=True)
    client = give_password(cast.dsl)

    assert give_code(client, code_of(secret))

    assert waiting_ids(cast.dsl, at=now) == {codes.pk}
    assert opens(client)


def test_codes_made_anew_open_no_case_for_a_day(cast: Cast, now: datetime) -> None:
    had_one_before(cast.dsl)
    made = RecoveryCodes.activate(cast.dsl)
    factors.note_added(user=cast.dsl, authenticator_id=made.instance.pk, kind="recovery_codes", at=now, is_anew=True)
    client = give_password(cast.dsl)

    assert give_code(client, made.get_unused_codes()[0])

    assert not opens(client)


def test_removing_everything_first_does_not_make_the_next_one_the_first(cast: Cast) -> None:
    client = give_password(cast.dsl)
    add_app(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=cast.dsl).exists()

    add_app(client)

    assert not opens(client)
    assert told("factor_removed") == {cast.dsl.email}


def test_whoever_came_in_by_it_reaches_none_of_those_that_count(cast: Cast, now: datetime) -> None:
    client, _ = with_a_waiting_app(cast.dsl, now)
    passkey = Authenticator.objects.get(user=cast.dsl, type=Authenticator.Type.WEBAUTHN)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.post(reverse("mfa_remove_webauthn", kwargs={"pk": passkey.pk}))
    pages = [client.get(reverse(f"mfa_{name}_recovery_codes")).status_code for name in ("view", "download", "generate")]
    client.post(reverse("mfa_generate_recovery_codes"))

    assert Authenticator.objects.filter(pk=passkey.pk).exists()
    assert pages == [302, 302, 302]
    assert not Authenticator.objects.filter(user=cast.dsl, type=Authenticator.Type.RECOVERY_CODES).exists()


# The second person


def test_a_second_person_confirms_it_and_it_counts_at_once(cast: Cast, now: datetime) -> None:
    client, row = with_a_waiting_app(cast.dsl, now)
    head = _second(cast.head)
    assert "Dora Safe" in words(head.get(PAGE))

    head.post(f"{PAGE}{row.pk}/", {"known": "yes"})

    assert opens(client)
    assert events_of(cast.dsl)[-1] == "account.factor_confirmed"
    assert "let it count" not in words(head.get(PAGE))


def test_a_second_person_takes_it_away(cast: Cast, now: datetime) -> None:
    client, row = with_a_waiting_app(cast.dsl, now)

    _second(cast.head).post(f"{PAGE}{row.pk}/", {"known": "no"})

    assert not is_signed_in(client)
    assert not Authenticator.objects.filter(pk=row.authenticator_id).exists()
    assert told("factor_removed") == {cast.dsl.email}
    assert events_of(cast.dsl)[-1] == "account.factor_refused"


@pytest.mark.parametrize(
    ("whose", "seconds"),
    [
        ("dsl", {"head", "chair", "trust_lead"}),
        ("deputy", {"head", "chair", "trust_lead", "dsl"}),
        ("head", {"chair", "trust_lead", "dsl"}),
        ("chair", {"trust_lead", "dsl"}),
        ("trust_lead", {"chair", "dsl"}),
        ("administrator", {"head", "chair", "trust_lead", "dsl"}),
    ],
)
def test_who_may_confirm_whose(cast: Cast, now: datetime, whose: str, seconds: set[str]) -> None:
    found = {user.pk for _, user in second_people_for(cast.school, cast[whose], at=now)}

    assert found == {cast[name].pk for name in seconds}


@pytest.mark.parametrize(("whose", "first"), [("dsl", "head"), ("head", "chair"), ("chair", "trust_lead")])
def test_who_is_told_first(cast: Cast, now: datetime, whose: str, first: str) -> None:
    stolen(cast[whose], now)

    assert told("factor_waits") == {cast[first].email}


def test_nobody_confirms_their_own_not_even_by_another_account(cast: Cast, now: datetime) -> None:
    person = Membership.objects.get(user=cast.dsl).person
    other = User.objects.create_user("other@school.example", PASSWORD, full_name="Dora Safe")
    Membership.objects.create(
        school=cast.school, user=other, person=person, role=Role.TRUST_SAFEGUARDING_LEAD, starts_on=now.date()
    )
    _, row = stolen(cast.dsl, now)

    for by in (cast.dsl, other, cast.teacher, cast.ict, cast.administrator, cast.next_door_dsl):
        with pytest.raises(Refused, match="Somebody else"):
            factors.confirm(factor=row, school=cast.school, by=by, at=now)


@pytest.mark.parametrize(("who", "status"), [("deputy", 403), ("administrator", 403), ("ict", 403), ("chair", 302)])
def test_whoever_is_no_second_person_answers_nothing(cast: Cast, now: datetime, who: str, status: int) -> None:
    _, row = stolen(cast.dsl, now)

    assert _second(cast[who]).post(f"{PAGE}{row.pk}/", {"known": "yes"}).status_code == status


def test_an_answer_is_given_once_and_not_after_the_day(cast: Cast, now: datetime) -> None:
    _, row = stolen(cast.dsl, now)
    factors.confirm(factor=row, school=cast.school, by=cast.head, at=now)

    for at in (now, now + timedelta(hours=25)):
        with pytest.raises(Refused, match="answered already"):
            factors.refuse(factor=row, school=cast.school, by=cast.head, at=at)


# The phone that was lost


def test_a_lost_phone_on_a_bad_day(cast: Cast) -> None:
    secret, _ = had_one_before(cast.dsl)
    held = give_password(cast.dsl)
    assert give_code(held, code_of(secret))
    head, membership = _second(cast.head), Membership.objects.get(user=cast.dsl)

    head.post(f"{PAGE}lost/", {"colleague": str(membership.pk)})
    anew = give_password(cast.dsl)
    add_app(anew)
    before = opens(anew)
    found = NewFactor.objects.filter(user=cast.dsl, kind="totp").latest("added_at")
    assert words(head.get(PAGE)).count("let it count") == 1, "the codes that came with it are not asked for apart"
    head.post(f"{PAGE}{found.pk}/", {"known": "yes"})

    assert not is_signed_in(held)
    assert not before
    assert "account.factors_taken_away" in events_of(cast.dsl)
    assert waiting_ids(User.objects.get(pk=cast.dsl.pk), at=timezone.now()) == frozenset()
    assert opens(anew), "the session that set it up needs no other proof of it"


@pytest.mark.parametrize("who", ["chair", "head"])
def test_nobody_removes_what_they_may_not_confirm(cast: Cast, who: str) -> None:
    had_one_before(cast[who])
    membership = Membership.objects.get(user=cast[who])
    by = cast.head

    _second(by).post(f"{PAGE}lost/", {"colleague": str(membership.pk)})

    assert Authenticator.objects.filter(user=cast[who]).exists()


def test_a_password_set_by_a_link_is_told_to_a_second_person(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    Client().post(reverse("account_reset_password"), {"email": cast.dsl.email})

    choose_password(Client(), mailoutbox[0])

    assert told("factor_of_colleague") == {cast.head.email}


def test_without_anybody_to_confirm_it_a_day_has_to_pass(cast: Cast, now: datetime) -> None:
    lonely = make_member(school=cast.next_door, role=Role.DEPUTY_DSL)
    Membership.objects.filter(user=cast.next_door_dsl).delete()

    _, row = stolen(lonely, now)

    assert row.counts_from > now
    assert told("factor_waits") == set()


def _second(user: User) -> Client:
    """Return the browser of a second person, who has a factor of long ago."""
    client = browser(user)
    factor = Authenticator.objects.filter(user=user).first()
    pk = factor.pk if factor else 10_000_000
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [*records, {**records[0], "method": "mfa", "id": pk, "type": "totp"}]
    session.save()
    return client
