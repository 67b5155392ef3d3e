"""Wrap every school's data keys with the current master key, the first of DATA_KEYS. No text is rewritten."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.encryption import Unreadable, current_master_key_id
from accounts.models import School
from accounts.operations import keys


class Command(BaseCommand):
    help = "Wrap all data keys with the first key of DATA_KEYS. Keep the old one there until this has run."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        failed = []
        total = 0
        for school in School.objects.order_by("slug"):
            try:
                changed = keys.rewrap(school=school, at=at)
            except Unreadable as error:
                failed.append(school.slug)
                self.stderr.write(f"{school.slug}: {error}")
                continue
            total += changed
            self.stdout.write(f"{school.slug}: {changed} data keys wrapped anew.")
        if failed:
            raise CommandError(
                f"The keys of {', '.join(failed)} are as they were. Put their master key into DATA_KEYS."
            )
        factors = keys.reseal_second_factors()
        self.stdout.write(f"{factors} second factors sealed anew.")
        self.stdout.write(f"{total} in all; the master key in use is {current_master_key_id()}.")
