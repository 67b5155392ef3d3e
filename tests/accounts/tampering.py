"""What somebody with the database in their hands could do to a ledger: plain SQL, with the triggers switched off."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection, transaction

from accounts import audit
from accounts.models import AuditChain, AuditEvent, School
from tests.factories import NOW


class Undone(Exception):
    """Raised to take back what was tried."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo everything done inside, so that one ledger serves many attempts."""
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


def tamper(*statements: str, **values: Any) -> None:
    """Run statements as the owner of the tables, without triggers. `%(name)s` stands for a value."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, values or None)
        cursor.execute("ALTER TABLE accounts_auditevent ENABLE TRIGGER USER")


def write_rows(school: School, count: int, *, chain: str = audit.SCHOOL_CHAIN, key: str = "x") -> list[AuditEvent]:
    """Add rows to a chain as the application does."""
    return [
        audit.record(
            school=school,
            actor=None,
            event="test.happened",
            target=f"thing:{number}",
            summary=f"Something happened: {number}.",
            at=NOW,
            data={"number": number, "key": key},
            chain=chain,
        )
        for number in range(count)
    ]


def chain_of(school: School, name: str = audit.SCHOOL_CHAIN) -> AuditChain:
    """Return one chain of the school as it stands now."""
    return AuditChain.objects.get(school=school, name=name)


def breaks(school: School) -> dict[str, int]:
    """Return the first bad number of each broken chain, by the chain's name."""
    return {found.chain: found.seq for found in audit.verify_chain(school)}


def rewrite_hashes(chain: AuditChain, *, from_seq: int = 1) -> None:
    """Work out every hash of a chain anew, with whatever keys the settings hold now, and its end with it."""
    previous = b"\x00" * 32
    rows = list(AuditEvent.objects.filter(chain=chain).order_by("seq"))
    for row in rows:
        if row.seq >= from_seq:
            row.prev_hash = previous
            row.hash = audit._row_hash(row, chain.name)
            tamper(
                "UPDATE accounts_auditevent SET prev_hash = %(previous)s, hash = %(hash)s WHERE id = %(id)s",
                previous=bytes(row.prev_hash),
                hash=row.hash,
                id=row.pk,
            )
        previous = bytes(row.hash)
    chain.last_seq, chain.last_hash = len(rows), previous
    chain.end_seal = audit._end_seal(chain)
    tamper(
        """
        UPDATE accounts_auditchain SET last_seq = %(seq)s, last_hash = %(hash)s, end_seal = %(seal)s WHERE id = %(id)s
        """,
        seq=chain.last_seq,
        hash=chain.last_hash,
        seal=chain.end_seal,
        id=chain.pk,
    )
