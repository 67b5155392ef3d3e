"""The directory: the school's own words before what is known everywhere, and a word on how far to rely on them."""

from datetime import timedelta

import pytest

from incidents.operations import agencies
from incidents.operations.agencies import Details
from incidents.queries.agencies import directory, line_of
from policies.engine.vocabulary import Agency
from tests.conftest import Cast
from tests.factories import NOW


def test_the_schools_own_words_stand_before_what_is_known_everywhere(cast: Cast) -> None:
    before = line_of(cast.school, Agency.POLICE, at=NOW)
    assert (before.phone, before.standing, before.is_own) == ("101", "Check this", False)
    details = Details(contact="School liaison", phone="01632 960333")
    agencies.write(school=cast.school, agency=Agency.POLICE, details=details, checked_on=None, by=cast.dsl, at=NOW)

    line = line_of(cast.school, Agency.POLICE, at=NOW)
    assert (line.phone, line.contact, line.standing) == ("01632 960333", "School liaison", "Never checked")
    agencies.verify(school=cast.school, agency=Agency.POLICE, on=NOW.date(), by=cast.dsl, at=NOW)
    assert line_of(cast.school, Agency.POLICE, at=NOW).standing == ""
    assert line_of(cast.school, Agency.POLICE, at=NOW + timedelta(days=400)).standing == "Not checked for a year"
    assert line_of(cast.next_door, Agency.POLICE, at=NOW).phone == "101"


def test_the_schools_contact_at_the_local_authority_is_offered_for_the_lado(cast: Cast) -> None:
    line = line_of(cast.school, Agency.LADO, at=NOW)

    assert (line.phone, line.email) == ("01632 960999", "contact@oakfield-council.example")
    assert line.standing == "Check this"


def test_where_nothing_is_known_there_is_nothing_to_check(cast: Cast) -> None:
    empty = {line.key: line for line in directory(cast.school, at=NOW) if line.is_empty}

    assert "childrens_social_care" in empty
    assert {line.standing for line in empty.values()} == {""}


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("999", "999"),
        ("01632 960110", "01632960110"),
        ("+44 (1632) 960-110", "+441632960110"),
        ("101, or 01632 960110", ""),
        ("ask the office", ""),
        ("", ""),
    ],
)
def test_one_number_can_be_dialled(cast: Cast, phone: str, dialled: str) -> None:
    details = Details(phone=phone, notes="Something.")
    agencies.write(school=cast.school, agency=Agency.LADO, details=details, checked_on=None, by=cast.dsl, at=NOW)

    assert line_of(cast.school, Agency.LADO, at=NOW).dial == dialled
