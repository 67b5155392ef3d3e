"""Roles as code: a key, a title, a plain description, and the permissions each holds.

Authority is not access: governors hold the headteacher to account and read no case; ICT staff fix filtering and see no
child. A school may give a role its own title (`School.role_titles`); it cannot give it more permissions.
"""

from dataclasses import dataclass
from enum import StrEnum

from accounts.permissions import REPORTS, Permission


class Role(StrEnum):
    """The keys of the roles, as policy packs name them."""

    STAFF = "staff"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    ONLINE_SAFETY_LEAD = "online_safety_lead"
    HEADTEACHER = "headteacher"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    SAFEGUARDING_GOVERNOR = "safeguarding_governor"
    GOVERNOR = "governor"
    SLT = "slt"
    BURSAR = "bursar"
    NETWORK_MANAGER = "network_manager"
    ICT_TECHNICIAN = "ict_technician"
    HEAD_OF_KEY_STAGE = "head_of_key_stage"
    DPO = "dpo"
    SCHOOL_ADMINISTRATOR = "school_administrator"
    TRUST_SAFEGUARDING_LEAD = "trust_safeguarding_lead"


@dataclass(frozen=True)
class RoleDefinition:
    """What a role is called, what it is for, and what it lets a person do."""

    title: str
    description: str
    permissions: frozenset[Permission]


_LOGS = frozenset({Permission.INCIDENT_LOG, Permission.PERSON_READ, Permission.POLICY_READ})
# Keeps what the policy asks of the school itself: its recurring duties, and what shows that they were done.
_KEEPS = _LOGS | {Permission.REGISTER_MANAGE}
# Sees how the filtering stands, and how it was put right; whoever works it sees no more of children than that.
_WATCHES = _KEEPS | {Permission.FILTERING_READ}
_FILTERS = _WATCHES | {Permission.FILTERING_WORK}
# Takes devices away, keeps them and gives them back; sees the case behind one only where they may open it.
_KEEPS_DEVICES = frozenset({Permission.DEVICE_WORK})
_GOVERNS = _LOGS | {Permission.REPORT_READ}
_HANDLES = frozenset(
    {Permission.INCIDENT_READ, Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE}
)
_CASE_MANAGER = frozenset(
    {
        Permission.ADULT_CASE_MANAGE,
        Permission.LOW_LEVEL_MANAGE,
        Permission.INCIDENT_TRIAGE,
        Permission.INCIDENT_WORK,
        Permission.INCIDENT_CLOSE,
        Permission.MEMBER_APPROVE,
    }
)

ROLES: dict[Role, RoleDefinition] = {
    Role.STAFF: RoleDefinition(
        "Member of staff", "Works or helps at the school. Logs concerns and follows those.", _LOGS
    ),
    Role.DSL: RoleDefinition(
        "Designated Safeguarding Lead",
        "Leads on safeguarding: receives every concern about a child.",
        _WATCHES
        | _HANDLES
        | _KEEPS_DEVICES
        | {Permission.POLICY_ADOPT, Permission.INCIDENT_SEAL, Permission.MEMBER_APPROVE, Permission.AUDIT_READ},
    ),
    Role.DEPUTY_DSL: RoleDefinition(
        "Deputy Designated Safeguarding Lead",
        "Does the work of the Designated Safeguarding Lead beside them.",
        _WATCHES | _HANDLES | _KEEPS_DEVICES | {Permission.INCIDENT_SEAL},
    ),
    Role.ONLINE_SAFETY_LEAD: RoleDefinition(
        "Online safety lead",
        "Handles online safety concerns within the safeguarding team.",
        _WATCHES | _HANDLES | _KEEPS_DEVICES,
    ),
    Role.HEADTEACHER: RoleDefinition(
        "Headteacher",
        "Case manager for concerns about adults who work or help at the school.",
        _WATCHES
        | _CASE_MANAGER
        | _KEEPS_DEVICES
        | {Permission.POLICY_ADOPT, Permission.INCIDENT_SEAL, Permission.AUDIT_READ},
    ),
    Role.CHAIR_OF_GOVERNORS: RoleDefinition(
        "Chair of governors",
        "Case manager for a concern about the headteacher. Reads no other case.",
        _CASE_MANAGER | _GOVERNS,
    ),
    Role.SAFEGUARDING_GOVERNOR: RoleDefinition(
        "Safeguarding governor", "Holds the school to account for safeguarding. Reads reports, never a case.", _GOVERNS
    ),
    Role.GOVERNOR: RoleDefinition("Governor", "Sits on the governing body. Reads reports, never a case.", _GOVERNS),
    Role.SLT: RoleDefinition(
        "Senior leader", "Member of the senior leadership team. Reads no case by default.", _WATCHES | _KEEPS_DEVICES
    ),
    Role.BURSAR: RoleDefinition("Bursar", "Runs the school's business side. Reads no case.", _KEEPS),
    Role.NETWORK_MANAGER: RoleDefinition(
        "Network manager", "Runs the network and the filtering. Reads no case.", _FILTERS
    ),
    Role.ICT_TECHNICIAN: RoleDefinition(
        "ICT technician", "Looks after devices and filtering. Reads no case.", _FILTERS
    ),
    Role.HEAD_OF_KEY_STAGE: RoleDefinition(
        "Head of key stage", "Leads a group of year groups. Logs concerns.", _KEEPS | _KEEPS_DEVICES
    ),
    Role.DPO: RoleDefinition(
        "Data protection officer",
        "Checks that the record is kept lawfully. Reads no case.",
        _KEEPS | {Permission.AUDIT_READ},
    ),
    Role.SCHOOL_ADMINISTRATOR: RoleDefinition(
        "School administrator",
        "Keeps the list of people and roles and the school's calendar. Reads no case.",
        _KEEPS | {Permission.MEMBER_MANAGE, Permission.SCHOOL_MANAGE},
    ),
    Role.TRUST_SAFEGUARDING_LEAD: RoleDefinition(
        "Trust safeguarding lead",
        "Case manager where neither the headteacher nor the chair of governors may be. Reads no other case.",
        _CASE_MANAGER | _GOVERNS | {Permission.AUDIT_READ},
    ),
}

