"""Signed out everywhere: by oneself, by whoever manages accounts, by a change of powers, and by leaving."""

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.operations import members
from accounts.roles import Role
from policies.operations import feeds
from tests.accounts.test_sign_in import NEW_PASSWORD, choose_password, events_of, is_signed_in, try_to_sign_in
from tests.conftest import Cast
from tests.factories import NOW, make_member, person_of
from tests.incidents.pages import words


def browser(user: User) -> Client:
    """Return a browser in which somebody signed in by the page, which notes where."""
    client = Client()
    assert try_to_sign_in(user.email, client=client)
    return client


def _sign_out(cast: Cast, who: str, by: str) -> tuple[int, str]:
    membership = Membership.objects.filter(user=cast[who]).get()
    address = reverse("member-sign-out", kwargs={"school": "oakfield", "membership_id": membership.pk})
    answer = browser(cast[by]).post(address, follow=True)
    return answer.status_code, words(answer)


def test_one_signs_out_everywhere_here_too(cast: Cast) -> None:
    here, elsewhere, colleague = browser(cast.teacher), browser(cast.teacher), browser(cast.colleague)

    answer = here.post(reverse("sessions-end"))

    assert answer.headers["Location"] == reverse("account_login")
    assert [is_signed_in(one) for one in (here, elsewhere, colleague)] == [False, False, True]
    assert "account.sessions_ended" in events_of(cast.teacher)


def test_a_link_signs_nobody_out_everywhere(cast: Cast) -> None:
    client = browser(cast.teacher)

    assert client.get(reverse("sessions-end")).status_code == 405
    assert is_signed_in(client)


def test_whoever_manages_accounts_signs_a_member_out(cast: Cast) -> None:
    phone = browser(cast.dsl)

    status, page = _sign_out(cast, "dsl", "administrator")

    assert (status, is_signed_in(phone)) == (200, False)
    assert "Dora Safe is signed out everywhere, and has to sign in anew." in page
    assert events_of(cast.dsl)[-1] == "account.sessions_ended"
    assert "Dora Safe was signed in nowhere." in _sign_out(cast, "dsl", "administrator")[1]


@pytest.mark.parametrize(("by", "status"), [("teacher", 403), ("dsl", 403), ("head", 403)])
def test_nobody_else_does(cast: Cast, by: str, status: int) -> None:
    phone = browser(cast.colleague)

    assert _sign_out(cast, "colleague", by)[0] == status
    assert is_signed_in(phone)


def test_the_administrator_next_door_finds_nobody_of_ours(cast: Cast) -> None:
    neighbour = make_member(school=cast.next_door, role=Role.SCHOOL_ADMINISTRATOR)
    membership = Membership.objects.filter(user=cast.teacher).get()
    phone = browser(cast.teacher)

    address = reverse("member-sign-out", kwargs={"school": "birchwood", "membership_id": membership.pk})

    assert browser(neighbour).post(address).status_code == 404
    assert is_signed_in(phone)


def test_whoever_signs_themselves_out_that_way_stays_here(cast: Cast) -> None:
    elsewhere = browser(cast.administrator)

    assert _sign_out(cast, "administrator", "administrator")[0] == 200
    assert not is_signed_in(elsewhere)


# A change of powers


def test_a_role_that_ends_ends_the_sessions(cast: Cast) -> None:
    client = browser(cast.teacher)
    membership = Membership.objects.filter(user=cast.teacher).get()

    members.end_membership(membership=membership, at=NOW, by=cast.administrator)

    assert not is_signed_in(client)


def test_a_role_that_is_given_ends_the_sessions_unless_one_gives_it_to_oneself(cast: Cast) -> None:
    client, own = browser(cast.teacher), browser(cast.administrator)

    for user in (cast.teacher, cast.administrator):
        members.add_member(
            school=cast.school,
            user=user,
            person=person_of(user, cast.school),
            role=Role.BURSAR,
            starts_on=NOW.date(),
            at=NOW,
            by=cast.administrator,
        )

    assert not is_signed_in(client)
    assert is_signed_in(own)


# Leaving


def test_nothing_of_an_account_that_is_switched_off_works(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    client, other = browser(cast.dsl), browser(cast.dsl)
    feed = reverse("duty-calendar", kwargs={"token": feeds.make_feed(school=cast.school, user=cast.dsl, at=NOW)})
    Client().post(reverse("account_reset_password"), {"email": cast.dsl.email})
    assert Client().get(feed).status_code == 200

    call_command("close_account", cast.dsl.email.upper())

    assert [is_signed_in(one) for one in (client, other)] == [False, False]
    assert Client().get(feed).status_code == 404
    assert not try_to_sign_in(cast.dsl.email)
    choose_password(Client(), mailoutbox[0])
    changed = User.objects.get(pk=cast.dsl.pk)
    assert not changed.check_password(NEW_PASSWORD), "the link was sent before, and is dead"
    assert client.get("/s/oakfield/").status_code == 302
    assert "account.closed" in events_of(cast.dsl)


def test_an_account_is_switched_on_again(cast: Cast) -> None:
    call_command("close_account", cast.dsl.email)
    with pytest.raises(CommandError, match="switched off already"):
        call_command("close_account", cast.dsl.email)

    call_command("close_account", cast.dsl.email, "--open")

    assert try_to_sign_in(cast.dsl.email)
    assert "account.opened" in events_of(cast.dsl)
    with pytest.raises(CommandError, match="is in use"):
        call_command("close_account", cast.dsl.email, "--open")
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("close_account", "nobody@school.example")
