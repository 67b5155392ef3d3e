"""What was done for the children of the world's cases: promised, told, planned, decided and learnt."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from incidents.care import LessonKind, Likelihood, LookingBack, PlanKind, Way, WhyNot
from incidents.models import Incident
from incidents.operations import actions, contacts, lessons, plans, sanctions
from incidents.statuses import Part, Undertaking
from tests.conftest import Cast

# As in `worlds`, which makes this.
_CANARY = "heliotrope"
_LONG_NAME = "Maximiliana-Anastasia Featherstonehaugh-Cholmondeley-Wrigley"


def make_care(cast: Cast, cases: dict[str, Incident], at: datetime) -> None:
    """Let somebody have promised something, parents be told and not told, a plan be reviewed, and lessons be learnt."""
    by, case, week = cast.dsl, cases["open"], timedelta(days=7)
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    words = f"Ask the head of year whether {_LONG_NAME} sits elsewhere now"
    due = {"kind": Undertaking.ACTION, "words": words, "due_at": at + 2 * week, "assignee": cast.deputy}
    actions.undertake(incident=case, by=by, at=at - timedelta(hours=3), **due)
    pupil = case.people.select_related("person").get()
    asked = {
        "why_not": WhyNot.AGENCY_ASKED,
        "reason": f"The officer will ring first. ({_CANARY})",
        "again_at": at + week,
    }
    home = contacts.Home(described=f"Mrs {_LONG_NAME}, grandmother")
    contacts.leave_untold(incident=case, pupil=pupil, home=home, sent_id=uuid.uuid4(), by=by, at=at, **asked)
    told = contacts.Telling(
        at - timedelta(hours=2), Way.PHONE, "Dora Safe", f"What happened. ({_CANARY})", "“Thank you.”"
    )
    home = contacts.Home(described="Mr Brzęczyszczykiewicz, father")
    contacts.tell(incident=case, pupil=pupil, home=home, telling=told, sent_id=uuid.uuid4(), by=by, at=at)
    text = plans.PlanText(
        worries=f"He may pay again. ({_CANARY})",
        measures="The phone stays in the office until three; Mr Cole looks in every Monday.",
        review_on=tomorrow,
        wishes="“I want my games back.”",
        likelihood=Likelihood.LIKELY,
    )
    plan = plans.write(
        incident=case, plan_id=uuid.uuid4(), kind=PlanKind.RISK, pupil=pupil, text=text, by=by, at=at - 2 * week
    )
    less = replace(text, likelihood=Likelihood.POSSIBLE, measures="The phone stays in the office until three.")
    plans.review(plan=plan, after=1, text=less, found="Nothing was paid this week.", by=cast.deputy, at=at)
    for one in cases["reported"].people.select_related("person"):
        what = "Two days without the phone" if one.part == Part.ALLEGED else ""
        ruling = sanctions.Ruling("Hetty Head", tomorrow - timedelta(days=1), f"Looked at with care. ({_CANARY})", what)
        sanctions.decide(incident=cases["reported"], pupil=one, ruling=ruling, sanction_id=uuid.uuid4(), by=by, at=at)
    account = lessons.Account(tomorrow - week, "The safeguarding team", "Ring home first.", "Quick.", "Home was late.")
    lessons.look_back(
        incident=cases["closed"], kind=LookingBack.REVIEW, account=account, look_id=uuid.uuid4(), by=by, at=at
    )
    for words, assignee in (("Home is rung on the same day", cast.deputy), (f"A week on {_LONG_NAME}", None)):
        lessons.learn(
            incident=cases["closed"],
            kind=LessonKind.PRACTICE,
            words=words,
            due_at=at + week,
            assignee=assignee,
            lesson_id=uuid.uuid4(),
            by=by,
            at=at,
        )
