"""What a case has told agencies, and a directory of which half is filled: with and without answers, late and closed."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from incidents.models import Incident
from incidents.operations import agencies, referrals
from incidents.operations.agencies import Details
from incidents.operations.referrals import Contact
from incidents.statuses import Method
from policies.engine.vocabulary import Agency, Kind
from tests.conftest import Cast

_HOUR = timedelta(hours=1)
_LONG_AGO = timedelta(days=500)


def make_referrals(cast: Cast, incident: Incident, at: datetime) -> None:
    """Ask the police, refer to social care, and write down how some agencies are reached."""
    _directory(cast, at)
    asked = Contact(
        agency=Agency.POLICE,
        kind=Kind.CONSULT,
        method=Method.CALL_101,
        made_at=at - 30 * _HOUR,
        made_by=cast.dsl,
        said="Money was taken from a pupil through an account nobody here knows.\n\nWe asked what may be told to whom.",
        spoken_to="Call handler, name not given",
        agency_reference="17-4711-26",
        advice="Keep the messages. Tell the parents. An officer rings back.",
    )
    handed_over = Contact(
        agency=Agency.CHILDRENS_SOCIAL_CARE,
        kind=Kind.REFER,
        method=Method.ONLINE_FORM,
        made_at=at - 28 * _HOUR,
        made_by=cast.deputy,
        said="A Year 9 pupil pays for things that were promised and never came, and is afraid to say who asks for it.",
    )
    for contact, chase_at in ((asked, at + 40 * _HOUR), (handed_over, at - _HOUR)):
        referrals.record(
            incident=incident,
            referral_id=uuid.uuid4(),
            contact=contact,
            chase_at=chase_at,
            by=contact.made_by,
            at=contact.made_at,
        )


def _directory(cast: Cast, at: datetime) -> None:
    written = {
        Agency.CHILDRENS_SOCIAL_CARE: Details(
            contact="Front door, first response team",
            phone="01632 960110",
            email="frontdoor@oakfield-council.example",
            website="https://www.oakfield-council.example/worried-about-a-child",
            hours="Monday to Friday 8:30 to 17:00. Out of hours 01632 960111",
            notes="A call is confirmed on their form the same day. They answer within one working day.",
        ),
        Agency.EDUCATION_SAFEGUARDING_SERVICE: Details(contact="Advice line for schools", phone="01632 960120"),
    }
    for agency, details in written.items():
        is_old = agency is Agency.EDUCATION_SAFEGUARDING_SERVICE
        moment = at - _LONG_AGO if is_old else at
        day = timezone.localtime(moment).date()
        agencies.write(school=cast.school, agency=agency, details=details, checked_on=day, by=cast.dsl, at=moment)
