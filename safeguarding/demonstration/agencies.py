"""Whom a school calls, written down and mostly checked; and what it told agencies of its latest cases."""

import random
import uuid
from datetime import datetime, timedelta

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident, Referral
from incidents.operations import agencies, referrals
from incidents.operations.agencies import Details
from incidents.operations.referrals import Contact
from incidents.statuses import Level, Method, Status
from policies.engine.vocabulary import Agency, Kind
from safeguarding.demonstration.calendars import LONDON
from safeguarding.demonstration.histories import Act, Timeline
from safeguarding.demonstration.houses import House

# When the entries were written; one of them so long ago that it has to be checked again.
_WRITTEN, _FORGOTTEN = timedelta(days=40), timedelta(days=370)
_COUNCIL = "marlshire.example"
_ENTRIES = {
    Agency.CHILDRENS_SOCIAL_CARE: Details(
        contact="Front door, first response team",
        phone="01632 960210",
        email=f"frontdoor@{_COUNCIL}",
        website=f"https://www.{_COUNCIL}/worried-about-a-child",
        hours="Monday to Friday 8:30 to 17:00; out of hours 01632 960211",
        notes="A call is confirmed on their form the same day.",
    ),
    Agency.LADO: Details(
        contact="Designated officer, duty desk",
        phone="01632 960220",
        email=f"lado@{_COUNCIL}",
        hours="Monday to Friday 9:00 to 17:00",
    ),
    Agency.EDUCATION_SAFEGUARDING_SERVICE: Details(
        contact="Advice line for schools", phone="01632 960230", hours="School days 9:00 to 16:30"
    ),
    Agency.POLICE: Details(
        contact="Schools officer, or 101", phone="101", notes="The schools officer is in on Tuesdays."
    ),
    Agency.POLICE_EMERGENCY: Details(phone="999"),
    Agency.PREVENT: Details(contact="Prevent coordinator", phone="01632 960240", email=f"prevent@{_COUNCIL}"),
    Agency.OTHER_SETTING_DSL: Details(
        notes="Numbers of the schools in our cluster hang inside the cupboard in the office."
    ),
}
_ASKED = (
    "Described what was sent, on which app and since when, without opening anything again. Asked whether it is a crime "
    "and what we may tell the parents."
)
_ADVISED = "Not a matter for them at present. Keep the messages, tell the parents, ring again if it goes on."
_HANDED_OVER = (
    "What the child said in their own words, what we see at school, who lives at home, and that the parents know of "
    "this referral. Asked for an assessment of what the family needs."
)
_RECEIVED = "Received; a social worker rings back after their morning meeting."


def write_agencies(house: House, timeline: Timeline, rng: random.Random, *, begins: datetime, ends: datetime) -> None:
    """Write the directory, and at the very end of the history what was told of the two latest cases that are open."""
    forgotten = rng.choice((Agency.EDUCATION_SAFEGUARDING_SERVICE, Agency.PREVENT))
    for agency in _ENTRIES:
        timeline.add(begins - (_FORGOTTEN if agency is forgotten else _WRITTEN), _write_down(house, agency))
    timeline.add(ends, _tell_of_the_latest(house, rng))


def _write_down(house: House, agency: Agency) -> Act:
    def act(at: datetime) -> None:
        day = at.astimezone(LONDON).date()
        agencies.write(
            school=house.school, agency=agency, details=_ENTRIES[agency], checked_on=day, by=_dsl(house), at=at
        )

    return act


def _tell_of_the_latest(house: House, rng: random.Random) -> Act:
    def act(at: datetime) -> None:
        cases = Incident.objects.for_school(house.school).filter(handled_by=Role.DSL, status=Status.OPEN)
        found = list(cases.filter(level__lte=Level.STANDARD).order_by("-logged_at")[:2])
        # Of the same case where only one is open.
        for case, tell in zip((found * 2)[:2], (_ask_the_police, _refer_to_social_care), strict=False):
            tell(house, case, rng, at)

    return act


def _ask_the_police(house: House, case: Incident, rng: random.Random, at: datetime) -> None:
    """Ask, and have the answer at once."""
    _record(house, case, rng, at, Agency.POLICE, Kind.CONSULT, Method.CALL_101, _ASKED, advice=_ADVISED)


def _refer_to_social_care(house: House, case: Incident, rng: random.Random, at: datetime) -> None:
    """Hand it over; they have answered once and are to say more."""
    row = _record(
        house,
        case,
        rng,
        at,
        Agency.CHILDRENS_SOCIAL_CARE,
        Kind.REFER,
        Method.ONLINE_FORM,
        _HANDED_OVER,
        chase_at=_next_day(house, at),
    )
    if rng.random() < 0.5:
        return
    referrals.answer(
        referral=row,
        text=_RECEIVED,
        given_at=at,
        given_by="Duty social worker",
        chase_at=_next_day(house, at),
        by=_dsl(house),
        at=at,
    )


def _record(
    house: House,
    case: Incident,
    rng: random.Random,
    at: datetime,
    agency: Agency,
    kind: Kind,
    method: Method,
    said: str,
    *,
    advice: str = "",
    chase_at: datetime | None = None,
) -> Referral:
    by = _dsl(house)
    contact = Contact(agency, kind, method, at - timedelta(minutes=rng.randint(12, 40)), by, said, advice=advice)
    referral_id = uuid.UUID(int=rng.getrandbits(128), version=4)
    return referrals.record(incident=case, referral_id=referral_id, contact=contact, chase_at=chase_at, by=by, at=at)


def _next_day(house: House, at: datetime) -> datetime:
    local = at.astimezone(LONDON)
    day = house.days.on_or_after(local.date() + timedelta(days=1))
    return local.replace(year=day.year, month=day.month, day=day.day, hour=15, minute=30)


def _dsl(house: House) -> User:
    return house.offices[Role.DSL].account
