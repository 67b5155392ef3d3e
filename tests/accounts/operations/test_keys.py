"""Keys: made with a school, witnessed, wrapped anew; second factors sealed anew with them."""

from allauth.mfa.models import Authenticator
from django.conf import LazySettings

from accounts.encryption import seal, seal_secret, unseal, unseal_secret
from accounts.models import AuditEvent, DataKey
from accounts.operations import keys
from tests.conftest import Cast
from tests.factories import NOW

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
