"""Every model of this app; the only path by which other apps import them."""

from accounts.models.absences import Absence
from accounts.models.access_reviews import AccessReview
from accounts.models.approvals import Approval, ApprovalKind
from accounts.models.audit import AuditChain, AuditEvent, SignedEnd
from accounts.models.base import (
    AppendOnly,
    AppendOnlyQuerySet,
    Identified,
    SchoolOwned,
    SchoolQuerySet,
    among,
    as_array,
    never_changed,
)
from accounts.models.clients import ApiClient
from accounts.models.emergency import EmergencyAccess
from accounts.models.factors import FACTOR_WAIT, NewFactor
from accounts.models.heartbeats import Heartbeat
from accounts.models.keys import DataKey
from accounts.models.memberships import Membership
from accounts.models.outbox import OutboxMessage, Way
from accounts.models.people import (
    WORKS_OR_HELPS,
    Person,
    PersonKind,
    Relation,
    Relationship,
    Vulnerability,
    detail_of,
    searchable,
)
from accounts.models.preferences import Mail, Preference
from accounts.models.schools import ClosedDay, School, Term, Trust
from accounts.models.users import User

__all__ = [
    "FACTOR_WAIT",
    "WORKS_OR_HELPS",
    "Absence",
    "AccessReview",
    "ApiClient",
    "AppendOnly",
    "AppendOnlyQuerySet",
    "Approval",
    "ApprovalKind",
    "AuditChain",
    "AuditEvent",
    "ClosedDay",
    "DataKey",
    "EmergencyAccess",
    "Heartbeat",
    "Identified",
    "Mail",
    "Membership",
    "NewFactor",
    "OutboxMessage",
    "Person",
    "PersonKind",
    "Preference",
    "Relation",
    "Relationship",
    "School",
    "SchoolOwned",
    "SchoolQuerySet",
    "SignedEnd",
    "Term",
    "Trust",
    "User",
    "Vulnerability",
    "Way",
    "among",
    "as_array",
    "detail_of",
    "never_changed",
    "searchable",
]
