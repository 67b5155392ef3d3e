"""Every permission of the product, one line each, in one file.

The values are the capabilities of the policy pack contract: a pack may narrow what a role holds, never widen it.
A permission arrives here together with the page that asks for it.
"""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a role may let a person do at a school."""

    INCIDENT_LOG = "incident.log"
    INCIDENT_READ = "incident.read"
    INCIDENT_TRIAGE = "incident.triage"
    INCIDENT_WORK = "incident.work"
    INCIDENT_CLOSE = "incident.close"
    INCIDENT_SEAL = "incident.seal"
    ADULT_CASE_MANAGE = "adult_case.manage"
    LOW_LEVEL_MANAGE = "low_level.manage"
    FILTERING_READ = "filtering.read"
    FILTERING_WORK = "filtering.work"
    DEVICE_WORK = "device.work"
    POLICY_READ = "policy.read"
    POLICY_ADOPT = "policy.adopt"
    REGISTER_MANAGE = "register.manage"
    REPORT_READ = "report.read"
    PERSON_READ = "person.read"
    MEMBER_MANAGE = "member.manage"
    MEMBER_APPROVE = "member.approve"
    SCHOOL_MANAGE = "school.manage"
    AUDIT_READ = "audit.read"

    @property
    def description(self) -> str:
        """What the permission lets a person do, in words for an administrator."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Permission.INCIDENT_LOG: "Log a concern and follow the concerns they logged",
    Permission.INCIDENT_READ: "See the queue and read the concerns that the safeguarding team handles",
    Permission.INCIDENT_TRIAGE: "Acknowledge a concern, set its level and give it an owner",
    Permission.INCIDENT_WORK: "Work on a case: notes, questions, actions, parents, plans, sanctions and lessons",
    Permission.INCIDENT_CLOSE: "Close a case and open it again",
    Permission.INCIDENT_SEAL: "Share a case with one person for a time, and confine a case to people by name",
    Permission.ADULT_CASE_MANAGE: "Handle concerns about adults who work or help at the school",
    Permission.LOW_LEVEL_MANAGE: "Keep the register of low-level concerns about adults who work or help at the school",
    Permission.FILTERING_READ: "See what is wrong with the filtering, its log of changes and its checks; never a child",
    Permission.FILTERING_WORK: "Put the filtering right, and let a website through for a while once that was agreed",
    Permission.DEVICE_WORK: "Keep the register of devices that were taken, of searches, and of phones and photographs",
    Permission.POLICY_READ: "Read the school's policy, clause by clause, and how each clause is met",
    Permission.POLICY_ADOPT: "Say which edition of which policy the school follows, and from when",
    Permission.REGISTER_MANAGE: "See the duties of the school that come round again, and record their own as done",
    Permission.REPORT_READ: "See whether the school does what its policy asks for, without a single case",
    Permission.PERSON_READ: "Look up pupils and staff by name while logging a concern",
    Permission.MEMBER_MANAGE: "Say who works here and in which role",
    Permission.MEMBER_APPROVE: "Agree, as a second person, to who gets or loses a role that reads cases",
    Permission.AUDIT_READ: "See who did what and when, and take it away as proof; never a word of a case",
    Permission.SCHOOL_MANAGE: "Keep the school's details, terms and closed days",
}

# Whoever holds one of these reads what others wrote about children or colleagues, so a second factor is required.
READS_OTHERS = frozenset(
    {
        Permission.INCIDENT_READ,
        Permission.ADULT_CASE_MANAGE,
        Permission.LOW_LEVEL_MANAGE,
        Permission.DEVICE_WORK,
        Permission.MEMBER_MANAGE,
        Permission.MEMBER_APPROVE,
        Permission.AUDIT_READ,
    }
)

# All that logging a concern asks for, from the first word to the receipt. Pages that ask for no more show nobody else's
# words, and never ask for a second factor.
REPORTS = frozenset({Permission.INCIDENT_LOG, Permission.PERSON_READ})
