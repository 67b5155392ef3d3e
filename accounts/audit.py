"""The audit ledger: one writer, one verifier.

Each row carries an HMAC over the row before it and over everything it says, with a key the database does not hold
(`AUDIT_KEYS`). Each chain's end is sealed too. So an edited, removed, reordered, inserted, cut-off or wholly rewritten
chain is found, unless the attacker also holds the key of the running application. What an older copy of the whole
database cannot show is that it is older: for that, the signed ends have to be kept elsewhere.

`record` is called as late as possible in a transaction: it locks the chain until the commit.
"""

import hmac
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.events import AccountEvent
from accounts.models.audit import AuditChain, AuditEvent
from accounts.models.schools import School
from accounts.models.users import User

SCHOOL_CHAIN = "school"
REGISTER_CHAIN = "register"
_START = b"\x00" * 32
_BATCH = 2000
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"))
# Written by hand: it runs in every transaction, and putting it together costs more than running it.
_LOCKED = "SELECT * FROM accounts_auditchain WHERE school_id = %s AND name = %s FOR UPDATE"
# Always in the same order, so that two who lock several never wait for each other.
_LOCKED_MANY = """
    SELECT c.*
    FROM accounts_auditchain c
    JOIN unnest(%s::uuid[], %s::text[]) AS w (school_id, name) ON w.school_id = c.school_id AND w.name = c.name
    ORDER BY c.school_id, c.name FOR UPDATE OF c
"""
_MOVED_ENDS = """
    UPDATE accounts_auditchain c
    SET last_seq = e.last_seq, last_hash = e.last_hash, key_id = e.key_id, end_seal = e.end_seal
    FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[], %s::text[], %s::bytea[])
        AS e (id, last_seq, last_hash, key_id, end_seal)
    WHERE c.id = e.id
"""
Place = tuple[uuid.UUID, str]


@dataclass(frozen=True)
class Break:
    """The first thing wrong with a chain: which chain, at which number, and what, in a sentence."""

    chain: str
    seq: int
    sentence: str


@dataclass
class Row:
    """One row of a chain, by the names of its columns, before it is stored; a stored one has the same."""

    id: uuid.UUID
    school_id: uuid.UUID
    chain_id: uuid.UUID
    seq: int
    at: datetime
    actor: str
    actor_name: str
    event: str
    target: str
    summary: str
    data: dict[str, Any]
    key_id: str
    prev_hash: bytes
    hash: bytes = b""


@dataclass(frozen=True)
class Said:
    """What one row says, before it has its place in a chain."""

    actor: User | None
    event: str
    target: str
    summary: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Entry:
    """One row that is to be added, in the words of `record`; the system did it."""

    school: School
    event: str
    target: str
    summary: str
    at: datetime
    data: dict[str, Any]
    chain: str = SCHOOL_CHAIN

    @property
    def place(self) -> Place:
        """The school and the chain that it belongs to."""
        return self.school.pk, self.chain


def record(
    *,
    school: School,
    actor: User | None,
    event: str,
    target: str,
    summary: str,
    at: datetime,
    data: dict[str, Any] | None = None,
    chain: str = SCHOOL_CHAIN,
) -> AuditEvent:
    """Add one row to a chain of the school, inside the caller's transaction.

    `summary` names no child and quotes no text.

    A chain other than `school` is opened on first use and entered in the school's register.
    """
    said = Said(actor, str(event), target, summary, _without_floats(data or {}), at)
    return _add(_locked_chain(school, chain, at), said)


def record_many(entries: Iterable[Entry]) -> None:
    """Add many rows to many chains in three statements, in the order given, inside the caller's transaction.

    A chain that is not open yet is opened as `record` does, which takes more.
    """
    waiting = list(entries)
    links = lock_chains({entry.place for entry in waiting})
    rows = []
    for entry in waiting:
        said = Said(None, str(entry.event), entry.target, entry.summary, _without_floats(entry.data), entry.at)
        if entry.place in links:
            rows.append(_next_row(links[entry.place], said))
        else:
            link = links[entry.place] = _locked_chain(entry.school, entry.chain, entry.at)
            _add(link, said)
    AuditEvent.objects.insert_rows([vars(row) for row in rows], alike={})
    _store_ends([links[place] for place in {entry.place for entry in waiting}])


