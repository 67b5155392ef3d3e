"""Put the worker to the proof: owe a real message and hand the delivery to it directly, without the timer."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts import heartbeats, outbox
from accounts.models import School
from safeguarding.tasks import deliver_outbox


class Command(BaseCommand):
    help = "Queue a test message to a school's outside contact and ask the worker to deliver it now."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration. A test message would go out in a real school's name.")
        school = School.objects.order_by("slug").first()
        if school is None:
            raise CommandError("There is no school yet. Run create_school or seed_demo first.")
        now = heartbeats.database_now(connection)
        with transaction.atomic():
            outbox.queue(
                school=school,
                kind="accounts/probe",
                path="/",
                dedupe_key=f"probe:{now.isoformat()}",
                at=now,
                address="probe@localhost",
            )
        deliver_outbox.delay(origin="worker")
        self.stdout.write("One test message is queued and the worker was asked to deliver it.")
