"""What was done on a case, in order."""

from incidents.events import Event
from incidents.models import ChronologyEntry, Incident


def timeline(incident: Incident) -> list[ChronologyEntry]:
    """Return every entry of a case, newest first."""
    return list(ChronologyEntry.objects.filter(incident=incident).select_related("by").order_by("-at", "-id"))


def questions_to_reporter(incident: Incident) -> list[ChronologyEntry]:
    """Return the questions to the reporter, oldest first, each with its answer as `.answer` where there is one."""
    asked = ChronologyEntry.objects.filter(incident=incident, event=Event.QUESTION_ASKED)
    return list(asked.select_related("answer").order_by("at", "id"))
