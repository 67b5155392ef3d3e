"""A check that failed is never silent."""

from accounts.models import OutboxMessage
from incidents.models import FilteringTicket
from incidents.operations import filtering_checks
from incidents.statuses import TicketKind, TicketState
from policies.models import FilteringCheck
from policies.statuses import CheckResult
from tests.conftest import Cast
from tests.factories import NOW
from tests.policies.operations.test_filtering_checks import checked


def test_a_check_that_failed_opens_a_ticket_and_tells_the_safeguarding_team(cast: Cast) -> None:
    failed = checked(result=CheckResult.FAILED, noticed="Adult pages open.")

    ticket = filtering_checks.enter(school=cast.school, checked=failed, role="network_manager", by=cast.ict, at=NOW)

    assert ticket is not None
    assert (ticket.kind, ticket.state) == (TicketKind.FAILURE, TicketState.OPEN)
    assert ticket.check_failed == FilteringCheck.objects.get()
    sighting = ticket.sightings.get()
    assert (sighting.device, sighting.said) == ("Library PC 4, Library", "Adult pages open.")
    rows = OutboxMessage.objects.filter(kind="incidents/filtering_failed")
    assert set(rows.values_list("recipient__full_name", flat=True)) == {"Dora Safe", "Dennis Deputy", "Olive Online"}


def test_a_check_that_works_opens_nothing(cast: Cast) -> None:
    assert filtering_checks.enter(school=cast.school, checked=checked(), role="staff", by=cast.ict, at=NOW) is None

    assert not FilteringTicket.objects.exists()
    assert not OutboxMessage.objects.exists()
