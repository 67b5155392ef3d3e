"""Keys: made with a school, witnessed, wrapped anew; second factors sealed anew with them."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.db import transaction

from accounts.encryption import opened_keys, seal, seal_secret, unseal, unseal_secret
from accounts.models import AuditEvent, DataKey
from accounts.operations import keys
from tests.conftest import Cast
from tests.factories import NOW, make_school

PLACE = {"table": "t", "column": "c", "row_id": 1}


def test_a_school_has_a_key_from_its_first_moment_and_the_ledger_says_so(cast: Cast) -> None:
    assert DataKey.objects.filter(school=cast.school).count() == 1
    assert AuditEvent.objects.filter(school=cast.school, event="keys.made").count() == 1


def test_what_the_older_key_sealed_still_opens_after_a_newer_one_was_made(cast: Cast) -> None:
    sealed = seal("before", school_id=cast.school.pk, **PLACE)

    newer = keys.make_data_key(school=cast.school, at=NOW.replace(year=NOW.year + 1))
    after = seal("after", school_id=cast.school.pk, **PLACE)

    assert unseal(sealed, school_id=cast.school.pk, **PLACE) == "before"
    assert after[1:17] == newer.pk.bytes != sealed[1:17]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inner", [False, True], ids=["transaction", "part of a transaction"])
def test_a_key_that_was_rolled_back_seals_nothing_afterwards(inner: bool) -> None:
    school = make_school()
    first = seal("first", school_id=school.pk, **PLACE)[1:17]

    with transaction.atomic() if inner else nullcontext():
        with transaction.atomic():
            gone = keys.make_data_key(school=school, at=NOW.replace(year=NOW.year + 1))
            assert seal("with the new one", school_id=school.pk, **PLACE)[1:17] == gone.pk.bytes
            transaction.set_rollback(True)
        sealed = seal("after", school_id=school.pk, **PLACE)

    assert sealed[1:17] == first
    opened_keys.forget()
    assert unseal(sealed, school_id=school.pk, **PLACE) == "after"


@pytest.mark.django_db(transaction=True)
def test_a_key_that_was_committed_is_remembered(django_assert_num_queries: Callable[[int], Any]) -> None:
    school = make_school()
    seal("first", school_id=school.pk, **PLACE)

    with django_assert_num_queries(0):
        seal("second", school_id=school.pk, **PLACE)


def test_second_factors_are_sealed_anew_and_the_old_master_key_can_go(cast: Cast, settings: LazySettings) -> None:
    old = dict(settings.DATA_KEYS)
    factor = Authenticator.objects.create(
        user=cast.dsl, type=Authenticator.Type.TOTP, data={"secret": seal_secret("JBSWY3DP")}
    )
    settings.DATA_KEYS = {"newer": b"n" * 32, **old}

    changed = keys.reseal_second_factors()
    settings.DATA_KEYS = {"newer": b"n" * 32}

    factor.refresh_from_db()
    assert changed == 1
    assert unseal_secret(factor.data["secret"]) == "JBSWY3DP"
    assert keys.reseal_second_factors() == 0
