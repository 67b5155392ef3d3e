"""What became of every receipt, clock and message, after everything was killed again and again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from safeguarding.embedded.house import StartFailed
from tests.assurance._chaos.ledger import Ledger
from tests.assurance._chaos.load import Sent
from tests.assurance._chaos.stage import Stage

IN_TIME = timedelta(seconds=60)
AFTER_OUTAGE = timedelta(seconds=120)

_CLOCKS = """
SELECT c.obligation::text, c.alert_at, o.state, o.settled_at, min(r.seen_at), count(r.seen_at), count(DISTINCT r.step)
FROM chaos_clock c JOIN incidents_obligation o ON o.id = c.obligation LEFT JOIN chaos_rung r USING (obligation)
GROUP BY 1, 2, 3, 4
"""
# A case stands with all that belongs to it, or not at all.
_HALF = """
SELECT i.reference FROM incidents_incident i
WHERE NOT EXISTS (SELECT 1 FROM incidents_obligation o WHERE o.incident_id = i.id)
   OR NOT EXISTS (SELECT 1 FROM incidents_chronologyentry e WHERE e.incident_id = i.id)
   OR NOT EXISTS (SELECT 1 FROM incidents_involvedperson p WHERE p.incident_id = i.id)
   OR NOT EXISTS (SELECT 1 FROM accounts_outboxmessage m WHERE m.dedupe_key LIKE 'logged:' || i.id || ':%')
"""
_UNSENT = "SELECT id::text FROM accounts_outboxmessage WHERE sent_at IS NULL"
_MESSAGES = "SELECT id::text FROM accounts_outboxmessage"


@dataclass(frozen=True)
class Clock:
    """One clock: when it was to ring, and what became of it."""

    obligation: str
    alert_at: datetime
    state: str
    settled_at: datetime | None
    rang_at: datetime | None
    rungs: int
    steps: int


@dataclass(frozen=True)
class Finding:
    """One promise: how often it was broken, and by what."""

    promise: str
    broken: Sequence[str]

    @property
    def is_kept(self) -> bool:
        """Say whether it was kept every time."""
        return not self.broken


def clocks(ledger: Ledger) -> list[Clock]:
    """Return every clock that was set."""
    return [Clock(*row) for row in ledger.rows(_CLOCKS)]


def has_to_ring(clock: Clock) -> bool:
    """Say whether a clock has not rung, though nobody did what it is about."""
    return clock.rang_at is None and clock.state == "open"


def waits(ledger: Ledger) -> tuple[int, int]:
    """Return how many clocks have still to ring, and how many messages have still to be sent."""
    return sum(map(has_to_ring, clocks(ledger))), len(ledger.rows(_UNSENT))


def latest(clock: Clock, outages: Iterable[tuple[datetime, datetime]]) -> datetime:
    """Return the moment by which a clock must have rung: a minute, or two after a database that was away."""
    end = clock.alert_at + IN_TIME
    for down, up in outages:
        if down <= end and up >= clock.alert_at:
            end = max(end, up + AFTER_OUTAGE)
    return end


def about_concerns(sent: Sequence[Sent], stage: Stage, ledger: Ledger) -> list[Finding]:
    """Judge the receipts: what was acknowledged is there, once, whole and word for word."""
    kept = dict(ledger.rows("SELECT draft_id::text, reference FROM incidents_incident"))
    words = stage.shell("words")
    receipts = [one for one in sent if one.reference]
    return [
        Finding("acknowledged and lost", [one.reference for one in receipts if one.draft not in kept]),
        Finding(
            "a receipt that names another case",
            [one.reference for one in receipts if kept.get(one.draft, one.reference) != one.reference]
            + [other for one in receipts for other in one.contradictions],
        ),
        Finding(
            "acknowledged with other words", [one.reference for one in receipts if words.get(one.draft) != one.digest]
        ),
        Finding("a case that is not whole", [str(row[0]) for row in ledger.rows(_HALF)]),
        Finding("written and never acknowledged", [one.draft for one in sent if not one.reference]),
        Finding("an audit chain that does not verify", _chains(stage)),
    ]


def about_clocks(found: Sequence[Clock], outages: Sequence[tuple[datetime, datetime]]) -> list[Finding]:
    """Judge the clocks: each rang once, in time, and not before."""
    return [
        Finding("missed", [_told(one) for one in found if _is_missed(one, latest(one, outages))]),
        Finding("early", [one.obligation for one in found if one.rang_at and one.rang_at < one.alert_at]),
        # The next rung of the ladder is a day away.
        Finding("escalated twice", [one.obligation for one in found if one.rungs > 1]),
    ]


def about_messages(ledger: Ledger, copies: dict[str, int], kills: int) -> list[Finding]:
    """Judge the messages: each arrived, and no kill cost more than one extra copy."""
    owed = {str(row[0]) for row in ledger.rows(_MESSAGES)}
    unsent = {str(row[0]) for row in ledger.rows(_UNSENT)}
    extra = [message for message, count in copies.items() for _ in range(count - 1)]
    return [
        Finding("a message that did not arrive", sorted(unsent | {one for one in owed if not copies.get(one)})),
        Finding("a message that nobody owes", sorted(set(copies) - owed)),
        Finding("extra copies beyond one for each kill", extra[kills:]),
    ]


def _is_missed(clock: Clock, end: datetime) -> bool:
    if clock.rang_at is not None:
        return clock.rang_at > end
    return clock.settled_at is None or clock.settled_at > end


def _told(clock: Clock) -> str:
    rang: Any = clock.rang_at and f"{(clock.rang_at - clock.alert_at).total_seconds():.0f} s after its time"
    return f"{clock.obligation}: {rang or 'never'}, at {clock.alert_at:%H:%M:%S}"


def _chains(stage: Stage) -> list[str]:
    try:
        stage.manage("verify_audit")
    except StartFailed as problem:
        return [str(problem)]
    return []
