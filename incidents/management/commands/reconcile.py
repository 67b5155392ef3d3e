"""Judge open cases by the edition of the policy in force now; without --apply nothing is changed, only shown."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import School
from incidents.operations import judgements
from incidents.queries.judgements import Judgement, judgements_due


class Command(BaseCommand):
    help = "Show what the policy in force now would ask of open cases that were judged by another edition; --apply it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--school", metavar="SLUG", help="only this school")
        parser.add_argument("--apply", action="store_true", help="judge the cases again; otherwise a dry run")
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        found = [one for school in self._schools(options["school"]) for one in judgements_due(school, at=at)]
        if options["apply"]:
            for one in found:
                judgements.judge_again(incident=one.incident, adoption=one.adoption, at=at)
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(one, applied=options["apply"]) for one in found], indent=1))
            return
        for one in found:
            self.stdout.write(_line(one))
        many = f"{len(found)} open case{'' if len(found) == 1 else 's'}"
        self.stdout.write(f"{many} judged again." if options["apply"] else f"{many} would be judged again. Dry run.")

    def _schools(self, slug: str | None) -> list[School]:
        schools = School.objects.order_by("slug")
        if slug:
            schools = schools.filter(slug=slug)
        if slug and not schools:
            raise CommandError(f"There is no school {slug!r}.")
        return list(schools)


def _line(one: Judgement) -> str:
    if one.incident.is_restricted:
        # What would change tells of what the case is about, and few may know that it is there.
        return f"{one.incident.school.slug} a restricted case"
    parts = [("new", one.added), ("no longer asked for", one.dropped), ("changed", one.changed)]
    said = "; ".join(f"{word}: {', '.join(keys)}" for word, keys in parts if keys) or "asks for the same"
    return f"{one.incident.school.slug} {one.incident.reference}: {said}"


def _as_json(one: Judgement, *, applied: bool) -> dict[str, Any]:
    if one.incident.is_restricted:
        return {"school": one.incident.school.slug, "is_restricted": True, "applied": applied}
    return {
        "school": one.incident.school.slug,
        "reference": one.incident.reference,
        "added": list(one.added),
        "dropped": list(one.dropped),
        "changed": list(one.changed),
        "applied": applied,
    }
