"""The pages of proof: the ledger, its export, and cases that are open in an emergency; and how to get there."""

from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import EmergencyAccess
from accounts.operations import emergency_access
from tests.journeys.walking import Stop, open_details, press, school
from tests.journeys.worlds import World

# Their buttons answer POST alone.
POSTED = (
    "emergency-access-agree",
    "emergency-access-decline",
    "emergency-access-end",
    "emergency-access-open",
)


def _ask_nothing(page: Page, world: World) -> None:
    open_details(page, world)
    press("Ask")(page, world)


def _ask(page: Page, world: World) -> None:
    open_details(page, world)
    page.get_by_label("Why do you have to read cases now?").fill("A child did not come home, and nobody answers.")
    page.get_by_label("Yes", exact=True).check()
    press("Ask")(page, world)


def _agreed(page: Page, world: World) -> None:
    row = EmergencyAccess.objects.filter(asked_by=world.cast.head).latest("asked_at")
    emergency_access.agree(emergency=row, by=world.cast.chair, at=row.asked_at)
    page.reload()


def _narrow(page: Page, world: World) -> None:
    open_details(page, world)
    page.get_by_label("Words or a reference").fill("nothing is called so")
    page.get_by_label("From", exact=True).fill("2026-01-05")
    press("Show these")(page, world)


def _wrong_days(page: Page, world: World) -> None:
    open_details(page, world)
    page.get_by_label("From", exact=True).fill("2026-02-05")
    page.get_by_label("To", exact=True).fill("2026-01-05")
    press("Show these")(page, world)


def _somebody_asks(page: Page, world: World) -> None:
    emergency_access.ask(
        school=world.cast.school,
        reason="A child did not come home, and nobody of the team answers.",
        is_danger=True,
        hours=2,
        by=world.cast.administrator,
        at=timezone.now(),
    )
    page.reload()


# In this order: what one walks into, the next finds.
LEADERS = [
    Stop("emergency", "emergency-access-list", school, then=open_details, is_main=True),
    Stop("emergency-errors", "emergency-access-list", school, then=_ask_nothing),
    Stop("emergency-asked", "emergency-access-list", school, then=_ask),
    Stop("emergency-open", "emergency-access-list", school, then=_agreed, is_main=True),
    Stop("emergency-cases", "incident-list", school),
]
HANDLERS = [
    Stop("ledger", "audit-list", school, is_main=True),
    Stop("ledger-nothing", "audit-list", school, then=_narrow),
    Stop("ledger-errors", "audit-list", school, then=_wrong_days),
    Stop("ledger-export", "audit-export", school, then=open_details, is_main=True),
    Stop("ledger-export-errors", "audit-export", school, then=press("Take it away")),
    Stop("emergency-answer", "emergency-access-list", school, then=_somebody_asks, is_main=True),
]
GOVERNORS = [Stop("emergency-governor", "emergency-access-list", school)]
