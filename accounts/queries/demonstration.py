"""Whom a visitor of the demonstration may sign in as."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Membership
from accounts.roles import ROLES, Role


def demo_sign_ins(*, at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return, for each school by name, the first holder of each role: e-mail address and title, in order of rank."""
    order = {role.value: number for number, role in enumerate(ROLES)}
    held = (
        Membership.objects.all()
        .held_on(timezone.localtime(at).date())
        .filter(user__is_active=True)
        .select_related("user", "school")
        .order_by("school__name", "user__email")
    )
    schools: dict[str, dict[str, tuple[str, str]]] = {}
    for membership in held:
        first = schools.setdefault(membership.school.name, {})
        first.setdefault(membership.role, (membership.user.email, membership.school.title_of(Role(membership.role))))
    return [
        (school, [first[role] for role in sorted(first, key=lambda role: order[role])])
        for school, first in schools.items()
    ]
