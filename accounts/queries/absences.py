"""Who is away, and until when."""

import uuid
from collections import defaultdict
from datetime import datetime

from accounts.models import Absence, School, User


def absences_of(school: School, user: User, *, at: datetime) -> list[Absence]:
    """Return the absences of somebody at a school that go on or are still to come, the next one first."""
    return list(Absence.objects.for_school(school).filter(user=user).standing(at).order_by("starts_at"))


def absences_here(school: School, *, at: datetime) -> dict[uuid.UUID, Absence]:
    """Return, by user, the absence of everybody at a school that goes on or comes next."""
    found: dict[uuid.UUID, Absence] = {}
    for absence in Absence.objects.for_school(school).standing(at).order_by("starts_at"):
        found.setdefault(absence.user_id, absence)
    return found


def absences_everywhere(user: User, *, at: datetime) -> dict[uuid.UUID, list[Absence]]:
    """Return somebody's own absences that go on or are still to come, by school."""
    found: dict[uuid.UUID, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(user=user).standing(at).order_by("starts_at"):
        found[absence.school_id].append(absence)
    return dict(found)
