"""The plans of a case as people read them: what holds now, and what was written before."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from incidents.care import PlanKind
from incidents.models import Incident, InvolvedPerson, Obligation, Plan, PlanVersion
from incidents.queries.contacts import pupils_concerned
from incidents.queries.people import involved_people
from incidents.statuses import Undertaking


@dataclass(frozen=True)
class PlanRead:
    """One plan: for whom, its versions with the latest first, and the review that is due, if one is."""

    plan: Plan
    pupil: InvolvedPerson | None
    versions: list[PlanVersion]
    review: Obligation | None

    @property
    def latest(self) -> PlanVersion:
        """What holds, or held last."""
        return self.versions[0]

    @property
    def earlier(self) -> list[PlanVersion]:
        """What was written before, the latest first."""
        return self.versions[1:]


@dataclass(frozen=True)
class Plans:
    """The plans of a case: those that are followed, and those that ended."""

    running: list[PlanRead]
    ended: list[PlanRead]


def plans_of(incident: Incident) -> Plans:
    """Return every plan of a case, the newest first. Four queries, however many there are."""
    rows = list(
        Plan.objects.filter(incident=incident).select_related("begun_by", "ended_by").order_by("-begun_at", "id")
    )
    people = {row.pk: row for row in involved_people(incident)}
    versions: dict[uuid.UUID, list[PlanVersion]] = {}
    written = PlanVersion.objects.filter(plan__incident=incident).select_related("written_by")
    for version in written.order_by("-number"):
        versions.setdefault(version.plan_id, []).append(version)
    due = Obligation.objects.filter(incident=incident, kind=Undertaking.REVIEW.value).outstanding().by_due()
    reviews = {row.target: row for row in due}
    read = [
        PlanRead(row, people.get(row.pupil_id) if row.pupil_id else None, versions[row.pk], reviews.get(str(row.pk)))
        for row in rows
    ]
    return Plans(
        running=[one for one in read if not one.plan.is_ended], ended=[one for one in read if one.plan.is_ended]
    )


def plan_read(incident: Incident, plan_id: uuid.UUID) -> PlanRead | None:
    """Return one plan of a case; nothing where the case has no such plan."""
    found = plans_of(incident)
    return next((one for one in (*found.running, *found.ended) if one.plan.pk == plan_id), None)


def without_support(people: Sequence[InvolvedPerson], plans: Sequence[Plan]) -> list[InvolvedPerson]:
    """Return the pupils whom a case concerns most and for whom there is no plan to support them or keep them safe."""
    helping = [plan for plan in plans if plan.kind != PlanKind.RISK]
    if any(plan.pupil_id is None for plan in helping):
        return []
    helped = {plan.pupil_id for plan in helping}
    return [row for row in pupils_concerned(people) if row.pk not in helped]
