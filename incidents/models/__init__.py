"""Every model of this app; the only path by which other apps import them."""

from incidents.models.chronology import ChronologyEntry
from incidents.models.drafts import ConcernDraft
from incidents.models.incidents import Incident, IncidentQuerySet, InvolvedPerson
from incidents.models.links import CaseLink, Identifier
from incidents.models.obligations import Escalation, Obligation
from incidents.models.told_concerns import ToldConcern, ToldConcernEscalation

__all__ = [
    "CaseLink",
    "ChronologyEntry",
    "ConcernDraft",
    "Escalation",
    "Identifier",
    "Incident",
    "IncidentQuerySet",
    "InvolvedPerson",
    "Obligation",
    "ToldConcern",
    "ToldConcernEscalation",
]