def lock_chains(places: Iterable[Place]) -> dict[Place, AuditChain]:
    """Lock the chains that exist until the end of the transaction.

    Whoever is going to hold other rows too locks their chains first: every operation on a case ends with its chain, so
    the other way round two could wait for each other.
    """
    wanted = sorted(places)
    if not wanted:
        return {}
    schools, names = (list(column) for column in zip(*wanted, strict=True))
    found = AuditChain.objects.raw(_LOCKED_MANY, [schools, names])
    return {(link.school_id, link.name): link for link in found}


def open_chains(*, school: School, at: datetime) -> None:
    """Open the two chains that every school has from its first moment."""
    _add(_new_chain(school, REGISTER_CHAIN), _opened(SCHOOL_CHAIN, at))
    _new_chain(school, SCHOOL_CHAIN).save(force_insert=True)


def verify_chain(school: School) -> list[Break]:
    """Walk every chain of the school; return the first break of each, or nothing when all hold.

    Everything is read as of one moment: a row that is added meanwhile is no break. Inside a transaction of the caller's
    it is theirs that says what can be seen.
    """
    if connection.in_atomic_block:
        return _breaks(school)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _breaks(school)


def _breaks(school: School) -> list[Break]:
    chains = {chain.name: chain for chain in AuditChain.objects.for_school(school)}
    breaks = [
        Break(name, 0, f"The chain '{name}' is missing altogether.")
        for name in (REGISTER_CHAIN, SCHOOL_CHAIN)
        if name not in chains
    ]
    for name in sorted(chains):
        found = _first_break(chains[name])
        if found:
            breaks.append(found)
    for name, times in Counter(_registered(chains.get(REGISTER_CHAIN))).items():
        if name not in chains:
            breaks.append(Break(name, 0, f"The chain '{name}' stands in the register and is missing."))
        elif times > 1:
            breaks.append(Break(name, 0, f"The chain '{name}' was opened {times} times: an earlier one was removed."))
    return breaks


def _found_and_locked(school: School, name: str) -> AuditChain | None:
    link = next(iter(AuditChain.objects.raw(_LOCKED, [school.pk, name])), None)
    if link is not None:
        link.school = school
    return link


def _locked_chain(school: School, name: str, at: datetime) -> AuditChain:
    link = _found_and_locked(school, name)
    if link is not None:
        return link
    # Whoever comes second waits here, and then finds the chain that the first one opened.
    register = _found_and_locked(school, REGISTER_CHAIN)
    if register is None or name == SCHOOL_CHAIN:
        # These are opened with the school. Making them anew would hide that they were removed.
        missing = REGISTER_CHAIN if register is None else SCHOOL_CHAIN
        raise LookupError(
            f"The audit chain '{missing}' of this school is missing. Nothing is written until it is explained."
        )
    link = _found_and_locked(school, name)
    if link is not None:
        return link
    _add(register, _opened(name, at))
    return _new_chain(school, name)


def _new_chain(school: School, name: str) -> AuditChain:
    """Return a chain that is not stored yet: its first row brings it along."""
    link = AuditChain(school=school, name=name, last_hash=_START, key_id=_current_key_id())
    link.end_seal = _end_seal(link)
    return link


def _opened(name: str, at: datetime) -> Said:
    return Said(None, AccountEvent.CHAIN_OPENED.value, f"chain:{name}", "Opened an audit chain.", {}, at)


def _add(link: AuditChain, said: Said) -> AuditEvent:
    """Add a row to a chain that is locked, or new, and move its end."""
    row = AuditEvent(**vars(_next_row(link, said)))
    link.end_seal = _end_seal(link)
    if link._state.adding:
        link.save(force_insert=True)
    else:
        link.save(update_fields=["last_seq", "last_hash", "key_id", "end_seal"])
    row.save(force_insert=True)
    return row


