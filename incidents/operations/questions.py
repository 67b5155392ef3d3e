"""Questions to the reporter, and their answers."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents import notifications
from incidents.access import may_own, possible_owners
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology


@transaction.atomic
def ask(*, incident: Incident, text: str, by: User, at: datetime) -> ChronologyEntry:
    """Ask the reporter something; they see the question and nothing else of the case."""
    if not text.strip():
        raise Refused("question_empty", "Write the question before you send it.")
    if incident.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again before you ask.")
    question = chronology.append(incident=incident, event=Event.QUESTION_ASKED, by=by, at=at, text=text)
    notifications.question_asked(incident=incident, question=question, at=at)
    return question


@transaction.atomic
def answer(*, incident: Incident, question: ChronologyEntry, text: str, by: User, at: datetime) -> ChronologyEntry:
    """Answer a question, once; a second answer is refused and the first one stays."""
    if not text.strip():
        raise Refused("answer_empty", "Write the answer before you send it.")
    question = ChronologyEntry.objects.select_related("by").get(pk=question.pk, incident=incident)
    Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    if question.event != Event.QUESTION_ASKED or ChronologyEntry.objects.filter(answers=question).exists():
        raise Refused(
            "answered_already",
            "That question was answered already. Copy what you wrote into a new concern if it is still needed.",
        )
    reply = chronology.append(
        incident=incident, event=Event.QUESTION_ANSWERED, by=by, at=at, text=text, answers=question
    )
    waiting = _who_waits(incident, question, at)
    notifications.question_answered(incident=incident, answer=reply, recipients=waiting, at=at)
    return reply


def _who_waits(incident: Incident, question: ChronologyEntry, at: datetime) -> list[User]:
    """Return whoever asked and whoever owns the case, if they may still see it; else everybody who may own it."""
    asked = {user.pk: user for user in (question.by, incident.owner) if user is not None}
    still = [user for user in asked.values() if may_own(user, incident, at=at)]
    return still or possible_owners(incident, list(incident.people.all()), at=at)
