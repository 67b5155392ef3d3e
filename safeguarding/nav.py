"""What the menu shows to whom: only the pages that the user's roles can use."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.access import Access
from accounts.permissions import Permission

_READERS = frozenset({Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE})


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Register:
    """One list that the school keeps, and what it is for."""

    label: str
    url: str
    about: str


_ENTRIES: tuple[tuple[str, str, frozenset[Permission]], ...] = (
    ("My day", "school-home", frozenset({Permission.INCIDENT_LOG})),
    ("Log a concern", "incident-report", frozenset({Permission.INCIDENT_LOG})),
    ("My concerns", "my-concerns", frozenset({Permission.INCIDENT_LOG})),
    ("Cases", "incident-list", _READERS),
    # Those who put it right come for it every day; the others find it among the registers.
    ("Websites", "filtering-ticket-list", frozenset({Permission.FILTERING_WORK})),
    ("Registers", "register-list", frozenset({Permission.POLICY_READ})),
    ("Our policy", "pack-detail", frozenset({Permission.POLICY_READ})),
    ("Duties", "duty-list", frozenset({Permission.REGISTER_MANAGE, Permission.REPORT_READ})),
    ("People and roles", "member-list", frozenset({Permission.MEMBER_MANAGE})),
    ("School calendar", "calendar-detail", frozenset({Permission.SCHOOL_MANAGE})),
    ("Sent messages", "message-list", frozenset({Permission.SCHOOL_MANAGE})),
)
_IN_DEMONSTRATIONS = {"message-list"}
# What a school keeps beside its cases, each with what one comes for.
_REGISTERS: tuple[tuple[str, str, frozenset[Permission], str], ...] = (
    (
        "Websites",
        "filtering-ticket-list",
        frozenset({Permission.INCIDENT_LOG}),
        "What the filtering lets through or blocks by mistake, its changes and its checks.",
    ),
    (
        "Devices",
        "custody-list",
        frozenset({Permission.DEVICE_WORK}),
        "Devices that the school holds: whose, why, in whose hands, and when they go back.",
    ),
    (
        "Phones and photos",
        "allowance-list",
        frozenset({Permission.DEVICE_WORK, Permission.REGISTER_MANAGE}),
        "Who may carry a phone, who may take images off site, and consent to photographs.",
    ),
    (
        "Agencies",
        "agency-list",
        frozenset({Permission.POLICY_READ}),
        "Whom to ring outside the school: numbers, hours, and when somebody last checked them.",
    ),
    (
        "What takes two people",
        "approval-list",
        frozenset({Permission.MEMBER_MANAGE, Permission.MEMBER_APPROVE}),
        "Roles that read cases: who asked for one to be given or ended, and who agreed.",
    ),
    (
        "Low-level concerns",
        "low-level-list",
        frozenset({Permission.LOW_LEVEL_MANAGE}),
        "Conduct of adults below the harm threshold: entered, looked at together, decided.",
    ),
    (
        "Colleagues’ sign-in",
        "factor-list",
        frozenset({Permission.MEMBER_APPROVE}),
        "Confirm a new way of signing in, and help somebody who has lost their phone.",
    ),
    ("Lessons", "lesson-register", _READERS, "What was learnt from cases, and what became of it."),
    (
        "Past incidents",
        "import-list",
        frozenset({Permission.INCIDENT_READ}),
        "Bring in what was recorded before, from a spreadsheet.",
    ),
    (
        "The incident log on paper",
        "incident-log",
        frozenset({Permission.INCIDENT_READ}),
        "The incidents of a period as the policy lays them out, to print.",
    ),
    (
        "Who may read cases",
        "access-review",
        frozenset({Permission.AUDIT_READ}),
        "Everybody whose role opens cases, and what there is to ask about it. It shows no case.",
    ),
    (
        "Who did what",
        "audit-list",
        frozenset({Permission.AUDIT_READ}),
        "Everything that was done and looked at, as it was recorded; to narrow, and to take away as proof.",
    ),
    (
        "Opening cases in an emergency",
        "emergency-access-list",
        frozenset({Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE, Permission.DEVICE_WORK})
        | {Permission.MEMBER_MANAGE, Permission.REPORT_READ, Permission.AUDIT_READ},
        "When nobody of the safeguarding team can be reached: asking, agreeing, and who did.",
    ),
    (
        "A blank concern form",
        "paper-form",
        frozenset({Permission.INCIDENT_LOG}),
        "To print and keep in the office, for the day on which nothing works.",
    ),
)


def menu_for(access: Access, current: str) -> list[MenuItem]:
    """Return the menu of this user; `current` is the name of the page that is shown."""
    entries = [
        (label, name)
        for label, name, permissions in _ENTRIES
        if access.permissions & permissions and (settings.DEMONSTRATION or name not in _IN_DEMONSTRATIONS)
    ]
    is_register = current in {name for _, name, *_ in _REGISTERS} - {name for _, name in entries}
    shown = "register-list" if is_register else current
    school = {"school": access.school.slug}
    return [MenuItem(label, reverse(name, kwargs=school), name == shown) for label, name in entries]


def registers_for(access: Access) -> list[Register]:
    """Return the registers that this user may open."""
    school = {"school": access.school.slug}
    return [
        Register(label, reverse(name, kwargs=school), about)
        for label, name, permissions, about in _REGISTERS
        if access.permissions & permissions
    ]


def role_titles(access: Access) -> str:
    """Return what the school calls the user's roles, the plain member of staff only where it is the sole one."""
    roles = [role for role in access.roles if role != "staff"] or list(access.roles)
    return ", ".join(sorted(access.school.title_of(role) for role in roles))
