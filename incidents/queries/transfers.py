"""The chain of hands that a device went through."""

from dataclasses import dataclass
from datetime import datetime

from incidents.events import Event
from incidents.models import CustodyStep, CustodyTransfer, HeldDevice


@dataclass(frozen=True)
class Link:
    """One hand-over as people read it, with what became of it."""

    number: int
    giver: str
    receiver: str
    given_at: datetime
    given_by: str
    lines: tuple[str, ...]
    # How it stands: signed by both, waiting, taken with a reference, or not handed over.
    standing: str
    is_waiting: bool
    is_broken: bool


@dataclass(frozen=True)
class Decided:
    """One thing that was decided about a device."""

    title: str
    words: str
    at: datetime
    by: str


def decided_about(device: HeldDevice) -> list[Decided]:
    """Return what was decided about a device while it was held, the first first; one query."""
    rows = CustodyStep.objects.filter(device=device).select_related("by").order_by("at")
    return [Decided(Event(row.event).label, row.words or "", row.at, row.by.full_name) for row in rows]


def waiting_transfer(device: HeldDevice) -> CustodyTransfer | None:
    """Return the hand-over of a device that somebody of the school still has to sign for."""
    rows = CustodyTransfer.objects.filter(device=device, to_user__isnull=False, answer__isnull=True)
    found: CustodyTransfer | None = rows.select_related("to_user", "from_user", "given_by").first()
    if found is not None:
        found.device = device
    return found


def chain_of(device: HeldDevice) -> list[Link]:
    """Return every hand-over of a device, the first one first; one query."""
    rows = CustodyTransfer.objects.filter(device=device).order_by("number")
    found = rows.select_related("from_user", "to_user", "given_by", "answer__answered_by")
    return [_link(row) for row in found]


def _link(row: CustodyTransfer) -> Link:
    answer = getattr(row, "answer", None)
    lines = [_seal(row.seal_intact, "given")]
    lines += [f"Seal {row.seal}."] if row.seal else []
    lines += [f"Kept: {row.place}"] if row.place and answer is None else []
    lines += [row.words] if row.words else []
    if row.outside_reference:
        lines.append(f"Their reference: {row.outside_reference}")
    if answer is not None:
        lines += [_seal(answer.seal_intact, "received"), f"Kept: {answer.place}" if answer.place else ""]
        lines += [answer.words] if answer.words and answer.words != row.words else []
    return Link(
        number=row.number,
        giver=row.giver,
        receiver=row.receiver,
        given_at=row.given_at,
        given_by=row.given_by.full_name,
        lines=tuple(line for line in lines if line),
        standing=_standing(row),
        is_waiting=row.to_user_id is not None and answer is None,
        is_broken=row.seal_intact is False or (answer is not None and answer.seal_intact is False),
    )


def _standing(row: CustodyTransfer) -> str:
    answer = getattr(row, "answer", None)
    if row.to_user_id is None:
        return f"Signed by {row.given_by.full_name}; taken against a reference"
    if answer is None:
        return f"Signed by {row.given_by.full_name}; waits for {row.receiver}"
    if not answer.is_accepted:
        return f"Not handed over, says {answer.answered_by.full_name}"
    if row.given_by_id == row.to_user_id:
        return f"Taken over by {row.receiver} without the other signature"
    return f"Signed by {row.given_by.full_name} and {row.receiver}"


def _seal(is_intact: bool | None, when: str) -> str:
    if is_intact is None:
        return ""
    return f"The seal was {'whole' if is_intact else 'not whole'} when it was {when}."
