"""What some must not know of changes nothing for them: every page is the same, byte for byte, with it and without.

AZ-5 of the security plan. The school of the permission matrix is asked for all its pages; then a case about one of its
people and a sealed case come to be, with all that is done on them; then everything is asked for again. Only what
differs with every answer is left out: tokens and nonces. Every request is undone: asking leaves no trace of its own.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client, override_settings

from accounts.models import OutboxMessage, Person, User
from incidents.events import Event
from incidents.models import Incident, Obligation
from incidents.operations import actions, chronology, notes, ownership, referrals, routing, sharing, workflow
from incidents.operations.escalations import OBLIGATIONS
from incidents.routes import About
from incidents.statuses import Level, Method, Status, Undertaking
from policies.engine.vocabulary import Agency, Kind
from policies.operations.sweep import sweep
from tests.architecture.addresses import Address, addresses
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of
from tests.incidents.devices import make_device
from tests.numbers import examples
from tests.safeguarding.matrix import Principal, World, ask, make_world, undone
from tests.safeguarding.matrix_rows import CANARY

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(days=3)
# About whom the case is; who logs it; who handles it and so knows of it.
SUBJECT, REPORTER, MANAGER = "slt", "bursar", "headteacher"
# Nobody of these may learn of either case: the subject, those of their own office and of others, those outside.
SHUT_OUT = (
    *(SUBJECT, "accused", "dpo", "staff", "ict_technician", "online_safety_lead", "relative", "governor"),
    *("school_administrator", "reporter", "next_door_dsl", "superuser", "anonymous"),
)
SEARCHED = {
    "incident-list": {"text": CANARY.split()[1]},
    "person-search": {"q": "Member"},
    "incident-pulse": {},
}
_DIFFERS = re.compile(
    r'nonce="[^"]*"|nonce-[\w+/=-]+|name="(?:csrfmiddlewaretoken|author|[\w-]*_id|sent_id)" value="[^"]*"'
    # A new concern gets an id of its own each time.
    r"|/drafts/[0-9a-f-]{36}/"
)
# Answers that are made anew each time: papers with the moment of printing in them, downloads with their own key.
NOT_COMPARED = {
    "paper-form": "a drawn document: its bytes hold the program's own ids",
    "incident-log": "a drawn document: its bytes hold the program's own ids",
    "message-list": "a demonstration shows what was sent to everybody, on purpose; elsewhere there is no such page",
}

Seen = dict[tuple[str, str], tuple[int, tuple[tuple[str, str], ...], str]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Make the school once, and undo it after the last test of this file."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    clock = mock.patch("django.utils.timezone.now", return_value=NOW)
    with django_db_blocker.unblock(), hashers, clock, undone():  # type: ignore[attr-defined]
        found = make_world()
        make_person(school=found.school, name="Quentin Secret")
        sweep(now=NOW, tables=[OBLIGATIONS])
        yield found


def pages(world: World) -> Iterator[tuple[str, str, str]]:
    """Yield every address of the site with rows of this school in it: its name, the method, the path."""
    for address in addresses():
        if isinstance(address.who, frozenset) and str(address.name) not in NOT_COMPARED:
            yield str(address.name), "GET", _path(world, address)
            if address.name in SEARCHED:
                yield str(address.name), "POST", _path(world, address)


def _path(world: World, address: Address) -> str:
    return world.url(address, "about a child")


def seen_by(principal: Principal, world: World) -> Seen:
    """Return everything that one of them is answered: status, headers, and the page without what always differs."""
    found: Seen = {}
    for name, method, path in pages(world):
        client = Client(raise_request_exception=False)
        if principal.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = principal.session
        with undone():
            answer = client.get(path) if method == "GET" else client.post(path, SEARCHED[name])
            text = b"".join(answer) if answer.streaming else answer.content
        headers = tuple(sorted((key, _plain(value)) for key, value in answer.headers.items()))
        found[name, method] = (answer.status_code, headers, _plain(text.decode("utf-8", "replace")))
    return found


def _plain(text: str) -> str:
    return _DIFFERS.sub("", text)


def case_about(world: World, subject: str) -> Incident:
    """Let a case about somebody come to be, with the headteacher, and everything that is done on a case."""
    about = [harmed(_pupil(world)), alleged(person_of(_user(world, subject), world.school))]
    told = {"people": about, "about": About.ADULT, "narrative": CANARY, "is_danger_reported": True}
    case = make_incident(school=world.school, by=_user(world, REPORTER), **told)
    _work(case, _user(world, MANAGER))
    return case


def sealed_case(world: World) -> Incident:
    """Let a sealed case come to be that two of the safeguarding team handle."""
    people = [harmed(_pupil(world))]
    case = make_incident(school=world.school, by=_user(world, REPORTER), people=people, narrative=CANARY)
    lead = _user(world, "dsl")
    sharing.seal(incident=case, named=[_user(world, "deputy_dsl")], reason=CANARY, by=lead, at=NOW)
    _work(Incident.objects.get(pk=case.pk), lead)
    return case


def let_it_be_late(cases: list[Incident]) -> None:
    """Let everything that is owed in cases be hours late, and the sweep find it."""
    late = {"alert_at": NOW - timedelta(hours=2), "due_at": NOW - timedelta(hours=3)}
    Obligation.objects.filter(incident__in=cases, alert_at__isnull=False).update(**late)
    sweep(now=NOW, tables=[OBLIGATIONS])


def _work(case: Incident, by: User) -> None:
    said = {"by": by, "at": NOW}
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, **said)
    ownership.assign(incident=case, owner=by, **said)
    ownership.set_level(incident=case, level=Level.HIGH, reason=CANARY, **said) if case.level != Level.HIGH else None
    notes.add_note(incident=case, text=CANARY, **said)
    actions.undertake(incident=case, kind=Undertaking.ACTION, words=CANARY, due_at=SOON, **said)
    told = referrals.Contact(Agency.POLICE, Kind.CONSULT, Method.CALL_101, NOW, by, CANARY, advice=CANARY)
    referrals.record(incident=case, referral_id=case.pk, contact=told, chase_at=SOON, **said)
    make_device(case.school, by=by, incident=case)
    chronology.witness(incident=case, event=Event.READ, **said)
    routing.reroute(incident=case, **said)


def _user(world: World, name: str) -> User:
    user = world.principals[name].user
    assert user is not None
    return User.objects.get(pk=user.pk)


def _pupil(world: World) -> Person:
    found: Person = Person.objects.for_school(world.school).get(search_name="quentin secret")
    return found


def told_to(world: World, name: str) -> int:
    """Count what waits for somebody; what they were told of a case before it was sealed is taken back by then."""
    user = world.principals[name].user
    return OutboxMessage.objects.filter(recipient=user, read_at__isnull=True).count() if user else 0


@pytest.mark.parametrize("name", SHUT_OUT[: examples(5, promised=len(SHUT_OUT))])
def test_every_page_is_the_same_with_the_cases_and_without(
    world: World, name: str, record_property: Callable[[str, object], None]
) -> None:
    principal = world.principals[name]
    before, messages = seen_by(principal, world), told_to(world, name)

    with undone():
        let_it_be_late([case_about(world, SUBJECT), sealed_case(world)])
        after, later = seen_by(principal, world), told_to(world, name)

    record_property("answers", len(before))
    assert [page for page in before if before[page] != after[page]] == []
    assert messages == later


@pytest.mark.parametrize("subject", ["dsl", "ict_technician"][: examples(1, promised=2)])
def test_whoever_leads_or_runs_the_network_learns_nothing_of_a_case_about_them(
    world: World, subject: str, record_property: Callable[[str, object], None]
) -> None:
    principal = world.principals[subject]
    before, messages = seen_by(principal, world), told_to(world, subject)

    with undone():
        let_it_be_late([case_about(world, subject)])
        after, later = seen_by(principal, world), told_to(world, subject)

    record_property("answers", len(before))
    assert [page for page in before if before[page] != after[page]] == []
    assert messages == later


def test_whoever_handles_them_does_see_a_difference(world: World) -> None:
    """Or the comparison above would prove nothing."""
    with undone():
        case_about(world, SUBJECT)
        sealed = sealed_case(world)
        found = {name: _queue(world, name) for name in (MANAGER, "dsl", "deputy_dsl", "online_safety_lead")}
    before = {name: _queue(world, name) for name in found}

    assert [name for name in found if found[name] != before[name]] == [MANAGER, "dsl", "deputy_dsl"]
    assert sealed.reference in found["dsl"]


def _queue(world: World, name: str) -> str:
    path = world.url(next(one for one in addresses() if one.name == "incident-list"))
    with undone():
        return _plain(ask(world.principals[name], "GET", path).content.decode())
