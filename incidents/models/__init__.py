"""Every model of this app; the only path by which other apps import them."""

from incidents.models.chronology import ChronologyEntry
from incidents.models.drafts import ConcernDraft
from incidents.models.incidents import Incident, IncidentQuerySet, InvolvedPerson

__all__ = ["ChronologyEntry", "ConcernDraft", "Incident", "IncidentQuerySet", "InvolvedPerson"]
