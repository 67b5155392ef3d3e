"""Keeps the clocks of a made-up history: what was due is acted upon in its time; nothing waits for the first sweep."""

from datetime import datetime, timedelta

from django.db.models import Min

from accounts import outbox
from incidents.operations.escalations import OBLIGATIONS
from incidents.operations.reminders import TOLD_CONCERNS
from policies.operations.escalations import DUTIES
from policies.operations.sweep import sweep

_TABLES = (OBLIGATIONS, TOLD_CONCERNS, DUTIES)
# What falls due within so long is acted upon together; a history of a month is not swept every thirty seconds.
_TOGETHER = timedelta(minutes=20)


class Watch:
    """Sweeps through the past, from a moment on; before it nobody watched. It never goes back."""

    def __init__(self, begins: datetime) -> None:
        self._reached = begins

    def go_on(self, until: datetime) -> None:
        """Act upon everything that was due up to a moment. What was sent by then has arrived."""
        while (due := self._next()) is not None and due <= until:
            self._reached = min(until, max(due + _TOGETHER, self._reached))
            self._sweep()
        self._reached = max(self._reached, until)

    def end(self, at: datetime) -> None:
        """Leave nothing to be settled, acted upon or sent."""
        self.go_on(at)
        self._sweep()
        outbox.settle_before(self._reached + timedelta.resolution)

    def _sweep(self) -> None:
        outbox.settle_before(self._reached)
        sweep(now=self._reached, tables=_TABLES)

    def _next(self) -> datetime | None:
        soonest = [table.model.objects.aggregate(at=Min("alert_at"))["at"] for table in _TABLES]
        return min((moment for moment in soonest if moment is not None), default=None)
