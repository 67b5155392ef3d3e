"""Judging an open case by the edition of the policy that is in force now."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.events import Event
from incidents.models import Incident
from incidents.operations import chronology, obligations
from policies.models import PackAdoption


@transaction.atomic
def judge_again(*, incident: Incident, adoption: PackAdoption, at: datetime, by: User | None = None) -> None:
    """Let another edition speak for an open case; a closed one keeps the edition it was judged by (Refused).

    `by` is None where a command does it.
    """
    case = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=incident.pk)
    if case.is_closed:
        raise Refused("case_closed", "A closed case keeps the policy it was judged by.")
    if case.adoption_id == adoption.pk:
        return
    if adoption.school_id != case.school_id:
        raise Refused("adoption_foreign", "That policy was adopted by another school.")
    case.adoption = adoption
    case.save(update_fields=["adoption"])
    edition = adoption.edition
    text = f"From now on this case is judged by: {edition.title}, edition {edition.edition}."
    obligations.apply(incident=case, at=at)
    chronology.append(
        incident=case, event=Event.JUDGED_AGAIN, by=by, at=at, text=text, data={"adoption": str(adoption.pk)}
    )
