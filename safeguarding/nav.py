"""What the menu shows to whom: only the pages that the user's roles can use."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.access import Access
from accounts.permissions import Permission


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu."""

    label: str
    url: str
    is_current: bool


_ENTRIES: tuple[tuple[str, str, frozenset[Permission]], ...] = (
    ("My day", "school-home", frozenset({Permission.INCIDENT_LOG})),
    ("Log a concern", "incident-report", frozenset({Permission.INCIDENT_LOG})),
    ("My concerns", "my-concerns", frozenset({Permission.INCIDENT_LOG})),
    ("Cases", "incident-list", frozenset({Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE})),
    ("Lessons", "lesson-register", frozenset({Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE})),
    ("Websites", "filtering-ticket-list", frozenset({Permission.INCIDENT_LOG})),
    ("Devices", "custody-list", frozenset({Permission.DEVICE_WORK})),
    ("Phones and photos", "allowance-list", frozenset({Permission.DEVICE_WORK, Permission.REGISTER_MANAGE})),
    ("Our policy", "pack-detail", frozenset({Permission.POLICY_READ})),
    ("Agencies", "agency-list", frozenset({Permission.POLICY_READ})),
    ("Duties", "duty-list", frozenset({Permission.REGISTER_MANAGE, Permission.REPORT_READ})),
    ("People and roles", "member-list", frozenset({Permission.MEMBER_MANAGE})),
    ("School calendar", "calendar-detail", frozenset({Permission.SCHOOL_MANAGE})),
    ("Sent messages", "message-list", frozenset({Permission.SCHOOL_MANAGE})),
)
_IN_DEMONSTRATIONS = {"message-list"}


def menu_for(access: Access, current: str) -> list[MenuItem]:
    """Return the menu of this user; `current` is the name of the page that is shown."""
    return [
        MenuItem(label, reverse(name, kwargs={"school": access.school.slug}), name == current)
        for label, name, permissions in _ENTRIES
        if access.permissions & permissions and (settings.DEMONSTRATION or name not in _IN_DEMONSTRATIONS)
    ]


def role_titles(access: Access) -> str:
    """Return what the school calls the user's roles, the plain member of staff only where it is the sole one."""
    roles = [role for role in access.roles if role != "staff"] or list(access.roles)
    return ", ".join(sorted(access.school.title_of(role) for role in roles))
