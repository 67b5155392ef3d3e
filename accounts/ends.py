"""Signed ends: where every chain of a school ended on a day, in words that are kept outside the system.

The key that signs is made from the ledger's current secret key, so nothing more has to be kept; its public half stands
in every signed end. Whoever keeps one of them can prove later, with `verify_audit --end` or with an export alone, that
what was in the ledger then is there now.
"""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from accounts.audit import SCHOOL_CHAIN
from accounts.models.audit import AuditChain, AuditEvent, SignedEnd
from accounts.models.schools import School
from accounts.standalone_verifier import end_is_signed, end_message, parse_end

_PURPOSE = b"signed ends of the ledger"
Ends = dict[str, list[Any]]


def public_keys() -> list[str]:
    """Return the public halves of the keys that sign, or signed before a change of keys; the current one first."""
    return [_public(_signer(secret)) for secret in settings.AUDIT_KEYS.values()]


def signed(message: bytes) -> bytes:
    """Return the signature of a message with the current key."""
    return _signer(next(iter(settings.AUDIT_KEYS.values()))).sign(message)


def ends_of(school: School) -> tuple[Ends, str]:
    """Return where every chain of a school ends now, and the number and seal of the school's own chain in words."""
    ends: Ends = {}
    ledger = f"0 {'00' * 32}"
    for link in AuditChain.objects.for_school(school).order_by("pk"):
        ends[str(link.pk)] = [link.last_seq, bytes(link.last_hash).hex()]
        if link.name == SCHOOL_CHAIN:
            ledger = f"{link.last_seq} {bytes(link.last_hash).hex()}"
    return ends, ledger


def statement(*, school: School, day: date, ends: Ends, ledger: str, at: datetime) -> str:
    """Return the words of a signed end."""
    end = {
        "school": school.slug,
        "day": day.isoformat(),
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "ledger": ledger,
        "whole": _digest(ends),
        "key": public_keys()[0],
    }
    return f"{end_message(end).decode()}\nsignature: {signed(end_message(end)).hex()}\n"


def verify_end(school: School, text: str) -> list[str]:
    """Return what is wrong with the ledger of a school, or with the end itself; nothing where all of it is there still.

    Found: an end that somebody made up or altered, one of another school, a ledger that is older than the end, and rows
    that were there then and are gone or others now, in whatever chain.
    """
    end = parse_end(text)
    if not any(end_is_signed(end, key) for key in public_keys()):
        return ["This end was not signed by this system, or was altered since."]
    if end["school"] != school.slug:
        return ["This end belongs to another school."]
    stored: SignedEnd | None = SignedEnd.objects.for_school(school).filter(day=end["day"]).first()
    if stored is None or parse_end(stored.text) != end:
        return ["The ledger does not know this end: it is older than the end, or its newest rows were removed."]
    if _digest(stored.ends) != end["whole"]:
        return ["What was signed with this end was altered since."]
    return _missing(school, stored.ends)


def _missing(school: School, ends: Ends) -> list[str]:
    """Say what of the chains' rows is not there as it was."""
    names = {str(link.pk): link for link in AuditChain.objects.for_school(school)}
    found = []
    for pk, (seq, seal) in ends.items():
        link = names.get(pk)
        if link is None:
            found.append("A chain that was there then is gone.")
        elif seq and not _is_there(link, seq, seal):
            found.append(f"Row {seq} of the chain '{link.name}' is gone, or is another one now.")
    return found


def _is_there(link: AuditChain, seq: int, seal: str) -> bool:
    row = AuditEvent.objects.filter(chain=link, seq=seq).first()
    return row is not None and hmac.compare_digest(bytes(row.hash).hex(), seal)


def _digest(ends: Ends) -> str:
    return hashlib.sha256(json.dumps(ends, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _signer(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hmac.digest(secret, _PURPOSE, "sha256"))


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
