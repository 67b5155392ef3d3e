"""Sealed text: AES-256-GCM with a key per school, bound to the very row it stands in.

A sealed column holds `version | data key id | nonce | ciphertext and tag`. The associated data names table, column,
row, school and key, so ciphertext that is moved, swapped or cut does not open. The school's data key is itself sealed
by a master key from the environment (`DATA_KEYS`), which the database never sees.

    class Incident(SchoolOwned):
        narrative = SealedTextField()

Reading `incident.narrative` opens the text on first use. Writing happens only through `save()` and `bulk_create()`:
`.update(narrative=...)` is refused, because a seal needs to know its row. `Unreadable` is raised when a seal is broken.
"""

import base64
import os
import threading
import time
import uuid
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models, transaction
from django.db.models.query_utils import DeferredAttribute

from accounts.models.keys import DataKey

_VERSION = b"\x01"
_SECRET = b"second-factor"
_NONCE_BYTES = 12
_HEADER_BYTES = 1 + 16 + _NONCE_BYTES
# An opened key is forgotten after this long, so that a destroyed key stops working in running processes too.
_KEY_SECONDS = 300.0


class Unreadable(Exception):
    """Sealed text could not be opened: the seal is broken, moved, or its key is gone."""


class Sealed(bytes):
    """Bytes as they stand in the database. A type of its own, so that plain text can never be written by mistake."""


class _OpenedKeys:
    """Data keys this process has opened, each kept for a few minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_id: dict[uuid.UUID, tuple[float, AESGCM]] = {}
        self._newest: dict[uuid.UUID, tuple[float, uuid.UUID]] = {}
        # Keys whose transaction may still be rolled back.
        self._uncommitted: set[uuid.UUID] = set()

    def by_id(self, key_id: uuid.UUID, school_id: uuid.UUID) -> AESGCM:
        """Return the cipher of a key of this school; raise Unreadable when there is none."""
        now = time.monotonic()
        with self._lock:
            found = self._by_id.get(key_id)
        if found and now - found[0] < _KEY_SECONDS:
            return found[1]
        row = DataKey.objects.filter(pk=key_id, school_id=school_id).first()
        if row is None or row.wrapped is None:
            raise Unreadable("The key of this text is gone.")
        cipher = AESGCM(unwrap(bytes(row.wrapped), row.master_key_id, school_id, key_id))
        with self._lock:
            self._by_id[key_id] = (now, cipher)
        return cipher

    def newest(self, school_id: uuid.UUID) -> tuple[uuid.UUID, AESGCM]:
        """Return the id and cipher of the school's current key; raise Unreadable when it has none."""
        now = time.monotonic()
        with self._lock:
            found = self._newest.get(school_id)
        if found and now - found[0] < _KEY_SECONDS:
            return found[1], self.by_id(found[1], school_id)
        key_id = (
            DataKey.objects.filter(school_id=school_id, wrapped__isnull=False)
            .order_by("-created_at")
            .values_list("pk", flat=True)
            .first()
        )
        if key_id is None:
            raise Unreadable("This school has no data key. `create_school` makes one.")
        with self._lock:
            if key_id not in self._uncommitted:
                self._newest[school_id] = (now, key_id)
        return key_id, self.by_id(key_id, school_id)

    def await_commit(self, key_id: uuid.UUID) -> None:
        """Remember no key that was just made as a school's newest, until its transaction is committed.

        Were it rolled back, what the key sealed afterwards could never be opened again.
        """
        with self._lock:
            self._uncommitted.add(key_id)
            self._newest.clear()

        def committed() -> None:
            with self._lock:
                self._uncommitted.discard(key_id)
                self._newest.clear()

        transaction.on_commit(committed)

    def forget(self) -> None:
        """Forget every opened key (after a rotation or a destruction, and between tests)."""
        with self._lock:
            self._by_id.clear()
            self._newest.clear()


opened_keys = _OpenedKeys()


def current_master_key_id() -> str:
    """Return the id of the master key that new wrappings use: the first of `DATA_KEYS`."""
    return next(iter(settings.DATA_KEYS))


def _wrapping_data(school_id: uuid.UUID, key_id: uuid.UUID, master_key_id: str) -> bytes:
    return f"data-key|{school_id}|{key_id}|{master_key_id}".encode()


def wrap(data_key: bytes, school_id: uuid.UUID, key_id: uuid.UUID) -> tuple[bytes, str]:
    """Seal a school's data key with the current master key; return the bytes and the master key's id."""
    master_key_id = current_master_key_id()
    nonce = os.urandom(_NONCE_BYTES)
    cipher = AESGCM(settings.DATA_KEYS[master_key_id])
    return nonce + cipher.encrypt(nonce, data_key, _wrapping_data(school_id, key_id, master_key_id)), master_key_id


def unwrap(wrapped: bytes, master_key_id: str, school_id: uuid.UUID, key_id: uuid.UUID) -> bytes:
    """Open a school's data key; raise Unreadable when the master key is unknown or does not fit."""
    master_key = settings.DATA_KEYS.get(master_key_id)
    if master_key is None:
        raise Unreadable(f"The master key {master_key_id!r} is not among DATA_KEYS.")
    nonce, body = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    try:
        return AESGCM(master_key).decrypt(nonce, body, _wrapping_data(school_id, key_id, master_key_id))
    except InvalidTag as error:
        raise Unreadable("A school's data key does not open with its master key.") from error


