"""That a chronology was made for printing, for whom and why: written down before it leaves."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import AuditChain, User
from incidents.events import Event
from incidents.models import Incident
from incidents.operations import chronology
from incidents.queries.prints import Printed, Purpose, Wanted


@dataclass(frozen=True)
class LedgerEnd:
    """Where the ledger of a case stood when a document was made: its chain, the number and the seal of its last row."""

    chain: str
    number: int
    seal: str


@transaction.atomic
def record(
    *, incident: Incident, wanted: Wanted, made: Printed, purpose: Purpose, words: str, by: User, at: datetime
) -> LedgerEnd:
    """Write down that a document is made, what it holds, for whom and why; return where the ledger stands then."""
    if not words.strip():
        raise Refused("purpose_missing", "Write down what it is for. It is kept with the case.")
    said = f"{wanted.style.label}. For: {purpose.label}. {words} {_whose(wanted)}"
    data = {"style": wanted.style.value, "purpose": purpose.value, "sha256": made.digest, "entries": made.total}
    chronology.append(incident=incident, event=Event.CHRONOLOGY_PRINTED, by=by, at=at, text=said, data=data)
    chain = AuditChain.objects.get(school=incident.school, name=incident.audit_chain)
    return LedgerEnd(chain.name, chain.last_seq, bytes(chain.last_hash).hex())


def _whose(wanted: Wanted) -> str:
    if wanted.is_all_named:
        return "Everybody is named in it."
    if wanted.child is None:
        return "No child is named in it."
    return f"Made for {wanted.child.name}; other children are letters in it."
