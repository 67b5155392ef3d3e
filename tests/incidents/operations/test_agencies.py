"""The school's entries of agencies: an old check says nothing of a new number, and every change is in the audit."""

from datetime import date, timedelta

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent
from incidents.agencies import KNOWN
from incidents.models import AgencyEntry
from incidents.operations import agencies
from incidents.operations.agencies import Details
from policies.engine.vocabulary import Agency
from tests.conftest import Cast
from tests.factories import NOW

TODAY = date(2026, 11, 17)


def write(cast: Cast, *, checked_on: date | None = TODAY, **details: str) -> AgencyEntry:
    agencies.write(
        school=cast.school,
        agency=Agency.LADO,
        details=Details(**details),
        checked_on=checked_on,
        by=cast.dsl,
        at=NOW,
    )
    return AgencyEntry.objects.get(agency="lado")


def test_every_agency_of_the_contract_is_known() -> None:
    assert set(KNOWN) == set(Agency)
    for known in KNOWN.values():
        assert known.purpose
        assert known.asks_for
        assert known.phone or known.website or known.when_empty


def test_what_is_changed_and_not_checked_counts_as_not_checked(cast: Cast) -> None:
    assert write(cast, phone="01632 960111").verified_by == cast.dsl

    entry = write(cast, phone=" 01632 960112 ", checked_on=None)

    assert (entry.phone, entry.verified_on, entry.verified_by) == ("01632 960112", None, None)
    assert AgencyEntry.objects.count() == 1
    rows = AuditEvent.objects.filter(target="agency:lado").order_by("seq")
    assert [row.data.get("fields") for row in rows] == [["phone"], ["phone"]]
    assert not AuditEvent.objects.filter(summary__contains="960112").exists()
    assert verify_chain(cast.school) == []


def test_saved_without_a_change_nothing_happens(cast: Cast) -> None:
    write(cast, phone="01632 960111")
    before = AuditEvent.objects.count()

    entry = write(cast, phone="01632 960111", checked_on=None)

    assert entry.verified_on == TODAY
    assert AuditEvent.objects.count() == before


def test_a_check_counts_for_a_year(cast: Cast) -> None:
    entry = write(cast, phone="01632 960111")

    assert entry.is_verified(TODAY + timedelta(days=365))
    assert not entry.is_verified(TODAY + timedelta(days=366))


def test_nothing_cannot_be_checked(cast: Cast) -> None:
    with pytest.raises(Refused, match="There is nothing to check yet"):
        agencies.verify(school=cast.school, agency=Agency.EXAM_BOARD, on=TODAY, by=cast.dsl, at=NOW)
    assert not AgencyEntry.objects.exists()