def _next_row(link: AuditChain, said: Said) -> Row:
    """Return the next row of a chain, not stored yet, and move the chain's end in memory, which is sealed later."""
    row = Row(
        id=uuid.uuid4(),
        school_id=link.school_id,
        chain_id=link.pk,
        seq=link.last_seq + 1,
        at=said.at,
        actor=str(said.actor.pk) if said.actor else "system",
        actor_name=said.actor.full_name if said.actor else "The system",
        event=said.event,
        target=said.target,
        summary=said.summary,
        data=said.data,
        key_id=_current_key_id(),
        prev_hash=bytes(link.last_hash),
    )
    row.hash = _row_hash(row, link.name)
    link.last_seq, link.last_hash, link.key_id = row.seq, row.hash, row.key_id
    return row


def _store_ends(links: list[AuditChain]) -> None:
    ends = [(link.pk, link.last_seq, bytes(link.last_hash), link.key_id, _end_seal(link)) for link in links]
    if ends:
        with connection.cursor() as cursor:
            cursor.execute(_MOVED_ENDS, [list(column) for column in zip(*ends, strict=True)])


def _without_floats(data: Any) -> Any:
    """Return the data as given. PostgreSQL writes 1e22 and -0.0 in its own way, and the row would seem altered."""
    if isinstance(data, float):
        raise TypeError("Audit data holds text, whole numbers and yes or no.")
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list | tuple) else ()
    for part in parts:
        _without_floats(part)
    return data


def _current_key_id() -> str:
    return next(iter(settings.AUDIT_KEYS))


def _mac(key_id: str, *parts: bytes) -> bytes:
    return hmac.digest(settings.AUDIT_KEYS[key_id], b"\x00".join(parts), "sha256")


def said_by(row: Row | AuditEvent, chain_name: str) -> dict[str, Any]:
    """Return all that a row says, in the form over which its seal stands."""
    return {
        "school": str(row.school_id),
        "chain": chain_name,
        "id": str(row.id),
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor,
        "actor_name": row.actor_name,
        "event": row.event,
        "target": row.target,
        "summary": row.summary,
        "data": row.data,
        "key_id": row.key_id,
    }


def _row_hash(row: Row | AuditEvent, chain_name: str) -> bytes:
    return _mac(row.key_id, b"row", bytes(row.prev_hash), _CANONICAL.encode(said_by(row, chain_name)).encode())


def _end_seal(link: AuditChain) -> bytes:
    place = f"{link.school_id}|{link.name}|{link.pk}|{link.last_seq}"
    return _mac(link.key_id, b"end", place.encode(), bytes(link.last_hash))


def _first_break(link: AuditChain) -> Break | None:
    if link.key_id not in settings.AUDIT_KEYS:
        return Break(link.name, link.last_seq, f"The chain's end names an unknown key '{link.key_id}'.")
    previous, seq = _START, 0
    for row in _rows(link):
        seq += 1
        if row.seq != seq:
            return Break(link.name, seq, f"Row {seq} is missing or out of its place.")
        if bytes(row.prev_hash) != previous:
            return Break(link.name, seq, f"Row {seq} does not follow from the row before it.")
        if row.key_id not in settings.AUDIT_KEYS or not hmac.compare_digest(_row_hash(row, link.name), bytes(row.hash)):
            return Break(link.name, seq, f"Row {seq} was altered after it was written.")
        previous = bytes(row.hash)
    if not hmac.compare_digest(_end_seal(link), bytes(link.end_seal)):
        return Break(link.name, link.last_seq, "The chain's end was not written by this system.")
    if link.last_seq != seq:
        return Break(link.name, seq + 1, f"Rows {seq + 1} to {link.last_seq} were cut off the end.")
    if bytes(link.last_hash) != previous:
        return Break(link.name, seq, f"Row {seq} is not the row the chain ends with.")
    return None


def _rows(link: AuditChain) -> Iterator[AuditEvent]:
    rows = AuditEvent.objects.filter(chain=link).order_by("seq")
    return rows.iterator(chunk_size=_BATCH)


def _registered(register: AuditChain | None) -> list[str]:
    if register is None:
        return []
    targets = AuditEvent.objects.filter(chain=register, event=AccountEvent.CHAIN_OPENED).values_list(
        "target", flat=True
    )
    return [target.removeprefix("chain:") for target in targets]
