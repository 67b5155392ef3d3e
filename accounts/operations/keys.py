"""Data keys: made when a school is, wrapped anew when the master key changes."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.encryption import current_master_key_id, opened_keys, seal_secret, unseal_secret, unwrap, wrap
from accounts.events import AccountEvent
from accounts.models import DataKey, School


@transaction.atomic
def make_data_key(*, school: School, at: datetime) -> DataKey:
    """Make and return a new data key for a school; everything sealed from now on uses it."""
    key = DataKey(school=school, created_at=at)
    key.wrapped, key.master_key_id = wrap(AESGCM.generate_key(bit_length=256), school.pk, key.pk)
    key.save()
    opened_keys.await_commit(key.pk)
    audit.record(
        school=school,
        actor=None,
        event=AccountEvent.KEY_MADE,
        target=f"key:{key.pk}",
        summary="Made a data key for the school.",
        at=at,
    )
    return key


@transaction.atomic
def reseal_second_factors() -> int:
    """Seal the secrets of second factors with the current master key; return how many changed. They are no school's."""
    changed = 0
    for factor in Authenticator.objects.select_for_update():
        stale = {
            name: value
            for name, value in factor.data.items()
            if isinstance(value, str) and value.partition(":")[0] in _older_keys()
        }
        if stale:
            factor.data |= {name: seal_secret(unseal_secret(value)) for name, value in stale.items()}
            factor.save(update_fields=["data"])
            changed += 1
    return changed


def _older_keys() -> set[str]:
    return set(settings.DATA_KEYS) - {current_master_key_id()}


@transaction.atomic
def rewrap(*, school: School, at: datetime) -> int:
    """Wrap the school's data keys with the current master key; return how many changed. Text is not rewritten."""
    keys = DataKey.objects.select_for_update().for_school(school).filter(wrapped__isnull=False)
    stale = [key for key in keys if key.master_key_id != current_master_key_id()]
    for key in stale:
        plain = unwrap(bytes(key.wrapped or b""), key.master_key_id, school.pk, key.pk)
        key.wrapped, key.master_key_id = wrap(plain, school.pk, key.pk)
        key.save(update_fields=["wrapped", "master_key_id"])
    if stale:
        audit.record(
            school=school,
            actor=None,
            event=AccountEvent.KEYS_REWRAPPED,
            target=f"school:{school.pk}",
            summary=f"Wrapped {len(stale)} data keys with the master key {current_master_key_id()}.",
            at=at,
        )
        opened_keys.forget()
    return len(stale)
