"""How the allegations of the made-up schools went: each step written down before its case is closed."""

import uuid
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from incidents.allegations import AllegationOutcome, Considered, HarmTest, LowLevelKind, Reply
from incidents.models import Incident
from incidents.operations import allegations, referrals
from incidents.operations.allegations import Care, Comparison, Ending, Precautions
from incidents.operations.referrals import Contact
from incidents.statuses import Method
from policies.engine.vocabulary import Agency, Kind

_REASON = "What the colleague wrote on the day, and nothing beyond it."
_ADVICE = "Look into it within the school, with our advice. Tell the person on the day we agreed, and no more."


def conclude(*, incident: Incident, ending: str, by: User, at: datetime) -> None:
    """Lead an allegation to its end, as the words with which its case is closed tell it."""
    is_low = ending.startswith("Low-level") or "LADO" not in ending
    replies = dict.fromkeys(HarmTest, Reply.NO)
    words = {}
    if not is_low:
        replies[HarmTest.RISK] = Reply.YES
        words[HarmTest.RISK] = "It went on for weeks, and towards one pupil."
    said = {"incident": incident, "by": by, "at": at}
    allegations.compare(tested=Comparison(replies, _REASON, words), **said)  # type: ignore[arg-type]
    is_named = incident.people.filter(part="alleged").exists()
    if is_low and is_named:
        kind = LowLevelKind.CONTACT if incident.online_service else LowLevelKind.OVER_FRIENDLY
        allegations.keep_as_low_level(kind=kind, what=incident.narrative, **said)  # type: ignore[arg-type]
        return
    if not is_low:
        _with_the_officer(incident, by, at)
    outcome = AllegationOutcome.UNFOUNDED if is_low else AllegationOutcome.UNSUBSTANTIATED
    no, why = Considered.NOT_NEEDED, "Nothing was proved."
    allegations.end(ending=Ending(outcome, ending, no, why, no, why), **said)  # type: ignore[arg-type]


def _with_the_officer(incident: Incident, by: User, at: datetime) -> None:
    contact = Contact(
        agency=Agency.LADO,
        kind=Kind.CONSULT,
        method=Method.PHONE,
        made_at=at,
        made_by=by,
        said="What the colleague wrote, and that the pupil is safe at home.",
        spoken_to="Duty officer",
        advice=_ADVICE,
    )
    referrals.record(incident=incident, referral_id=uuid.uuid4(), contact=contact, chase_at=None, by=by, at=at)
    today = timezone.localtime(at).date()
    care = Care("The head of year, who has no part in it", "The union, and the helpline.", today, "The duty officer")
    allegations.look_after(incident=incident, care=care, by=by, at=at)
    taken = Precautions("Never alone with a pupil, and other classes for now.", "It keeps the pupil safe.")
    allegations.take_precautions(incident=incident, taken=taken, by=by, at=at)