def seal_secret(text: str) -> str:
    """Seal what belongs to no school (a second factor's secret) with the master key itself; return text."""
    key_id, nonce = current_master_key_id(), os.urandom(_NONCE_BYTES)
    body = AESGCM(settings.DATA_KEYS[key_id]).encrypt(nonce, text.encode(), _SECRET)
    return f"{key_id}:{base64.b64encode(nonce + body).decode()}"


def unseal_secret(sealed: str) -> str:
    """Open what `seal_secret` made; raise Unreadable when its master key is unknown or does not fit."""
    key_id, _, encoded = sealed.partition(":")
    key, body = settings.DATA_KEYS.get(key_id), base64.b64decode(encoded)
    if key is None:
        raise Unreadable(f"The master key {key_id!r} is not among DATA_KEYS.")
    try:
        return AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], _SECRET).decode()
    except InvalidTag as error:
        raise Unreadable("The secret of a second factor does not open.") from error


def _binding(table: str, column: str, row_id: object, school_id: object, key_id: uuid.UUID) -> bytes:
    return f"{table}|{column}|{row_id}|{school_id}|{key_id}".encode()


def seal(text: str, *, table: str, column: str, row_id: object, school_id: uuid.UUID) -> Sealed:
    """Seal text for one column of one row of one school."""
    return seal_bytes(text.encode(), table=table, column=column, row_id=row_id, school_id=school_id)


def unseal(sealed: bytes, *, table: str, column: str, row_id: object, school_id: uuid.UUID) -> str:
    """Open what `seal` made for the same table, column, row and school; raise Unreadable for anything else."""
    return unseal_bytes(sealed, table=table, column=column, row_id=row_id, school_id=school_id).decode()


def seal_bytes(content: bytes, *, table: str, column: str, row_id: object, school_id: uuid.UUID) -> Sealed:
    """Seal the content of a file for one column of one row of one school."""
    key_id, cipher = opened_keys.newest(school_id)
    nonce = os.urandom(_NONCE_BYTES)
    body = cipher.encrypt(nonce, content, _binding(table, column, row_id, school_id, key_id))
    return Sealed(b"".join((_VERSION, key_id.bytes, nonce, body)))


def unseal_bytes(sealed: bytes, *, table: str, column: str, row_id: object, school_id: uuid.UUID) -> bytes:
    """Open what `seal_bytes` made for the same table, column, row and school; raise Unreadable for anything else."""
    if len(sealed) <= _HEADER_BYTES or sealed[:1] != _VERSION:
        raise Unreadable("This is not sealed text.")
    key_id = uuid.UUID(bytes=bytes(sealed[1:17]))
    nonce, body = sealed[17:_HEADER_BYTES], sealed[_HEADER_BYTES:]
    cipher = opened_keys.by_id(key_id, school_id)
    try:
        return cipher.decrypt(nonce, body, _binding(table, column, row_id, school_id, key_id))
    except InvalidTag as error:
        raise Unreadable("This text was altered or moved from where it was written.") from error


class _SealedAttribute(DeferredAttribute):
    """Opens the text when it is first read; an untouched value is written back as it came."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        opened = instance.__dict__.setdefault("_opened_text", {})
        name = self.field.attname
        if name not in opened:
            opened[name] = self.field.decoded(  # type: ignore[attr-defined]
                value,
                table=instance._meta.db_table,
                column=str(self.field.column),
                row_id=instance.pk,
                school_id=instance.school_id,  # type: ignore[attr-defined]
            )
        return opened[name]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__.setdefault("_opened_text", {}).pop(self.field.attname, None)
        instance.__dict__[self.field.attname] = value


def _refusal_of(name: str) -> TypeError:
    return TypeError(f"{name} is sealed text: it is written by save() only, and cannot be searched or updated.")


class _NoSearch(models.Lookup):
    """Stands in for every search in sealed text: one in ciphertext would find nothing, and look like an answer."""

    lookup_name = "refused"

    def __init__(self, lhs: Any, rhs: Any) -> None:
        raise _refusal_of(lhs.output_field.name)


class SealedTextField(models.BinaryField):
    """Text that only this process, holding the keys, can read. The model must be `SchoolOwned`."""

    descriptor_class = _SealedAttribute
    # For the type checker: what is assigned and what is read is text, though bytes are stored.
    _pyi_private_set_type: str | Sealed | None
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: Any

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return seal_bytes(
            self.encoded(value),
            table=model_instance._meta.db_table,
            column=str(self.column),
            row_id=model_instance.pk,
            school_id=model_instance.school_id,  # type: ignore[attr-defined]
        )

    def encoded(self, value: Any) -> bytes:
        """Return what is sealed, as bytes."""
        return str(value).encode()

    def decoded(self, sealed: Sealed, **place: Any) -> Any:
        """Return what was sealed; raise Unreadable when it was altered or stands elsewhere."""
        return unseal(sealed, **place)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise self._refusal()
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else _NoSearch

    def _refusal(self) -> TypeError:
        return _refusal_of(self.name)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is sealed text and is never serialised.")


class SealedBytesField(SealedTextField):
    """The content of a file, sealed like text: read and written as the very bytes that were given."""

    _pyi_private_set_type: bytes | Sealed | None  # type: ignore[assignment]

    def encoded(self, value: Any) -> bytes:
        return bytes(value)

    def decoded(self, sealed: Sealed, **place: Any) -> Any:
        return unseal_bytes(sealed, **place)
