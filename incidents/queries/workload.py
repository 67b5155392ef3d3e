"""My day: what waits for this user."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from accounts.access import Access
from accounts.permissions import Permission
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import (
    cases_by_name,
    duties_in_reach,
    handled_by_user,
    my_concerns,
    my_drafts,
    owed_by_role,
    visible_incidents,
)
from incidents.events import Event
from incidents.models import NAMED_PEOPLE, ChronologyEntry, ConcernDraft, Incident, Obligation
from incidents.queries.obligations import Duty, Words
from incidents.queries.rows import CaseRow, RowPerson, case_rows, people_of_cases
from incidents.statuses import Level, Status
from policies.engine.durations import Unit
from policies.engine.vocabulary import OwnerRole, Strength
from policies.queries.packs import packs_of
from policies.statuses import State

MOST = 8
# Of everybody, so of nobody: what they owe in a case is done by those who handle it, as the ladder has it.
_EVERYBODY = (OwnerRole.STAFF.value, OwnerRole.EVERYONE.value)
_SECTIONS = {
    "late": "Overdue",
    "today": "Due today",
    "later": "Due later",
    "no_clock": "Without a time",
    "decide": "To decide",
    "waiting": "Waiting on others",
}
# Read with a list of duties, without what is sealed of the cases.
_SEALED = tuple(
    f"incident__{name}" for name in ("narrative", "action_taken", "place_detail", "online_service", "late_reason")
)
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


@dataclass(frozen=True)
class DutyRow:
    """One duty in a list. Of a case its reader may not open it has neither reference nor people."""

    duty: Duty
    path: str
    opens_case: bool
    reference: str
    people: list[RowPerson]


@dataclass(frozen=True)
class Section:
    """Duties that stand together in a list: the most urgent of them, and how many there are in all."""

    key: str
    title: str
    rows: list[DutyRow]
    total: int

    @property
    def is_of_others(self) -> bool:
        """Say whether somebody else has to do these."""
        return self.key == "waiting"


@dataclass(frozen=True)
class Duties:
    """What is owed by this user, and what they wait for, by urgency; sections that hold nothing are left out."""

    sections: list[Section]

    @property
    def pressing(self) -> list[Section]:
        """What is overdue or due today."""
        return [section for section in self.sections if section.key in ("late", "today")]

    @property
    def waiting(self) -> list[Section]:
        """What others have to do in this user's cases."""
        return [section for section in self.sections if section.is_of_others]

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(section.total for section in self.sections)


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


def by_name(access: Access) -> list[CaseRow]:
    """Return the cases that somebody shared with this user or named them on; no query for who is named on none."""
    if not access.may_be_named:
        return []
    return case_rows(access.school, cases_by_name(access).unfinished().in_queue_order()[:MOST])[0]


def alarms(access: Access, *, at: datetime) -> list[ConcernDraft]:
    """Return the latest calls for help to this user that are not written up yet: who called, never what they typed."""
    # Whoever stood in for a team that is away was called too, though the concern will not be theirs.
    called = ConcernDraft.objects.for_school(access.school).filter(
        alerted_at__gt=at - ALARM_SHOWN, alerted_users__contains=[access.user.pk]
    )
    return list(called.select_related("author").defer("content").order_by("-alerted_at")[:MOST])


def duties(access: Access, *, at: datetime, most: int = MOST) -> Duties:
    """Return what this user owes and waits for: so many of each section, the most urgent first.

    One query, and one for the people of those cases that the user may open.
    """
    rows = _owed(access, at, most)
    people = people_of_cases(access.school, list({row.incident_id for row in rows if _opens(row)}))

    @cache
    def words_for(adoption_id: uuid.UUID) -> Words:
        adoption = next(row.incident.adoption for row in rows if row.incident.adoption_id == adoption_id)
        return Words(access.school, packs_of(adoption), at=at)

    sections = []
    for key, title in _SECTIONS.items():
        held = [row for row in rows if row.section == key]  # type: ignore[attr-defined]
        if held:
            shown = [_duty_row(access, row, words_for, people) for row in held]
            sections.append(Section(key, title, shown, held[0].total))  # type: ignore[attr-defined]
    return Duties(sections)


def _owed(access: Access, at: datetime, most: int) -> list[Obligation]:
    mine = _mine(access)
    ends = timezone.localtime(at).replace(hour=23, minute=59, second=59, microsecond=999999)
    section = Case(
        When(mine & Q(strength=Strength.CONSIDER), then=Value("decide")),
        # What is due at once is late when the policy's grace is over.
        When(mine & Q(within=Unit.IMMEDIATELY, step=0, alert_at__gt=at), then=Value("today")),
        When(mine & Q(due_at__lt=at), then=Value("late")),
        When(mine & Q(due_at__lte=ends), then=Value("today")),
        When(mine & Q(due_at__isnull=False), then=Value("later")),
        When(mine, then=Value("no_clock")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    gate = Obligation.objects.filter(incident=OuterRef("incident_id"), key=OuterRef("after_key")).outstanding()
    owed = (
        duties_in_reach(access)
        .filter(mine | Q(incident__owner=access.user, strength=Strength.MUST), state=State.OPEN)
        .to_do()
        .filter(Q(after_key="") | ~Exists(gate))
        .annotate(section=section)
    )
    urgency = (F("severity").asc(), F("due_at").asc(nulls_last=True), F("key").asc(), F("pk").asc())
    owed = owed.annotate(
        place=Window(RowNumber(), partition_by=F("section"), order_by=urgency),
        total=Window(Count("pk"), partition_by=F("section")),
    )
    shown = owed.filter(place__lte=most).select_related("incident__adoption", "assignee").defer("reason", *_SEALED)
    return list(shown.order_by("place"))


def _mine(access: Access) -> Q:
    """Return what this user has to do, of everything in their reach.

    The safeguarding team shares what the team owes in a case that nobody or they themselves own; a case that few may
    know of is done by its handling role alone.
    """
    mine = owed_by_role(access) | Q(owner_role__in=[role.value for role in access.roles if role is not Role.STAFF])
    team = Q(owner_role__in=[*(role.value for role in SAFEGUARDING_TEAM), *_EVERYBODY])
    for handler in handled_by_user(access):
        if handler == Role.DSL:
            unowned = Q(incident__owner__isnull=True) | Q(incident__owner=access.user)
            mine |= Q(incident__handled_by=handler) & team & unowned
        else:
            mine |= Q(incident__handled_by=handler) & ~Q(owner_role=OwnerRole.REPORTER)
    if access.may_be_named:
        mine |= Q(incident__handled_by=NAMED_PEOPLE) & ~Q(owner_role=OwnerRole.REPORTER)
    # What one person promised is theirs, and only theirs.
    return (mine & Q(assignee__isnull=True)) | Q(assignee=access.user)


def _duty_row(
    access: Access, row: Obligation, words_for: Callable[[uuid.UUID], Words], people: dict[uuid.UUID, list[RowPerson]]
) -> DutyRow:
    case = row.incident
    school = {"school": access.school.slug}
    if _opens(row):
        path = f"{reverse('incident-detail', kwargs={**school, 'reference': case.reference})}#duty-{row.pk}"
    else:
        path = reverse("obligation-detail", kwargs={**school, "obligation_id": row.pk})
    return DutyRow(
        duty=words_for(case.adoption_id).duty(row),
        path=path,
        opens_case=_opens(row),
        reference=case.reference if _opens(row) else "",
        people=people.get(case.pk, []),
    )


def _opens(row: Obligation) -> bool:
    return bool(row.opens_case)  # type: ignore[attr-defined]
