"""The cast: people with names and powers, and the school next door, which is there in every test that touches rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest
from django.test import Client, TestCase
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from accounts.access import Access, access_school
from accounts.encryption import opened_keys
from accounts.models import School, User
from accounts.roles import Role
from tests.factories import NOW, make_member, make_school
from tests.numbers import FULL

# `--hypothesis-profile=full`, as `./run assure numbers` says.
hypothesis_settings.register_profile(FULL, deadline=None)


def pytest_configure() -> None:
    """Close each connection after its request: one that a server thread kept would hold up the end of the tests."""
    django_settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End what still holds the test database when the tests are over.

    A request that a browser gave up half-way leaves its server thread, and the thread its connection.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@dataclass(frozen=True)
class Cast:
    """Everybody in a test, by role. `next_door` is another school with a DSL and a teacher of its own."""

    school: School
    next_door: School
    teacher: User
    colleague: User
    dsl: User
    deputy: User
    online_safety_lead: User
    head: User
    chair: User
    governor: User
    ict: User
    administrator: User
    trust_lead: User
    next_door_dsl: User
    next_door_teacher: User

    def __getitem__(self, name: str) -> User:
        user: User = getattr(self, name)
        return user

    def access(self, name: str, at: object = NOW) -> Access:
        """Return what somebody of the cast holds at their school."""
        school = self.next_door if name.startswith("next_door") else self.school
        return access_school(self[name], school.slug, at=at)


@pytest.fixture(autouse=True)
def _fresh(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget opened keys between tests, since every test's schools have keys of their own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    opened_keys.forget()
    # No sweep ever ran in a test's database; the pages that say so have tests of their own.
    monkeypatch.setattr("safeguarding.context_processors.sweep_is_late", lambda: False)
    yield
    opened_keys.forget()


@receiver(user_logged_in)
def _as_if_by_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Let `force_login` leave the proof that the sign-in page leaves. Only tests ever sign anybody in without one."""
    if not get_authentication_records(request, user):
        record_authentication(request, user, "password")
        # By the clock of the test, which may stand still; the library reads the machine's.
        records = request.session[AUTHENTICATION_METHODS_SESSION_KEY]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {**one, "at": timezone.now().timestamp()} for one in records
        ]


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast of Oakfield, with Birchwood next door."""
    # As after a commit, which a test's own transaction never sees: until then a school's key is read anew each time.
    with TestCase.captureOnCommitCallbacks(execute=True):
        school, next_door = make_school(), make_school(name="Birchwood School", slug="birchwood")

    def at_oakfield(role: Role, name: str) -> User:
        return make_member(school=school, role=role, name=name)

    return Cast(
        school=school,
        next_door=next_door,
        teacher=at_oakfield(Role.STAFF, "Tessa Teacher"),
        colleague=at_oakfield(Role.STAFF, "Colin Colleague"),
        dsl=at_oakfield(Role.DSL, "Dora Safe"),
        deputy=at_oakfield(Role.DEPUTY_DSL, "Dennis Deputy"),
        online_safety_lead=at_oakfield(Role.ONLINE_SAFETY_LEAD, "Olive Online"),
        head=at_oakfield(Role.HEADTEACHER, "Hetty Head"),
        chair=at_oakfield(Role.CHAIR_OF_GOVERNORS, "Charles Chair"),
        governor=at_oakfield(Role.SAFEGUARDING_GOVERNOR, "Gwen Governor"),
        ict=at_oakfield(Role.NETWORK_MANAGER, "Ned Network"),
        administrator=at_oakfield(Role.SCHOOL_ADMINISTRATOR, "Ada Office"),
        trust_lead=at_oakfield(Role.TRUST_SAFEGUARDING_LEAD, "Tom Trust"),
        next_door_dsl=make_member(school=next_door, role=Role.DSL, name="Nora Next"),
        next_door_teacher=make_member(school=next_door, name="Nils Next"),
    )


@pytest.fixture
def sign_in(client: Client) -> object:
    """Return a function that signs somebody in and gives back the client."""

    def signed_in(user: User) -> Client:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
