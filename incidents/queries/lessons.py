"""What was learnt: from one case, and from all those that a reader handles, without a name of any child."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.access import Access
from incidents.access import visible_incidents
from incidents.care import LessonKind
from incidents.models import Incident, Lesson, LookBack, Obligation
from incidents.statuses import Undertaking
from policies.statuses import State

MOST = 200


@dataclass(frozen=True)
class LessonRead:
    """One lesson and how far it is: the follow-up that is owed."""

    lesson: Lesson
    follow_up: Obligation | None

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be followed up."""
        return self.follow_up is not None and self.follow_up.is_outstanding

    @property
    def state_label(self) -> str:
        """How it stands, in words."""
        return State(self.follow_up.state).label if self.follow_up else ""

    @property
    def owner(self) -> str:
        """Who follows it up, if one person does."""
        return self.follow_up.assignee.full_name if self.follow_up and self.follow_up.assignee else ""

    def is_late(self, at: datetime) -> bool:
        """Say whether it should have been followed up by now."""
        return self.follow_up is not None and self.follow_up.is_late(at)


@dataclass(frozen=True)
class Learnt:
    """What one case taught: how it was looked back at, and the lessons, the latest first."""

    looks_back: list[LookBack]
    lessons: list[LessonRead]


def learnt_from(incident: Incident) -> Learnt:
    """Return what one case taught. Three queries, however much it is."""
    looks = (
        LookBack.objects.filter(incident=incident).select_related("recorded_by").order_by("-held_on", "-recorded_at")
    )
    lessons = Lesson.objects.filter(incident=incident).select_related("learnt_by").order_by("-learnt_at", "id")
    return Learnt(list(looks), _followed(lessons))


def lessons_of_school(access: Access) -> list[LessonRead]:
    """Return the lessons of the cases that this user may read, what is still to be followed up first; two queries.

    Of a case that is about them, or that another office handles, they learn no lesson either.
    """
    rows = Lesson.objects.filter(school=access.school, incident__in=visible_incidents(access).values("pk"))
    found = _followed(rows.select_related("incident").defer("incident__narrative").order_by("-learnt_at", "id")[:MOST])
    return sorted(found, key=_by_urgency)


def _by_urgency(one: LessonRead) -> tuple[bool, float]:
    due = one.follow_up.due_at if one.follow_up and one.is_open else None
    return not one.is_open, due.timestamp() if due else -one.lesson.learnt_at.timestamp()


def _followed(rows: Iterable[Lesson]) -> list[LessonRead]:
    lessons = list(rows)
    targets = [str(lesson.pk) for lesson in lessons]
    cases: set[uuid.UUID] = {lesson.incident_id for lesson in lessons}
    due = Obligation.objects.filter(incident__in=cases, kind=Undertaking.FOLLOW_UP.value, target__in=targets)
    by_lesson = {row.target: row for row in due.select_related("assignee", "settled_by").order_by("starts_at")}
    return [LessonRead(lesson, by_lesson.get(str(lesson.pk))) for lesson in lessons]


def changes_the_policy(row: Obligation) -> bool:
    """Say whether a thing to be done is what a lesson asks of the policy."""
    is_of_lesson = row.is_undertaking and row.kind == Undertaking.FOLLOW_UP
    return is_of_lesson and Lesson.objects.filter(pk=row.target, kind=LessonKind.POLICY).exists()
