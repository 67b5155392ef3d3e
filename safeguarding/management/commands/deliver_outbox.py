"""Send what is due, without Celery: for cron, and for the day the broker is down."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from accounts import heartbeats, outbox
from incidents.operations import handovers


class Command(BaseCommand):
    help = "Send the messages that are due, as the worker does."

    def handle(self, *args: Any, **options: Any) -> None:
        now = heartbeats.database_now(connection)
        sent = outbox.deliver_due(now)
        handovers.pass_on_failing(now=now)
        heartbeats.beat("deliver_outbox:timer", handled=sent, now=heartbeats.database_now(connection))
        self.stdout.write(f"{sent} messages sent.")
