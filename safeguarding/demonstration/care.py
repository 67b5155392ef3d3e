"""What was done for the children of a school's latest cases: parents told, plans, sanctions, lessons, promises."""

import random
import uuid
from datetime import date, datetime, timedelta

from accounts.roles import Role
from incidents.care import LessonKind, LookingBack, PlanKind, Way, WhyNot
from incidents.models import Incident
from incidents.operations import actions, contacts, lessons, plans, sanctions
from incidents.operations.contacts import Home, Telling
from incidents.operations.lessons import Account
from incidents.operations.plans import PlanText
from incidents.operations.sanctions import Ruling
from incidents.queries.contacts import PupilsHome, homes, why_not_tell
from incidents.queries.people import involved_people
from incidents.queries.sanctions import pupils_to_decide_on
from incidents.statuses import Part, Status, Undertaking
from policies.calendars import end_of_school_day
from safeguarding.demonstration.calendars import LONDON
from safeguarding.demonstration.histories import Act, Timeline
from safeguarding.demonstration.houses import House

_CASES = 3
_SAID = (
    "What happened as far as we know it, that the child is not to blame for it, and what we do about it at school. "
    "Asked them not to take the phone away as a punishment."
)
_HEARD = "“Thank you for telling us at once.” They will look at the settings of the account together tonight."
_ASKED_TO_WAIT = "The police speak with the family first and tell us when we may ring."
_PROMISES = (
    "Ask the form tutor how the week went",
    "Look at the seating plan together with the head of year",
    "Ring home and ask whether it has stopped",
)
_WORRIES = "Comes to school tired and afraid of what was written over night. Stays away from the others at lunch."
_MEASURES = (
    "Form tutor: two minutes every morning. Safeguarding team: a talk every Thursday. Parents: phones stay downstairs "
    "at night. Friends eat with the child."
)
_WISHES = "That nobody makes a fuss in front of the class."
_SANCTION = ("Two lunchtimes with the head of year, and an apology in writing", "Knew what it did, and has said so.")
_REVIEW = Account(
    held_on=date.min,
    took_part="The safeguarding team and the head of year",
    went_well="The child was heard on the same day and knew whom to turn to.",
    was_late="Home was rung only on the next day: nobody knew whose turn it was.",
    came_of_it="Whoever acknowledges a concern rings home, or says who does.",
)
_LESSONS = (
    (LessonKind.PRACTICE, "Whoever acknowledges a concern says who rings home"),
    (LessonKind.CURRICULUM, "A lesson on group chats before the summer holidays, not after them"),
)


def write_care(house: House, timeline: Timeline, rng: random.Random, *, ends: datetime) -> None:
    """At the very end of the history, do for the latest cases what their pages are for."""
    timeline.add(ends, _look_after(house, rng))


def _look_after(house: House, rng: random.Random) -> Act:
    def act(at: datetime) -> None:
        cases = (
            Incident.objects.for_school(house.school).filter(handled_by=Role.DSL).select_related("school", "adoption")
        )
        for number, case in enumerate(cases.filter(status=Status.OPEN).order_by("-logged_at")[:_CASES]):
            _promise(house, case, _PROMISES[number], at)
            for home in [home for home in homes(case) if home.counts]:
                _speak_with(house, case, home, rng, at)
                if home.pupil.part == Part.HARMED and number < 2:
                    _plan(house, case, home, rng, at)
            _decide(house, case, rng, at)
        for case in cases.filter(status=Status.CLOSED).order_by("-closed_at")[:2]:
            _look_back(house, case, rng, at)

    return act


def _promise(house: House, case: Incident, words: str, at: datetime) -> None:
    due_at = _in_days(house, at, 3)
    by = house.offices[Role.DSL].account
    actions.undertake(incident=case, kind=Undertaking.ACTION, words=words, due_at=due_at, by=by, at=at)


def _speak_with(house: House, case: Incident, home: PupilsHome, rng: random.Random, at: datetime) -> None:
    by, sent_id = house.offices[Role.DSL].account, _id(rng)
    whom = Home(home.parents[:1], "" if home.parents else "The mother")
    known = {"incident": case, "pupil": home.pupil, "home": whom, "sent_id": sent_id, "by": by, "at": at}
    if why_not_tell(case, home.pupil):
        again = {"why_not": WhyNot.AGENCY_ASKED, "reason": _ASKED_TO_WAIT, "again_at": _in_days(house, at, 2)}
        contacts.leave_untold(**known, **again)  # type: ignore[arg-type]
        return
    telling = Telling(at - timedelta(minutes=rng.randint(10, 50)), Way.PHONE, by.full_name, _SAID, _HEARD)
    contacts.tell(**known, telling=telling)  # type: ignore[arg-type]


def _plan(house: House, case: Incident, home: PupilsHome, rng: random.Random, at: datetime) -> None:
    review_on = _in_days(house, at, 14).astimezone(LONDON).date()
    text = PlanText(_WORRIES, _MEASURES, review_on, _WISHES)
    by, kind = house.offices[Role.DSL].account, PlanKind.SUPPORT
    plans.write(incident=case, plan_id=_id(rng), kind=kind, pupil=home.pupil, text=text, by=by, at=at)


def _decide(house: House, case: Incident, rng: random.Random, at: datetime) -> None:
    """Decide about those who are said to have done it, as far as they are pupils."""
    what, reason = _SANCTION
    by = house.offices[Role.DSL].account
    ruling = Ruling(by.full_name, at.astimezone(LONDON).date(), reason, what)
    for pupil in [row for row in pupils_to_decide_on(involved_people(case)) if row.part == Part.ALLEGED]:
        sanctions.decide(incident=case, pupil=pupil, ruling=ruling, sanction_id=_id(rng), by=by, at=at)


def _look_back(house: House, case: Incident, rng: random.Random, at: datetime) -> None:
    by = house.offices[Role.DSL].account
    account = Account(**{**vars(_REVIEW), "held_on": at.astimezone(LONDON).date()})
    lessons.look_back(incident=case, kind=LookingBack.REVIEW, account=account, look_id=_id(rng), by=by, at=at)
    kind, words = rng.choice(_LESSONS)
    due_at = _in_days(house, at, 21)
    lessons.learn(incident=case, kind=kind, words=words, due_at=due_at, assignee=None, lesson_id=_id(rng), by=by, at=at)


def _in_days(house: House, at: datetime, number: int) -> datetime:
    day = house.days.on_or_after(at.astimezone(LONDON).date() + timedelta(days=number))
    return end_of_school_day(house.school, day)


def _id(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
