"""What the worker runs. A clock and a pair of hands: no rules here, and the database's clock is the only one."""

from django.db import connection

from accounts import heartbeats, outbox
from incidents.operations import handovers
from safeguarding.celery import app


@app.task(name="safeguarding.tasks.deliver_outbox")
def deliver_outbox(**kwargs: object) -> int:
    """Send what is due and leave a heartbeat, named after who asked: the timer, or a direct call to the worker."""
    now = heartbeats.database_now(connection)
    sent = outbox.deliver_due(now)
    handovers.pass_on_failing(now=now)
    origin = "timer" if kwargs.get("origin") == "timer" else "worker"
    heartbeats.beat(f"deliver_outbox:{origin}", handled=sent, now=heartbeats.database_now(connection))
    return sent
