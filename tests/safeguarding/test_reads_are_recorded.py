"""Every page of a case that was shown leaves exactly one row in its ledger, whoever read it and by what page (AU-4)."""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client, override_settings

from accounts.models import AuditEvent
from incidents.models import Incident
from tests.architecture.addresses import Address, addresses
from tests.factories import NOW
from tests.safeguarding.matrix import READERS, World, make_world, undone

pytestmark = pytest.mark.django_db

# Pages below a case, less those that only their reporter opens: these are recorded under names of their own.
OF_CASES = [
    address for address in addresses() if isinstance(address.who, frozenset) and "reference" in address.converters
]
# Show a question alone and nothing of the case.
SHOW_NOTHING: dict[str, str] = {}
READER = {
    "about a child": "dsl",
    "about a deputy": "headteacher",
    "about the head": "chair_of_governors",
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Make the world once, and undo it after the last test of this file."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    clock = mock.patch("django.utils.timezone.now", return_value=NOW)
    with django_db_blocker.unblock(), hashers, clock, undone():  # type: ignore[attr-defined]
        yield make_world()


def rows_left(world: World, address: Address, case: str, who: str) -> tuple[int, int]:
    """Return how a page answered, and how many rows about the case that left."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = world.principals[who].session
    target = f"incident:{Incident.objects.get(reference=world.references[case]).pk}"
    with undone():
        before = AuditEvent.objects.filter(target=target).count()
        answer = client.get(world.url(address, case))
        return answer.status_code, AuditEvent.objects.filter(target=target).count() - before


@pytest.mark.parametrize("case", READER)
def test_every_page_of_a_case_that_is_shown_is_recorded_once(world: World, case: str) -> None:
    found = {address.name: rows_left(world, address, case, READER[case]) for address in OF_CASES}
    shown = {name: rows for name, (code, rows) in found.items() if code == 200 and name not in SHOW_NOTHING}

    assert len(shown) > 10
    assert {name: rows for name, rows in shown.items() if rows != 1} == {}


@pytest.mark.parametrize("case", READERS)
def test_what_was_not_shown_leaves_nothing_that_says_so(world: World, case: str) -> None:
    """A row would tell whoever reads the ledger that there is something to be refused."""
    for who in ("staff", "dsl", "headteacher"):
        if who in READERS[case]:
            continue
        for address in OF_CASES:
            code, rows = rows_left(world, address, case, who)
            assert code == 200 or rows == 0, (address.name, who)
