"""An allegation against an adult who works or helps here, step by step, by whoever handles the case.

Whether it meets the harm threshold, who looks after the person it is about, what keeps children safe meanwhile, how it
ended. That the designated officer of the local authority was told is a referral like any other. Every step is kept as
it was written; a later one stands beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.allegations import AllegationOutcome, Considered, HarmTest, LowLevelKind, Reply, Step
from incidents.events import Event
from incidents.models import Allegation, AllegationStep, Incident
from incidents.operations import chronology, low_level_concerns, obligations, triage
from incidents.operations.triage import Facts
from incidents.queries.allegations import is_officer_told
from incidents.queries.people import involved_people
from incidents.statuses import Part
from policies.calendars import day_in_words
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Deed, HarmThreshold, IncidentType, Kind


@dataclass(frozen=True)
class Comparison:
    """What is answered to each of the four tests, with words, and how that is known."""

    replies: Mapping[HarmTest, Reply]
    reason: str
    words: Mapping[HarmTest, str]

    @property
    def threshold(self) -> HarmThreshold:
        """What follows: one yes is enough, and nothing but noes is below it."""
        if Reply.YES in self.replies.values():
            return HarmThreshold.MET
        is_below = all(reply is Reply.NO for reply in self.replies.values())
        return HarmThreshold.NOT_MET if is_below else HarmThreshold.UNSURE


@dataclass(frozen=True)
class Care:
    """Who looks after the person it is about, and from when they may be told, if they may, and who allowed it."""

    contact: str
    support: str = ""
    told_from: date | None = None
    allowed_by: str = ""


@dataclass(frozen=True)
class Precautions:
    """What keeps children safe until it is known, and why this is enough and not too much."""

    what: str
    reason: str
    is_suspended: bool = False


@dataclass(frozen=True)
class Ending:
    """How it ended, why, and what was decided about telling the bodies that keep people from work with children."""

    outcome: AllegationOutcome
    reason: str
    barring: Considered
    barring_words: str
    teaching: Considered
    teaching_words: str


_LINE = "\n"
_VERDICTS = {
    HarmThreshold.MET: "It meets the harm threshold.",
    HarmThreshold.NOT_MET: "It does not meet the harm threshold.",
    HarmThreshold.UNSURE: "It is not clear whether it meets the harm threshold: treat it as if it did.",
}


@transaction.atomic
def compare(*, incident: Incident, tested: Comparison, by: User, at: datetime) -> Allegation:
    """Keep what was answered to the four tests, and bring what the policy asks in step with it."""
    case = _locked(incident)
    if set(tested.replies) != set(HarmTest):
        raise Refused("tests_missing", "Answer all four.")
    if not tested.reason.strip():
        raise Refused("reason_missing", "Write down why you answered so. It is kept with the case.")
    said = {test.value: reply.value for test, reply in tested.replies.items()}
    said |= {f"{test.value}_words": words for test, words in tested.words.items()} | {"reason": tested.reason}
    lines = [_tested_line(tested, test) for test in HarmTest]
    words = "\n".join([_VERDICTS[tested.threshold], *lines, tested.reason])
    row = _allegation(case, by, at)
    row.threshold = tested.threshold.value
    row.save(update_fields=["threshold"])
    _keep(row, Step.THRESHOLD, said, Event.ALLEGATION_TESTED, words, by, at)
    known = {**case.known, "harm_threshold": tested.threshold.value}
    types = frozenset(IncidentType(kind) for kind in case.types)
    triage.learn(incident=case, facts=Facts(Category(case.category), types, known), by=by, at=at)
    _settle(case, Deed.DOCUMENT_DECISION, words, by, at)
    return row


@transaction.atomic
def look_after(*, incident: Incident, care: Care, by: User, at: datetime) -> Allegation:
    """Keep who looks after the person it is about, and from when they may be told, with who allowed it."""
    case = _locked(incident)
    if not care.contact.strip():
        raise Refused("contact_missing", "Name somebody who looks after them.")
    if care.told_from is not None and not care.allowed_by.strip():
        raise Refused("allowed_by_missing", "Write down who allowed that they are told.")
    said = {"contact": care.contact, "support": care.support, "allowed_by": care.allowed_by}
    said["told_from"] = care.told_from.isoformat() if care.told_from else ""
    told = (
        f"They may be told from {day_in_words(care.told_from)}, allowed by {care.allowed_by}."
        if care.told_from
        else "They may not be told yet."
    )
    words = f"{care.contact} looks after the person it is about. {told}{_after(care.support, _LINE)}"
    row = _allegation(case, by, at)
    _keep(row, Step.CARE, said, Event.ALLEGATION_CARE, words, by, at)
    _settle(case, Deed.SUPPORT_STAFF, words, by, at)
    return row


@transaction.atomic
def take_precautions(*, incident: Incident, taken: Precautions, by: User, at: datetime) -> Allegation:
    """Keep what is done until it is known, and why. Suspending is one way among others, never the rule."""
    case = _locked(incident)
    if not taken.what.strip():
        raise Refused("what_missing", "Write down what is done, or that nothing is needed.")
    if not taken.reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with the case.")
    said = {"what": taken.what, "reason": taken.reason, "is_suspended": "yes" if taken.is_suspended else "no"}
    suspended = "The person is suspended." if taken.is_suspended else "The person is not suspended."
    row = _allegation(case, by, at)
    words = f"{taken.what}\n{suspended} {taken.reason}"
    _keep(row, Step.PRECAUTIONS, said, Event.ALLEGATION_PRECAUTIONS, words, by, at)
    return row


@transaction.atomic
def end(*, incident: Incident, ending: Ending, by: User, at: datetime) -> Allegation:
    """Keep how it ended and why.

    Refused before the four tests are answered; before the designated officer was told, or that was decided against,
    where the threshold is or may be met; and for what is proved, before both bodies were considered.
    """
    case = _locked(incident)
    row = _allegation(case, by, at)
    if not row.threshold:
        raise Refused("threshold_missing", "Answer the four tests first.")
    if row.threshold != HarmThreshold.NOT_MET and not is_officer_told(case):
        raise Refused("officer_missing", "Tell the designated officer first, or record why that was decided against.")
    if not ending.reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with the case.")
    _check_bodies(ending)
    said = {"outcome": ending.outcome.value, "reason": ending.reason}
    said |= {"barring": ending.barring.value, "barring_words": ending.barring_words}
    said |= {"teaching": ending.teaching.value, "teaching_words": ending.teaching_words}
    bodies = [
        f"Disclosure and Barring Service: {ending.barring.label.lower()}.{_after(ending.barring_words)}",
        f"Teaching Regulation Agency: {ending.teaching.label.lower()}.{_after(ending.teaching_words)}",
    ]
    row.outcome = ending.outcome.value
    row.save(update_fields=["outcome"])
    words = "\n".join([f"{ending.outcome.label}. {ending.reason}", *bodies])
    _keep(row, Step.OUTCOME, said, Event.ALLEGATION_ENDED, words, by, at)
    return row


@transaction.atomic
def keep_as_low_level(*, incident: Incident, kind: LowLevelKind, what: str, by: User, at: datetime) -> Allegation:
    """Enter what is below the threshold in the register of low-level concerns, once for everybody it is about; the
    case can be closed then. It falls to no office below the one that handles the case.

    Refused where the four tests say otherwise, and while the case is confined to people by name.
    """
    case = _locked(incident)
    if case.is_sealed:
        raise Refused(
            "sealed",
            "This case is confined to people by name, and the register would be read by others. Record how it ended.",
        )
    row = _allegation(case, by, at)
    if row.threshold != HarmThreshold.NOT_MET:
        raise Refused("not_below", "Only what is below the harm threshold becomes a low-level concern.")
    if row.is_low_level:
        raise Refused("entered_already", "It stands in the register of low-level concerns already.")
    accused = [one for one in involved_people(case) if one.part == Part.ALLEGED]
    if not accused:
        raise Refused("nobody_alleged", "Name first whom it is about, under People.")
    for one in accused:
        told = low_level_concerns.Told(
            kind=kind, what=what, shared_by=case.logged_by.full_name, person=one.person, description=one.name
        )
        low_level_concerns.enter(school=case.school, told=told, by=by, at=at, came_from=case)
    row.is_low_level = True
    row.save(update_fields=["is_low_level"])
    chronology.append(incident=case, event=Event.ALLEGATION_BELOW, by=by, at=at, text=f"{kind.label}. {what}")
    return row


@transaction.atomic
def note_pack(*, incident: Incident, asked: str, by: User, at: datetime) -> None:
    """Write down that the pack for the designated officer is made, and what is asked of them, before it leaves."""
    if not asked.strip():
        raise Refused("asked_missing", "Write down what you ask of them. It stands on the first page.")
    chronology.append(incident=incident, event=Event.ALLEGATION_PRINTED, by=by, at=at, text=asked)


def _locked(incident: Incident) -> Incident:
    case: Incident = Incident.objects.locked(incident.pk)
    if not case.is_about_adult:
        raise Refused("not_adult", "This case is not about an adult who works or helps here.")
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    return case


def _allegation(case: Incident, by: User, at: datetime) -> Allegation:
    found: Allegation | None = Allegation.objects.filter(incident=case).first()
    if found is None:
        found = Allegation(school=case.school, incident=case, begun_at=at, begun_by=by)
        found.save(force_insert=True)
    found.incident = case
    return found


def _keep(
    row: Allegation, step: Step, said: Mapping[str, str], event: Event, words: str, by: User, at: datetime
) -> None:
    kept = AllegationStep(
        school=row.school,
        allegation=row,
        step=step.value,
        said=json.dumps(said, ensure_ascii=False),
        recorded_at=at,
        recorded_by=by,
    )
    kept.save(force_insert=True)
    chronology.append(incident=row.incident, event=event, by=by, at=at, text=words)


def _settle(case: Incident, deed: Deed, words: str, by: User, at: datetime) -> None:
    obligations.fulfil(incident=case, keys=[f"{Kind.DO}:{deed}"], by=by, at=at, words=words)


def _tested_line(tested: Comparison, test: HarmTest) -> str:
    return f"{test.short}: {tested.replies[test].label.lower()}.{_after(tested.words.get(test, ''))}"


def _after(words: str, mark: str = " ") -> str:
    """Return words as they follow a sentence; nothing where nothing was written."""
    return f"{mark}{words}" if words.strip() else ""


def _check_bodies(ending: Ending) -> None:
    for choice, words in ((ending.barring, ending.barring_words), (ending.teaching, ending.teaching_words)):
        if choice is Considered.NOT_YET and ending.outcome is AllegationOutcome.SUBSTANTIATED:
            raise Refused(
                "bodies_missing",
                "It is proved: decide first whether the Disclosure and Barring Service and the Teaching Regulation "
                "Agency are told.",
            )
        if choice is not Considered.NOT_YET and not words.strip():
            raise Refused("body_words_missing", "Write down when they were told, or why they are not.")
