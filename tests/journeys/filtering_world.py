"""Websites and filtering in the world of the journeys."""

from datetime import datetime, timedelta

from accounts.roles import Role
from incidents.models import Incident
from incidents.operations import bypass_requests, filtering_breaches, filtering_changes, filtering_checks
from policies.statuses import CheckResult
from tests.conftest import Cast
from tests.incidents.filtering import ask_bypass, make_ticket, met, put_right
from tests.policies.operations.test_filtering_checks import checked

LONG = "https://www.example-games.co.uk/" + "unblocked/" * 12 + "?level=3"


def make_filtering(cast: Cast, incident: Incident, at: datetime) -> None:
    """Let something be met, put right and tested, changed, let through for a while and checked."""
    hour = timedelta(hours=1)
    seen = {"seen_at": at - 5 * hour}
    breach = met(url=LONG, is_illegal=True, **seen)
    filtering_breaches.report_from_case(incident=incident, met=breach, by=cast.dsl, at=at - 4 * hour)
    blocked = make_ticket(cast.school, by=cast.teacher, url="https://example-maths.co.uk/", at=at - 3 * hour, **seen)
    put_right(blocked, by=cast.ict, at=at - 2 * hour)
    make_ticket(
        cast.school,
        by=cast.teacher,
        url="https://example-history.co.uk/",
        said="Category: weapons. Needed for the Romans.",
        at=at - hour,
        **seen,
    )
    failed = checked(checked_on=at.date(), result=CheckResult.FAILED, noticed="Adult pages open on the tablets.")
    for one in (checked(checked_on=at.date() - timedelta(days=30)), failed):
        filtering_checks.enter(school=cast.school, checked=one, role="network_manager", by=cast.ict, at=at)
    change = filtering_changes.log(
        school=cast.school, what="A new list of games.", why="The old one is over.", risk="None.", by=cast.ict, at=at
    )
    filtering_changes.answer(change=change, is_agreed=True, words="", role=Role.HEADTEACHER, by=cast.head, at=at)
    ask_bypass(cast.school, by=cast.teacher, at=at - hour)
    for ends_at in (at + 30 * hour, at - hour):
        row = ask_bypass(cast.school, by=cast.teacher, at=at - 30 * hour, ends_at=ends_at)
        bypass_requests.decide(bypass=row, is_agreed=True, reason="Needed.", by=cast.dsl, at=at - 29 * hour)
        bypass_requests.switch_on(bypass=row, by=cast.ict, at=at - 28 * hour)
    bypass_requests.expire_due(now=at)
