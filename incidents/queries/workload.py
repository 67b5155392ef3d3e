"""My day: what waits for this user."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.access import Access
from accounts.permissions import Permission
from incidents.access import my_concerns, my_drafts, visible_incidents
from incidents.events import Event
from incidents.models import ChronologyEntry, ConcernDraft, Incident
from incidents.queries.rows import CaseRow, case_rows
from incidents.statuses import Level, Status

MOST = 8
# A call for help that was never written up does not stand in the way of new ones for ever.
ALARM_SHOWN = timedelta(hours=24)


@dataclass(frozen=True)
class Reporting:
    """What a member of staff has begun, sent and been asked."""

    drafts: list[ConcernDraft]
    concerns: list[Incident]
    questions: list[ChronologyEntry]


@dataclass(frozen=True)
class Handling:
    """What those who handle cases look at first."""

    alarms: list[ConcernDraft]
    danger: list[CaseRow]
    unseen: list[CaseRow]
    mine: list[CaseRow]


def reporting(access: Access) -> Reporting:
    """Return the user's own drafts, latest concerns, and the questions that wait for their answer."""
    waiting = (
        ChronologyEntry.objects.for_school(access.school)
        .filter(incident__logged_by=access.user, event=Event.QUESTION_ASKED, answer__isnull=True)
        .exclude(incident__status=Status.CLOSED)
        .select_related("incident")
        .order_by("at")
    )
    concerns = my_concerns(access).only("reference", "status", "logged_at", "first_opened_at", "school_id")
    return Reporting(
        drafts=my_drafts(access),
        concerns=list(concerns.order_by("-logged_at")[:MOST]),
        questions=list(waiting[:MOST]),
    )


def handling(access: Access, *, at: datetime) -> Handling | None:
    """Return what waits for somebody who handles cases, or nothing for everybody else."""
    if not (access.has(Permission.INCIDENT_READ) or access.has(Permission.ADULT_CASE_MANAGE)):
        return None
    cases = visible_incidents(access).unfinished().in_queue_order()
    calm = cases.exclude(level=Level.DANGER)
    danger, unseen, mine = case_rows(
        access.school,
        cases.filter(level=Level.DANGER)[:MOST],
        calm.filter(status=Status.REPORTED)[:MOST],
        calm.filter(owner=access.user).exclude(status=Status.REPORTED)[:MOST],
    )
    return Handling(alarms=alarms(access, at=at), danger=danger, unseen=unseen, mine=mine)


def alarms(access: Access, *, at: datetime) -> list[ConcernDraft]:
    """Return the latest calls for help to this user that are not written up yet: who called, never what they typed."""
    # Whoever stood in for a team that is away was called too, though the concern will not be theirs.
    called = ConcernDraft.objects.for_school(access.school).filter(
        alerted_at__gt=at - ALARM_SHOWN, alerted_users__contains=[access.user.pk]
    )
    return list(called.select_related("author").defer("content").order_by("-alerted_at")[:MOST])
