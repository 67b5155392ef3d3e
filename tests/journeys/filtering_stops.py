"""Every page about websites and filtering, and how to get there."""

import re

from playwright.sync_api import Page

from incidents.models import BypassRequest, FilteringTicket
from incidents.statuses import BypassState, TicketKind, TicketState
from tests.journeys.walking import Act, Stop, Values, case, next_door, open_details, press, school
from tests.journeys.worlds import World


def ticket(kind: TicketKind, state: TicketState) -> Values:
    """Return the values of the first ticket of a kind in a state."""

    def values(world: World) -> dict[str, object]:
        rows = FilteringTicket.objects.filter(school=world.cast.school, kind=kind, state=state)
        return {**school(world), "ticket_id": rows.order_by("opened_at")[0].pk}

    return values


def bypass(state: BypassState) -> Values:
    """Return the values of the first request in a state."""

    def values(world: World) -> dict[str, object]:
        rows = BypassRequest.objects.filter(school=world.cast.school, state=state)
        return {**school(world), "bypass_id": rows.order_by("asked_at")[0].pk}

    return values


def _does_not_work(page: Page, world: World) -> None:
    page.get_by_label("It is not put right yet").check()
    press("Record what you found")(page, world)


def _opened_and(words: str) -> Act:
    def act(page: Page, world: World) -> None:
        open_details(page, world)
        page.get_by_role("button", name=words).first.click()
        page.wait_for_load_state()

    return act


POSTED = (
    *("filtering-ticket-fix", "filtering-ticket-test", "filtering-breach-add", "filtering-change-answer"),
    *("bypass-decide", "bypass-switch-on", "bypass-take-off", "bypass-withdraw"),
)
_BLOCKED, _FIXED = TicketKind.OVER_BLOCKING, TicketState.FIXED
STAFFS = [
    Stop("websites-mine", "filtering-ticket-list", school, is_main=True),
    Stop("website-report", "filtering-ticket-add", school, is_main=True),
    Stop("website-report-errors", "filtering-ticket-add", school, then=press(re.compile("Send to those"))),
    Stop("website-mine", "filtering-ticket-detail", ticket(_BLOCKED, _FIXED), is_main=True),
    Stop("website-mine-untrue", "filtering-ticket-detail", ticket(_BLOCKED, _FIXED), then=_does_not_work),
    Stop("bypasses-mine", "bypass-list", school),
    Stop("bypass-ask", "bypass-add", school, is_main=True),
    Stop("bypass-ask-errors", "bypass-add", school, then=press("Send to the safeguarding team")),
    Stop("bypass-mine", "bypass-detail", bypass(BypassState.ASKED)),
]
HANDLERS = [
    Stop("websites", "filtering-ticket-list", school),
    Stop("website-illegal", "filtering-ticket-detail", ticket(TicketKind.BREACH, TicketState.OPEN)),
    Stop("website-report-team", "filtering-ticket-add", school),
    Stop("case-filtering", "filtering-breach-list", case("open"), is_main=True),
    Stop("case-filtering-errors", "filtering-breach-list", case("open"), then=press(re.compile("Send to those"))),
    Stop("bypass-decide", "bypass-detail", bypass(BypassState.ASKED), is_main=True),
    Stop("bypass-decide-errors", "bypass-detail", bypass(BypassState.ASKED), then=press("Record the decision")),
]
FIXERS = [
    Stop("websites-ict", "filtering-ticket-list", school, is_main=True),
    Stop("website-to-fix", "filtering-ticket-detail", ticket(TicketKind.BREACH, TicketState.OPEN), is_main=True),
    Stop(
        "website-to-fix-errors",
        "filtering-ticket-detail",
        ticket(TicketKind.BREACH, TicketState.OPEN),
        then=press("Record that it is put right"),
    ),
    Stop("filtering-changes", "filtering-change-list", school, is_main=True),
    Stop("filtering-change", "filtering-change-add", school, is_main=True),
    Stop("filtering-change-errors", "filtering-change-add", school, then=press("Add it to the log")),
    Stop("checks", "filtering-check-list", school, is_main=True),
    Stop("check-enter", "filtering-check-add", school, is_main=True),
    Stop("check-enter-errors", "filtering-check-add", school, then=press("Enter it in the register")),
    Stop("bypasses", "bypass-list", school, is_main=True),
    Stop("bypass-over", "bypass-detail", bypass(BypassState.EXPIRED), is_main=True),
]
LEADERS = [
    Stop("filtering-consent", "filtering-change-list", school, then=open_details, is_main=True),
    Stop("filtering-consent-errors", "filtering-change-list", school, then=_opened_and("Record the answer")),
]
NEIGHBOURS = [
    Stop("websites-none", "filtering-ticket-list", next_door),
    Stop("bypasses-none", "bypass-list", next_door),
]
EMPTY = [
    Stop("changes-none", "filtering-change-list", next_door),
    Stop("checks-none", "filtering-check-list", next_door),
]
