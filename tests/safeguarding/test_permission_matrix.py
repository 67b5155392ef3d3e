"""Every page, asked for by everybody: each answer is the one that the page's declaration and the table of cases say.

Made from the site map, so that a new page is in it from its first moment. A page that takes a row says which in
`tests/safeguarding/matrix.py`; one that does not fails here.
"""

import re
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from accounts.decorators import ANYONE, SIGNED_IN
from accounts.permissions import READS_OTHERS, Permission
from tests.architecture.addresses import Address, addresses
from tests.architecture.source import must_be_none
from tests.factories import NOW
from tests.safeguarding import headers
from tests.safeguarding.matrix import (
    ALLOWED,
    NO_PERMISSION,
    NO_SUCH_METHOD,
    NOBODY,
    NOT_THERE,
    OUTSIDERS,
    OWN_PAGES,
    READERS,
    SECOND_FACTOR,
    SIGN_IN,
    Principal,
    World,
    ask,
    expected,
    is_open_to_some,
    make_world,
    undone,
    verdict,
)
from tests.safeguarding.matrix_rows import CANARY

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST")
# Pages that ask for no more than this are open without a second factor: a concern must never wait for one.
LOGGING = {Permission.INCIDENT_LOG, Permission.PERSON_READ}
OF_SCHOOLS = [address for address in addresses() if isinstance(address.who, frozenset)]
OF_NO_SCHOOL = [address for address in addresses() if not isinstance(address.who, frozenset)]
# What stands in the addresses of libraries' pages: nobody's key, nobody's link.
ELSEWHERE = {"uidb36": "1", "key": "set-password", "pk": 1, "token": "nobodys-token"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Make the world once, and undo it after the last test of this file."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    clock = mock.patch("django.utils.timezone.now", return_value=NOW)
    with django_db_blocker.unblock(), hashers, clock, undone():  # type: ignore[attr-defined]
        yield make_world()


def cases_of(address: Address) -> list[str]:
    if not {"reference", "obligation_id"} & set(address.converters):
        return [""]
    return ["about a child"] if address.name in OWN_PAGES else list(READERS)


CELLS = [(address, method, case) for address in OF_SCHOOLS for method in METHODS for case in cases_of(address)]


def _said(cell: object) -> str:
    return str(cell)


@pytest.mark.parametrize(("address", "method", "case"), CELLS, ids=_said)
def test_everybody_gets_the_answer_that_is_theirs(
    world: World, address: Address, method: str, case: str, record_property: Callable[[str, object], None]
) -> None:
    url = world.url(address, case)
    if not _takes(world, method, url):
        return
    answers = {name: ask(principal, method, url) for name, principal in world.principals.items()}
    told = {name: verdict(answers[name], principal) for name, principal in world.principals.items()}
    due = {name: expected(address, principal, case) for name, principal in world.principals.items()}
    leaks = _leaks(world, {name: answer for name, answer in answers.items() if told[name] != ALLOWED})
    record_property("cells", len(told))
    record_property("leaks", len(leaks))
    must_be_none([f"{name}: {told[name]} instead of {due[name]}" for name in told if told[name] != due[name]])
    # Somebody is let in, so that the others are turned away for the right reason.
    assert (ALLOWED in told.values()) is is_open_to_some(address, case)
    assert leaks == []
    # The headers are exact, and no name stands around a page: in its title, where it leads, what a file is called.
    around = {
        name: headers.faults(answer, secrets=world.names, signed_in=name not in NOBODY)
        for name, answer in answers.items()
    }
    must_be_none([f"{name}: {fault}" for name, found in around.items() for fault in found])


def _leaks(world: World, denied: dict[str, HttpResponse]) -> list[str]:
    """Return what those who are turned away are told of a case or, from outside, of the school."""
    bodies = {name: answer.content.decode() for name, answer in denied.items()}
    found = [f"{name}: a word of a case" for name, said in bodies.items() if CANARY in said]
    outside = [name for name in (*OUTSIDERS, *NOBODY) if world.school.name in bodies[name]]
    return [*found, *(f"{name}: the school's name" for name in outside)]


def _takes(world: World, method: str, url: str) -> bool:
    """Say whether a page answers a method at all. Where it does not, it says so to everybody alike."""
    if ask(world.principals["dsl"], method, url).status_code != 405:
        return True
    assert {ask(principal, method, url).status_code for principal in world.some()} == {405}
    return False


@pytest.mark.parametrize("address", OF_SCHOOLS, ids=_said)
def test_every_page_answers_at_least_one_method(world: World, address: Address) -> None:
    url = world.url(address, cases_of(address)[0])

    assert any(ask(world.principals["dsl"], method, url).status_code != 405 for method in METHODS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", OF_NO_SCHOOL, ids=_said)
def test_a_page_of_no_school_asks_for_what_it_says(world: World, address: Address, method: str) -> None:
    url = reverse(str(address.name), kwargs={name: ELSEWHERE[name] for name in address.converters})
    for name in ("anonymous", "deactivated", "staff", "dsl", "superuser"):
        principal = world.principals[name]
        answer = ask(principal, method, url)
        told = verdict(answer, principal)

        assert told in _allowed_outside(address, principal), f"{name}: {told}"
        assert CANARY not in answer.content.decode()
        assert headers.faults(answer, secrets=world.names, signed_in=False) == [], name
        if name not in ("staff", "dsl"):
            assert world.school.name not in _without_demonstration(answer.content.decode())


def _allowed_outside(address: Address, principal: Principal) -> set[str]:
    if address.name == "healthz":
        # No sweep has run in a test.
        return {"503", ALLOWED, NO_SUCH_METHOD}
    if address.who == SIGNED_IN and principal.name in NOBODY:
        return {SIGN_IN, NO_SUCH_METHOD}
    if address.name == "sessions-end":
        # Whoever ends all their sessions is asked to sign in.
        return {SIGN_IN, NO_SUCH_METHOD}
    signed_in = {ALLOWED, NO_SUCH_METHOD, NOT_THERE}
    return signed_in | {SIGN_IN} if address.who == ANYONE else signed_in


def _without_demonstration(body: str) -> str:
    """The sign-in page of a demonstration lists the schools on purpose."""
    return re.sub(r"<(section|div|details)[^>]*sg-demo.*", "", body, flags=re.DOTALL)


ROWS = (
    "reference",
    "draft_id",
    "question_id",
    "membership_id",
    "message_id",
    "absence_id",
    "emergency_id",
    "told_id",
    "term_id",
    "day_id",
    "duty_id",
    "device_id",
    "allowance_id",
    "approval_id",
    "interest_id",
    "concern_id",
    "obligation_id",
    "action_id",
    "plan_id",
    "pupil_id",
    "attachment_id",
    "identifier_id",
    "link_id",
    "person_id",
    "referral_id",
    "view_id",
    "import_id",
)
TAKING_ROWS = [(address, row) for address in OF_SCHOOLS for row in ROWS if row in address.converters]


@pytest.mark.parametrize(("address", "row"), TAKING_ROWS, ids=_said)
def test_a_row_of_the_school_next_door_is_not_there(world: World, address: Address, row: str) -> None:
    foreign = world.url(address, "about a child", **{row: world.theirs[row]})
    holders = [principal for principal in world.some() if principal.permissions & address.who]
    answers = {(who.name, method): ask(who, method, foreign).status_code for who in holders for method in METHODS}

    must_be_none([f"{name} {method}: {code}" for (name, method), code in answers.items() if code not in (404, 405)])
    assert 404 in answers.values()


@pytest.mark.parametrize("name", ["dsl", "accused", "relative", "headteacher", "staff", "next_door_dsl"])
def test_foreign_forbidden_and_absent_look_the_same(world: World, name: str) -> None:
    principal = world.principals[name]
    detail = next(address for address in OF_SCHOOLS if address.name == "incident-detail")
    hidden = [case for case, readers in READERS.items() if name not in readers]
    references = [world.theirs["reference"], "OAK-ZZZZ", *(world.references[case] for case in hidden)]
    answers = [ask(principal, "GET", world.url(detail, reference=reference)) for reference in references]

    assert len({answer.status_code for answer in answers}) == 1
    bodies = zip(references, answers, strict=True)
    assert len({_masked(answer.content.decode(), reference) for reference, answer in bodies}) == 1
    assert len({tuple(sorted(set(answer.headers) - {"Content-Length"})) for answer in answers}) == 1


def _masked(body: str, reference: str) -> str:
    secret = re.compile(r'(nonce=|csrfmiddlewaretoken" value=)"[^"]*"')
    return secret.sub("", body).replace(reference, "")


def test_a_superuser_is_shown_no_school_at_all(world: World) -> None:
    operator = world.principals["superuser"]
    for page in ("home", "profile"):
        answer = ask(operator, "GET", reverse(page))

        assert answer.status_code == 200
        assert world.school.name not in answer.content.decode()
        assert world.next_door.name not in answer.content.decode()


@pytest.mark.parametrize("address", OF_SCHOOLS, ids=_said)
def test_readers_of_others_get_no_further_than_a_concern_of_their_own_without_a_second_factor(
    world: World, settings: LazySettings, address: Address
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    case = "about a child"
    holders = [principal for principal in world.some() if principal.permissions & address.who]
    for principal in holders:
        stopped = bool(address.who - LOGGING and principal.permissions & READS_OTHERS)
        for method in METHODS:
            told = verdict(ask(principal, method, world.url(address, case)), principal)

            assert told == NO_SUCH_METHOD or (told == SECOND_FACTOR) == stopped, f"{principal.name} {method}: {told}"


def test_a_second_factor_opens_what_its_lack_kept_shut(world: World, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    dsl, queue = world.principals["dsl"], reverse("incident-list", kwargs={"school": world.school.slug})
    assert verdict(ask(dsl, "GET", queue), dsl) == SECOND_FACTOR

    with undone():
        app = Authenticator.objects.create(user=dsl.user, type=Authenticator.Type.TOTP, data={})
        assert verdict(ask(dsl, "GET", queue), dsl) == SECOND_FACTOR, "having one is not proving it"
        session = SessionStore(dsl.session)
        used = {**session["account_authentication_methods"][0], "method": "mfa", "id": app.pk, "type": app.type}
        session["account_authentication_methods"] = [used]
        session.save()
        assert verdict(ask(dsl, "GET", queue), dsl) == ALLOWED


@pytest.mark.parametrize("name", ["dsl", "school_administrator", "headteacher"])
def test_the_way_to_a_second_factor_stays_open(world: World, settings: LazySettings, name: str) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    for page in ("second-factor-needed", "mfa_index", "profile", "home"):
        assert verdict(ask(world.principals[name], "GET", reverse(page)), world.principals[name]) == ALLOWED


def test_the_matrix_can_fail(world: World) -> None:
    """A page whose guard is gone is told apart from one that keeps it."""
    queue = next(address for address in OF_SCHOOLS if address.name == "incident-list")
    staff, dsl = world.principals["staff"], world.principals["dsl"]

    assert (expected(queue, staff), expected(queue, dsl)) == (NO_PERMISSION, ALLOWED)
    with mock.patch("accounts.access.Access.has", return_value=True):
        assert verdict(ask(staff, "GET", world.url(queue)), staff) == ALLOWED
