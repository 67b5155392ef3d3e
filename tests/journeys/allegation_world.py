"""An allegation that is on its way, and a register of low-level concerns with a pattern in it."""

import uuid
from datetime import datetime, timedelta

from incidents.allegations import HarmTest, LowLevelDecision, LowLevelKind, Reply
from incidents.models import Incident
from incidents.operations import allegations, low_level_concerns, referrals, workflow
from incidents.operations.allegations import Care, Comparison
from incidents.operations.low_level_concerns import Told
from incidents.operations.referrals import Contact
from incidents.statuses import Method, Status
from policies.engine.vocabulary import Agency, Kind
from tests.conftest import Cast
from tests.factories import person_of

SEEN = "He drove two pupils home in his own car after the match, one after the other, and told nobody."


def make_allegations(cast: Cast, case: Incident, at: datetime) -> None:
    """Answer the four tests, tell the officer, name somebody who looks after the person; enter three concerns."""
    said = {"incident": case, "by": cast.head, "at": at - timedelta(minutes=50)}
    workflow.advance(to=Status.ACKNOWLEDGED, **said)
    replies = dict(zip(HarmTest, (Reply.UNCLEAR, Reply.NO, Reply.YES, Reply.NO), strict=True))
    words = {HarmTest.HARMED: "She has not said.", HarmTest.RISK: "Messages at night, to one pupil."}
    allegations.compare(tested=Comparison(replies, "The pupil's own words, as the teacher wrote them.", words), **said)
    contact = Contact(
        agency=Agency.LADO,
        kind=Kind.CONSULT,
        method=Method.PHONE,
        made_at=at - timedelta(minutes=55),
        made_by=cast.head,
        said="What the pupil told, and that he teaches her twice a week.",
        spoken_to="Duty officer",
        advice="Say nothing to him until the police have answered. Move him to other duties.",
    )
    referrals.record(referral_id=uuid.uuid4(), contact=contact, chase_at=at + timedelta(days=1), **said)
    allegations.look_after(care=Care("Grace Kind, head of English", "His union, and the helpline for staff."), **said)
    _enter(cast, at)


def _enter(cast: Cast, at: datetime) -> None:
    person = person_of(cast.colleague, cast.school)
    for days, kind in ((400, LowLevelKind.ALONE), (60, LowLevelKind.ALONE), (1, LowLevelKind.CONTACT)):
        told = Told(kind=kind, what=SEEN, shared_by="A colleague who wants no name here", person=person)
        row = low_level_concerns.enter(school=cast.school, told=told, by=cast.head, at=at - timedelta(days=days))
        if days > 1:
            low_level_concerns.decide(
                concern=row,
                decision=LowLevelDecision.GUIDANCE,
                reason="We spoke of the code of conduct, and he understood.",
                by=cast.head,
                at=at - timedelta(days=days - 1),
            )