# Who handles a concern about a child; an adult's case goes up the ladder in `incidents/routes.py` instead.
SAFEGUARDING_TEAM = frozenset({Role.DSL, Role.DEPUTY_DSL, Role.ONLINE_SAFETY_LEAD})

# Whoever holds one of these reads what was written about children or colleagues: it is given and ended by two people.
CASE_READERS = SAFEGUARDING_TEAM | {Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD}

# Who may be the second of the two. A headteacher does not agree to the offices that would handle a concern about them.
AGREE_TO: dict[Role, frozenset[Role]] = {
    **dict.fromkeys(
        SAFEGUARDING_TEAM,
        frozenset({Role.DSL, Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD}),
    ),
    Role.HEADTEACHER: frozenset({Role.DSL, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD}),
    Role.CHAIR_OF_GOVERNORS: frozenset({Role.DSL, Role.TRUST_SAFEGUARDING_LEAD}),
    Role.TRUST_SAFEGUARDING_LEAD: frozenset({Role.DSL, Role.CHAIR_OF_GOVERNORS}),
    Role.SLT: frozenset({Role.DSL, Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD}),
}

# Who may ask to read the team's cases in an emergency: those who run the school, and read no case of a child otherwise.
ASKS_IN_EMERGENCY = frozenset({Role.HEADTEACHER, Role.SLT, Role.SCHOOL_ADMINISTRATOR, Role.TRUST_SAFEGUARDING_LEAD})
# Who may agree to it: whoever handles cases, or leads the school. Whoever is to be independent of it does not.
AGREES_IN_EMERGENCY = SAFEGUARDING_TEAM | {
    Role.HEADTEACHER,
    Role.CHAIR_OF_GOVERNORS,
    Role.TRUST_SAFEGUARDING_LEAD,
    Role.SLT,
}
# Given and ended by two people. Whoever could name somebody alone who agrees in an emergency would need nobody else.
TAKES_TWO = CASE_READERS | AGREES_IN_EMERGENCY


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything that these roles together let a person do."""
    held: frozenset[Permission] = frozenset()
    for role in roles:
        held |= ROLES[role].permissions
    return held


_MANAGING = _CASE_MANAGER | {Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE}
# What no school's policy takes from a role, however short its list: logging a concern, doing what the policy itself
# asks, and receiving what the ladder of `incidents/routes.py` sends. Without it nobody could receive a concern.
NEVER_WITHHELD = REPORTS | {
    Permission.POLICY_READ,
    Permission.REGISTER_MANAGE,
    Permission.MEMBER_APPROVE,
    Permission.AUDIT_READ,
}
NEVER_WITHHELD_FROM: dict[Role, frozenset[Permission]] = {
    Role.DSL: _HANDLES | {Permission.INCIDENT_SEAL},
    # Who leads consents to changes of the filtering, and may always adopt another policy.
    Role.HEADTEACHER: _MANAGING | {Permission.INCIDENT_SEAL, Permission.POLICY_ADOPT, Permission.FILTERING_READ},
    Role.CHAIR_OF_GOVERNORS: _MANAGING,
    Role.TRUST_SAFEGUARDING_LEAD: _MANAGING,
    Role.SLT: frozenset({Permission.FILTERING_READ}),
    Role.SCHOOL_ADMINISTRATOR: frozenset({Permission.MEMBER_MANAGE, Permission.SCHOOL_MANAGE}),
    Role.NETWORK_MANAGER: _FILTERS,
    Role.ICT_TECHNICIAN: _FILTERS,
}


def may_be_withheld(role: Role) -> frozenset[Permission]:
    """Return what a school's policy may take from a role."""
    return ROLES[role].permissions - NEVER_WITHHELD - NEVER_WITHHELD_FROM.get(role, frozenset())
