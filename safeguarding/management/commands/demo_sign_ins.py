"""Print whom one can sign in as in the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.queries.demonstration import demo_sign_ins


class Command(BaseCommand):
    help = "List the sign-ins of the demonstration. Refused anywhere else."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration: there are no sign-ins to show.")
        for school, people in demo_sign_ins(at=timezone.now()):
            self.stdout.write(f"\n{school}")
            for email, role in people:
                self.stdout.write(f"  {email:<44} {role}")
        self.stdout.write(f"\nEverybody's password: {settings.DEMONSTRATION_PASSWORD}")
