"""Fingerprints: the same for the same, and nothing else to be learnt from them."""

import hashlib

import pytest

from accounts.encryption import Unreadable
from accounts.fingerprints import fingerprint
from accounts.models import DataKey
from accounts.operations import keys
from tests.conftest import Cast
from tests.factories import NOW


def test_the_same_text_is_found_again_and_no_other(cast: Cast) -> None:
    school = cast.school.pk
    first = fingerprint("  Shadow_Fox ", of="account", school_id=school)

    assert fingerprint("shadow_fox", of="account", school_id=school) == first
    assert fingerprint("shadow_fix", of="account", school_id=school) != first
    assert fingerprint("shadow_fox", of="device", school_id=school) != first
    assert fingerprint("shadow_fox", of="account", school_id=cast.next_door.pk) != first
    assert len(first) == 32
    assert first != hashlib.sha256(b"account\x00shadow_fox").digest()


def test_a_new_data_key_does_not_lose_what_was_found_before(cast: Cast) -> None:
    before = fingerprint("shadow_fox", of="account", school_id=cast.school.pk)

    keys.make_data_key(school=cast.school, at=NOW)

    assert fingerprint("shadow_fox", of="account", school_id=cast.school.pk) == before


def test_without_a_key_there_is_no_fingerprint(cast: Cast) -> None:
    DataKey.objects.filter(school=cast.school).update(wrapped=None)

    with pytest.raises(Unreadable):
        fingerprint("shadow_fox", of="account", school_id=cast.school.pk)
