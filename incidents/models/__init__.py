"""Every model of this app; the only path by which other apps import them."""

from incidents.models.agencies import AgencyEntry
from incidents.models.allegations import Allegation, AllegationStep
from incidents.models.allowances import Allowance
from incidents.models.approvals import CaseApproval
from incidents.models.attachments import Attachment, AttachmentContent
from incidents.models.bypass_requests import BypassRequest
from incidents.models.chronology import ChronologyEntry
from incidents.models.contacts import ParentContact
from incidents.models.custody import CustodyAnswer, CustodyStep, CustodyTransfer, HeldDevice
from incidents.models.deletions import Deletion, DeletionCheck
from incidents.models.drafts import ConcernDraft
from incidents.models.filtering_changes import FilteringChange
from incidents.models.filtering_tickets import FilteringSighting, FilteringStep, FilteringTicket
from incidents.models.imports import Import, ImportLine
from incidents.models.incidents import NAMED_PEOPLE, Incident, IncidentQuerySet, InvolvedPerson
from incidents.models.lessons import Lesson, LookBack
from incidents.models.links import CaseLink, Identifier
from incidents.models.low_level_concerns import LowLevelConcern
from incidents.models.obligations import Escalation, Obligation
from incidents.models.plans import Plan, PlanVersion
from incidents.models.referrals import Referral, ReferralAnswer
from incidents.models.sanctions import Sanction
from incidents.models.saved_views import SavedView
from incidents.models.searches import SearchRecord
from incidents.models.sharing import CaseGrant, Interest
from incidents.models.told_concerns import ToldConcern, ToldConcernEscalation
from incidents.models.viewings import ViewingRecord

__all__ = [
    "NAMED_PEOPLE",
    "AgencyEntry",
    "Allegation",
    "AllegationStep",
    "Allowance",
    "Attachment",
    "AttachmentContent",
    "BypassRequest",
    "CaseApproval",
    "CaseGrant",
    "CaseLink",
    "ChronologyEntry",
    "ConcernDraft",
    "CustodyAnswer",
    "CustodyStep",
    "CustodyTransfer",
    "Deletion",
    "DeletionCheck",
    "Escalation",
    "FilteringChange",
    "FilteringSighting",
    "FilteringStep",
    "FilteringTicket",
    "HeldDevice",
    "Identifier",
    "Import",
    "ImportLine",
    "Incident",
    "IncidentQuerySet",
    "Interest",
    "InvolvedPerson",
    "Lesson",
    "LookBack",
    "LowLevelConcern",
    "Obligation",
    "ParentContact",
    "Plan",
    "PlanVersion",
    "Referral",
    "ReferralAnswer",
    "Sanction",
    "SavedView",
    "SearchRecord",
    "ToldConcern",
    "ToldConcernEscalation",
    "ViewingRecord",
]
