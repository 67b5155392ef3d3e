"""Every model of this app; the only path by which other apps import them."""

from incidents.models.agencies import AgencyEntry
from incidents.models.attachments import Attachment, AttachmentContent
from incidents.models.bypass_requests import BypassRequest
from incidents.models.chronology import ChronologyEntry
from incidents.models.drafts import ConcernDraft
from incidents.models.filtering_changes import FilteringChange
from incidents.models.filtering_tickets import FilteringSighting, FilteringStep, FilteringTicket
from incidents.models.incidents import Incident, IncidentQuerySet, InvolvedPerson
from incidents.models.links import CaseLink, Identifier
from incidents.models.obligations import Escalation, Obligation
from incidents.models.referrals import Referral, ReferralAnswer
from incidents.models.saved_views import SavedView
from incidents.models.told_concerns import ToldConcern, ToldConcernEscalation

__all__ = [
    "AgencyEntry",
    "Attachment",
    "AttachmentContent",
    "BypassRequest",
    "CaseLink",
    "ChronologyEntry",
    "ConcernDraft",
    "Escalation",
    "FilteringChange",
    "FilteringSighting",
    "FilteringStep",
    "FilteringTicket",
    "Identifier",
    "Incident",
    "IncidentQuerySet",
    "InvolvedPerson",
    "Obligation",
    "Referral",
    "ReferralAnswer",
    "SavedView",
    "ToldConcern",
    "ToldConcernEscalation",
]
