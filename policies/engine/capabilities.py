"""The most that each role can ever be allowed. A pack narrows what the product gives; nothing a pack says widens it.

Authority is not access: governors hold the school to account and read no case; whoever fixes the filtering or the
network sees no child; an office keeps lists and opens no case. No pack can say otherwise.
"""

from collections.abc import Mapping
from types import MappingProxyType

from policies.engine.vocabulary import CAPABILITIES, OwnerRole

_LOGS = frozenset({"incident.log", "policy.read", "person.read"})
_WORKS = frozenset({"incident.triage", "incident.work", "incident.close"})
_HANDLES = _WORKS | {"incident.read"}
_GOVERNS = frozenset({"report.read", "policy.adopt"})
_LEADS = frozenset({"report.draft", "report.read", "register.manage", "filtering.read"})
_OFFICE = frozenset({"person.manage", "member.manage", "school.manage", "integration.manage"})
_FIXES = frozenset({"filtering.read", "filtering.work", "device.work", "register.manage"})
_SAFEGUARDS = _LOGS | _HANDLES | _LEADS | _FIXES
# Moves a case along that comes to the role, and opens no other: without incident.read, no child's case is there.
_ADULT_CASES = _WORKS | {"adult_case.manage", "low_level.manage"}

MOST: Mapping[OwnerRole, frozenset[str]] = MappingProxyType(
    {
        # Words for somebody, not posts that somebody holds.
        OwnerRole.REPORTER: _LOGS,
        OwnerRole.EVERYONE: _LOGS,
        OwnerRole.EXTERNAL_CONTACT: frozenset(),
        OwnerRole.STAFF: _LOGS,
        OwnerRole.LINE_MANAGER: _LOGS,
        OwnerRole.CLASS_TEACHER: _LOGS,
        OwnerRole.HEAD_OF_KEY_STAGE: _LOGS | {"report.read", "register.manage", "device.work"},
        OwnerRole.SENCO: _LOGS | {"report.read", "register.manage"},
        OwnerRole.SLT: _LOGS | _LEADS | _GOVERNS | {"device.work"},
        OwnerRole.ICT_TECHNICIAN: _LOGS | _FIXES,
        OwnerRole.NETWORK_MANAGER: _LOGS | _FIXES | {"integration.manage"},
        OwnerRole.BURSAR: _LOGS | _FIXES | _OFFICE | {"report.read"},
        OwnerRole.DPO: _LOGS | {"register.manage", "report.read", "audit.read"},
        OwnerRole.SCHOOL_ADMINISTRATOR: _LOGS | _OFFICE | {"register.manage", "policy.adopt", "audit.read"},
        OwnerRole.ONLINE_SAFETY_LEAD: _SAFEGUARDS,
        OwnerRole.DEPUTY_DSL: _SAFEGUARDS | {"incident.seal", "low_level.manage", "report.approve"},
        OwnerRole.DSL: _SAFEGUARDS
        | {
            *("incident.seal", "low_level.manage", "report.approve", "policy.adopt", "person.manage", "audit.read"),
            "member.approve",
        },
        OwnerRole.HEADTEACHER: CAPABILITIES,
        OwnerRole.SAFEGUARDING_GOVERNOR: _LOGS | _GOVERNS | {"filtering.read"},
        OwnerRole.GOVERNORS: _LOGS | _GOVERNS,
        OwnerRole.CHAIR_OF_GOVERNORS: _LOGS | _GOVERNS | _ADULT_CASES | {"report.approve", "member.approve"},
        OwnerRole.TRUST_SAFEGUARDING_LEAD: _LOGS
        | _GOVERNS
        | _ADULT_CASES
        | {"report.approve", "audit.read", "member.approve"},
    }
)


# To whom a case may be confined: no rule opens one to a governor, to ICT or to everybody.
HOLDS_CASES = tuple(role.value for role in OwnerRole if MOST[role] & {"incident.read", "adult_case.manage"})


def beyond_the_most(role: OwnerRole, may: frozenset[str]) -> list[str]:
    """Return the capabilities that no pack can give this role, in order."""
    return sorted((may & CAPABILITIES) - MOST[role])
