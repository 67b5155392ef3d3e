"""Switch the account of somebody who has left off, or on again. What they did stays theirs in every record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.operations import users


class Command(BaseCommand):
    help = "Switch an account off at once: sessions, calendar addresses and links that set a password stop working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which they sign in")
        parser.add_argument("--open", action="store_true", help="switch it on again instead")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Nobody signs in with that address.")
        try:
            self.stdout.write(_switched(user, is_opened=options["open"]))
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal


def _switched(user: User, *, is_opened: bool) -> str:
    at = timezone.now()
    if is_opened:
        users.open_account(user=user, at=at)
        return "The account is on again. What it opens, their roles say."
    ended = users.close_account(user=user, at=at)
    return f"The account is off. Sessions that were ended: {ended}."
