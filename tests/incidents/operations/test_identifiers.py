"""Accounts, addresses, devices: noted once, found again, taken out with a trace."""

import pytest

from accounts.errors import Refused
from incidents.events import Event
from incidents.models import ChronologyEntry, Identifier
from incidents.operations import identifiers
from incidents.statuses import Identifying
from tests.conftest import Cast
from tests.factories import NOW, make_incident


def test_an_account_is_noted_once_and_sealed(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)

    row = identifiers.add(incident=case, kind=Identifying.ACCOUNT, value=" shadow_fox ", by=cast.dsl, at=NOW)

    assert (row.value, row.added_by) == ("shadow_fox", cast.dsl)
    assert b"shadow" not in bytes(row.fingerprint)
    entry = ChronologyEntry.objects.get(event=Event.IDENTIFIER_ADDED)
    assert entry.text == "Account or user name: shadow_fox"
    with pytest.raises(Refused) as refusal:
        identifiers.add(incident=case, kind=Identifying.ACCOUNT, value="Shadow_Fox", by=cast.dsl, at=NOW)
    assert refusal.value.code == "noted_already"
    identifiers.add(incident=case, kind=Identifying.PHONE, value="Shadow_Fox", by=cast.dsl, at=NOW)


@pytest.mark.parametrize("value", ["", "   ", "x" * 501])
def test_nothing_and_too_much_are_refused(cast: Cast, value: str) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)

    with pytest.raises(Refused):
        identifiers.add(incident=case, kind=Identifying.URL, value=value, by=cast.dsl, at=NOW)
    assert not Identifier.objects.exists()


def test_what_was_noted_by_mistake_is_taken_out_and_may_be_noted_again(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    row = identifiers.add(incident=case, kind=Identifying.APP, value="Snapchat", by=cast.dsl, at=NOW)

    identifiers.remove(identifier=row, by=cast.deputy, at=NOW)

    row.refresh_from_db()
    assert row.removed_by == cast.deputy
    assert ChronologyEntry.objects.get(event=Event.IDENTIFIER_REMOVED).text == "App, game or website: Snapchat"
    with pytest.raises(Refused):
        identifiers.remove(identifier=row, by=cast.dsl, at=NOW)
    identifiers.add(incident=case, kind=Identifying.APP, value="snapchat", by=cast.dsl, at=NOW)
