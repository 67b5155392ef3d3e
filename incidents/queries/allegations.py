"""An allegation as its case manager is led through it: what is done, by whom, and what comes next."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from accounts.access import Access
from accounts.models import Membership
from accounts.roles import Role
from incidents.access import possible_owners
from incidents.allegations import AllegationOutcome, Considered, HarmTest, Reply, Step
from incidents.entry_kinds import EntryKind
from incidents.models import (
    Allegation,
    AllegationStep,
    Incident,
    InvolvedPerson,
    LowLevelConcern,
    Obligation,
    Referral,
)
from incidents.queries.chronology import Item, chronology_of
from incidents.queries.low_level_concerns import visible_low_level
from incidents.queries.people import involved_people
from incidents.queries.referrals import Asked, Made, referrals_of
from incidents.statuses import Decision, Part, Place
from policies.calendars import day_in_words
from policies.engine.vocabulary import Agency, HarmThreshold, Kind
from policies.statuses import State

OFFICER = "officer"
# In which order a case manager is led.
COURSE = (Step.THRESHOLD.value, OFFICER, Step.CARE.value, Step.PRECAUTIONS.value, Step.OUTCOME.value)


@dataclass(frozen=True)
class Recorded:
    """One step as it stands: what was answered, in words and by the names of the questions, when and by whom."""

    step: Step
    lines: tuple[tuple[str, str], ...]
    said: dict[str, str]
    row: AllegationStep


@dataclass(frozen=True)
class Officer:
    """Whether the designated officer of the local authority was told, what they said, what is still asked."""

    made: tuple[Made, ...]
    asked: tuple[Asked, ...]
    # Why it was decided not to ask or to tell them.
    declined: tuple[str, ...]

    @property
    def is_told(self) -> bool:
        """Say whether they were told, or whether that was decided against."""
        return bool(self.made or self.declined)


@dataclass(frozen=True)
class Course:
    """An allegation, step by step."""

    threshold: HarmThreshold | None
    outcome: AllegationOutcome | None
    is_low_level: bool
    recorded: dict[str, Recorded]
    officer: Officer

    @property
    def is_below(self) -> bool:
        """Say whether all four tests were answered with no."""
        return self.threshold is HarmThreshold.NOT_MET

    @property
    def done(self) -> frozenset[str]:
        """The steps that are done."""
        told = {OFFICER} if self.officer.is_told else set()
        return frozenset(self.recorded) | told

    @property
    def next_step(self) -> str:
        """The step that comes next; nothing once it ended. Below the threshold nobody outside has to be told."""
        if self.outcome or self.is_low_level:
            return ""
        skipped = {OFFICER, Step.CARE.value, Step.PRECAUTIONS.value} if self.is_below else set()
        return next((step for step in COURSE if step not in self.done | skipped), Step.OUTCOME.value)


def course_of(incident: Incident, *, at: datetime) -> Course:
    """Return how far an allegation is. Five queries, however much was written."""
    row: Allegation | None = Allegation.objects.filter(incident=incident).first()
    steps = AllegationStep.objects.filter(allegation=row).select_related("recorded_by") if row else ()
    latest: dict[str, Recorded] = {}
    for kept in sorted(steps, key=lambda step: step.recorded_at):
        latest[kept.step] = _recorded(kept)
    return Course(
        threshold=HarmThreshold(row.threshold) if row and row.threshold else None,
        outcome=AllegationOutcome(row.outcome) if row and row.outcome else None,
        is_low_level=bool(row and row.is_low_level),
        recorded=latest,
        officer=_officer(incident, at),
    )


def steps_of(incident: Incident) -> list[Recorded]:
    """Return every step that was written down, in that order."""
    rows = AllegationStep.objects.filter(allegation__incident=incident).select_related("recorded_by")
    return [_recorded(row) for row in rows.order_by("recorded_at", "id")]


def next_of(incident: Incident) -> str:
    """Return what the case page calls next of an allegation; nothing for another case, or once it ended. One query."""
    if not incident.is_about_adult or incident.is_closed or incident.decision == Decision.DUPLICATE:
        return ""
    row: Allegation | None = Allegation.objects.filter(incident=incident).first()
    if row is None or not row.threshold:
        return "say whether it meets the harm threshold"
    return "" if row.is_ended else "go on with the allegation"


def is_officer_told(incident: Incident) -> bool:
    """Say whether the designated officer was told of a case or asked about it, or whether that was decided against."""
    if Referral.objects.filter(incident=incident, agency=Agency.LADO).exists():
        return True
    asked = Obligation.objects.filter(incident=incident, kind__in=(Kind.CONSULT, Kind.REFER), target=Agency.LADO)
    return bool(asked.filter(state=State.WAIVED).exists())


def threshold_in_words(threshold: HarmThreshold | None) -> str:
    """Return the verdict of the four tests as a sentence."""
    if threshold is None:
        return "The four tests are not answered yet."
    return {
        HarmThreshold.MET: "It meets the harm threshold.",
        HarmThreshold.NOT_MET: "It does not meet the harm threshold.",
        HarmThreshold.UNSURE: "It is not clear whether it meets the harm threshold: it is treated as if it did.",
    }[threshold]


@dataclass(frozen=True)
class Accused:
    """One person whom it is about: what they are here, and what stands in the register of low-level concerns."""

    row: InvolvedPerson
    roles: tuple[str, ...]
    earlier: tuple[LowLevelConcern, ...]


@dataclass(frozen=True)
class Pack:
    """Everything that the designated officer needs: people, facts, tests, decisions, what was done."""

    accused: tuple[Accused, ...]
    others: tuple[InvolvedPerson, ...]
    managers: tuple[str, ...]
    place: str
    course: Course
    steps: tuple[Recorded, ...]
    decisions: tuple[Item, ...]
    items: tuple[Item, ...]


def pack_of(access: Access, incident: Incident, *, at: datetime) -> Pack:
    """Return what is handed to the designated officer of the local authority, by whoever handles the case."""
    people = involved_people(incident)
    items = chronology_of(incident).items
    accused = [row for row in people if row.part == Part.ALLEGED]
    return Pack(
        accused=tuple(_accused(access, row) for row in accused),
        others=tuple(row for row in people if row.part != Part.ALLEGED),
        managers=tuple(user.full_name for user in possible_owners(incident, people, at=at)),
        place=Place(incident.place).label,
        course=course_of(incident, at=at),
        steps=tuple(steps_of(incident)),
        decisions=tuple(item for item in items if item.kind is EntryKind.DECISION),
        items=tuple(items),
    )


def _accused(access: Access, row: InvolvedPerson) -> Accused:
    if row.person is None:
        return Accused(row, (), ())
    held = Membership.objects.for_school(access.school).filter(person=row.person).order_by("starts_on")
    now = [one for one in held if not one.ends_on]
    roles = [f"{access.school.title_of(Role(one.role))}, since {day_in_words(one.starts_on)}" for one in now]
    earlier = visible_low_level(access).filter(person=row.person).order_by("recorded_at")
    return Accused(row, tuple(roles), tuple(earlier))


def _recorded(row: AllegationStep) -> Recorded:
    step, said = Step(row.step), json.loads(row.said)
    return Recorded(step, tuple((label, words) for label, words in _LINES[step](said) if words.strip()), said, row)


def _threshold(said: dict[str, str]) -> list[tuple[str, str]]:
    lines = []
    for test in HarmTest:
        words = said.get(f"{test.value}_words", "")
        reply = Reply(said[test.value]).label
        lines.append((test.short, f"{reply}. {words}" if words.strip() else f"{reply}."))
    return [*lines, ("Why", said["reason"])]


def _care(said: dict[str, str]) -> list[tuple[str, str]]:
    told = said.get("told_from", "")
    when = f"From {day_in_words(date.fromisoformat(told))}" if told else "Not yet"
    return [
        ("Who looks after them", said["contact"]),
        ("Help that was offered", said.get("support", "")),
        ("May they be told?", when),
        ("Who allowed it", said.get("allowed_by", "")),
    ]


def _precautions(said: dict[str, str]) -> list[tuple[str, str]]:
    is_suspended = said.get("is_suspended") == "yes"
    return [
        ("What is done", said["what"]),
        ("Suspended", "Yes" if is_suspended else "No"),
        ("Why", said["reason"]),
    ]


def _outcome(said: dict[str, str]) -> list[tuple[str, str]]:
    outcome = AllegationOutcome(said["outcome"])
    return [
        ("Outcome", f"{outcome.label}. {outcome.hint}"),
        ("Why", said["reason"]),
        ("Disclosure and Barring Service", _body(said, "barring")),
        ("Teaching Regulation Agency", _body(said, "teaching")),
    ]


def _body(said: dict[str, str], name: str) -> str:
    words = said.get(f"{name}_words", "")
    label = Considered(said[name]).label
    return f"{label}. {words}" if words.strip() else f"{label}."


_LINES = {Step.THRESHOLD: _threshold, Step.CARE: _care, Step.PRECAUTIONS: _precautions, Step.OUTCOME: _outcome}


def _officer(incident: Incident, at: datetime) -> Officer:
    found = referrals_of(incident, at=at)
    made = tuple(one for one in found.made if one.row.agency == Agency.LADO)
    asked = tuple(one for one in found.asked if Agency.LADO in one.agencies)
    declined = tuple(
        duty.row.reason or ""
        for duty in found.settled
        if duty.row.target == Agency.LADO and duty.row.state == State.WAIVED
    )
    return Officer(made, asked, declined)
