"""Whom to tell, for many schools and many cases at once: two statements, however many there are."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import User, as_array
from accounts.roles import Role

_HERE = """
    SELECT u.id, u.email, u.full_name, m.school_id, m.role
    FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.school_id = ANY (%s) AND m.role = ANY (%s) AND u.is_active
        AND m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s)
        AND NOT EXISTS (
            SELECT 1 FROM accounts_absence a
            WHERE a.school_id = m.school_id AND a.user_id = m.user_id
                AND a.starts_at <= %s AND (a.ends_at IS NULL OR a.ends_at > %s))
    ORDER BY u.full_name, u.id, m.role
"""
_KEPT_AWAY = """
    WITH asked AS MATERIALIZED (SELECT unnest(%s::uuid[]) AS id)
    SELECT m.person_id, m.user_id FROM asked JOIN accounts_membership m ON m.person_id = asked.id
    UNION
    SELECT r.person_id, m.user_id FROM asked JOIN accounts_relationship r ON r.person_id = asked.id
        JOIN accounts_membership m ON m.person_id = r.related_id
    UNION
    SELECT r.related_id, m.user_id FROM asked JOIN accounts_relationship r ON r.related_id = asked.id
        JOIN accounts_membership m ON m.person_id = r.person_id
"""


def present_holders(
    school_ids: Collection[uuid.UUID], roles: Collection[Role], *, at: datetime
) -> dict[tuple[uuid.UUID, Role], list[User]]:
    """Return, by school and role, the active users who hold a role now and are not away, by name."""
    day = timezone.localtime(at).date()
    asked = [list(school_ids), [role.value for role in roles], day, day, at, at]
    found: dict[tuple[uuid.UUID, Role], list[User]] = {}
    for user in User.objects.raw(_HERE, asked) if school_ids else ():
        place = (user.school_id, Role(user.role))  # type: ignore[attr-defined]
        held = found.setdefault(place, [])
        if user not in held:
            held.append(user)
    return found


def kept_away(person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return, by person, the users who are that person or a declared relative: they never hear of a case about them."""
    people, found = list(person_ids), dict[uuid.UUID, set[uuid.UUID]]()
    if people:
        with connection.cursor() as cursor:
            cursor.execute(_KEPT_AWAY, [as_array(people)])
            for person_id, user_id in cursor.fetchall():
                found.setdefault(person_id, set()).add(user_id)
    return {person_id: frozenset(users) for person_id, users in found.items()}
