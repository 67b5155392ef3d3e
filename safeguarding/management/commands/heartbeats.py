"""Show when the sweeps last finished."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.heartbeats import last_beats


class Command(BaseCommand):
    help = "Show when each sweep last finished, by who started it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found: dict[str, dict[str, str]] = {}
        for name, finished_at in last_beats().items():
            sweep, _, origin = name.partition(":")
            found.setdefault(sweep, {})[origin] = finished_at.isoformat()
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for sweep, origins in found.items():
            for origin, moment in origins.items():
                self.stdout.write(f"{sweep} by the {origin}: {moment}")
