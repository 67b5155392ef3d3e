"""What the worker runs. A clock and a pair of hands: no rules here, and the database's clock is the only one."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import connection

from accounts import heartbeats, outbox
from accounts.operations import audits, emergency_access
from incidents.operations import bypass_requests, handovers, imports, routing
from incidents.operations.escalations import OBLIGATIONS
from incidents.operations.reminders import TOLD_CONCERNS
from incidents.operations.silences import note_silences
from policies.operations import duties
from policies.operations.escalations import DUTIES
from policies.operations.sweep import Swept, sweep
from safeguarding.celery import app

# A turn ends before the next one would begin.
IMPORT_SECONDS = 20.0
QUIET, QUIET_EVERY = "note_quiet_cases", timedelta(minutes=30)
# Everything that is owed, case by case first.
TABLES = (OBLIGATIONS, TOLD_CONCERNS, DUTIES)


@app.task(name="safeguarding.tasks.keep_rounds")
def keep_rounds(**kwargs: object) -> int:
    """Let the school's recurring duties follow the policies that begin and end, and the terms that move."""
    return duties.keep_rounds(now=heartbeats.database_now(connection))


@app.task(name="safeguarding.tasks.deliver_outbox")
def deliver_outbox(**kwargs: object) -> int:
    """Send what is due and leave a heartbeat, named after who asked: the timer, or a direct call to the worker."""
    now = heartbeats.database_now(connection)
    sent = outbox.deliver_due(now)
    handovers.pass_on_failing(now=now)
    heartbeats.beat(f"deliver_outbox:{_origin(kwargs)}", handled=sent, now=heartbeats.database_now(connection))
    return sent


@app.task(name="safeguarding.tasks.sweep_duties")
def sweep_duties(**kwargs: object) -> int:
    """Act upon everything that is due; leave a heartbeat, and let whoever watches from outside know."""
    return sweep_once(_origin(kwargs)).handled


def sweep_once(origin: str) -> Swept:
    """Sweep, leave a heartbeat and tell the watcher; what fails does neither, which is how it is noticed."""
    # Before the sweep, whose failure must leave nothing let through longer than was agreed.
    expired = bypass_requests.expire_due(now=heartbeats.database_now(connection))
    done = sweep(now=heartbeats.database_now(connection), tables=TABLES)
    done.settled += expired + emergency_access.end_due(now=heartbeats.database_now(connection))
    now = heartbeats.database_now(connection)
    heartbeats.beat(f"{heartbeats.DUTIES}:{origin}", handled=done.handled, now=now)
    if settings.DEAD_MAN_URL:
        heartbeats.ping(settings.DEAD_MAN_URL)
    return done


@app.task(name="safeguarding.tasks.take_imports")
def take_imports(**kwargs: object) -> int:
    """Take over the past incidents that people want taken over, for as long as one turn lasts."""
    ends = time.monotonic() + IMPORT_SECONDS
    return imports.take_waiting(now=heartbeats.database_now(connection), goes_on=lambda: time.monotonic() < ends)


@app.task(name="safeguarding.tasks.sign_ends")
def sign_ends(**kwargs: object) -> int:
    """Sign where the chains of each school end, once a day, and send it to whoever keeps it outside the system."""
    return audits.sign_ends(now=heartbeats.database_now(connection))


@app.task(name="safeguarding.tasks.note_quiet_cases")
def note_quiet_cases(**kwargs: object) -> int:
    """Tell those who handle them of cases that have been quiet too long, each once a day; what nobody can work on any
    more goes to somebody else first.

    It asks for every reader of every school and counts in hours and days, so most ticks find that it was just done.
    """
    now = heartbeats.database_now(connection)
    last = heartbeats.last_beats().get(QUIET)
    if last is not None and now - last < QUIET_EVERY:
        return 0
    # What nobody can open is quieter than anything.
    noted = routing.rehome(now=now) + note_silences(now=now)
    heartbeats.beat(QUIET, handled=noted, now=now)
    return noted


def _origin(kwargs: dict[str, object]) -> str:
    return "timer" if kwargs.get("origin") == "timer" else "worker"
