"""Act upon everything that is due, without Celery: for cron, and for the day the broker is down."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from safeguarding.tasks import keep_rounds, sign_ends, sweep_once


class Command(BaseCommand):
    help = "Act upon every duty that is due: tell the next role, and settle what was told. As the worker does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        done = sweep_once("timer")
        keep_rounds()
        sign_ends()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
            return
        self.stdout.write(f"{done.told} told, {done.settled} settled, {done.failed} could not be acted upon.")
