"""Every page on which a headteacher is led through an allegation, and the register of low-level concerns."""

from playwright.sync_api import Page

from incidents.models import LowLevelConcern
from tests.journeys.walking import Stop, case, open_details, press, school
from tests.journeys.worlds import World

# Their buttons answer POST alone.
POSTED = ("allegation-record", "allegation-below", "low-level-decide")


def _concern(world: World) -> dict[str, object]:
    row = LowLevelConcern.objects.filter(decision="").get()
    return {**school(world), "concern_id": row.pk}


def _decided(world: World) -> dict[str, object]:
    row = LowLevelConcern.objects.exclude(decision="").order_by("recorded_at")[0]
    return {**school(world), "concern_id": row.pk}


def _answer_nothing(page: Page, world: World) -> None:
    open_details(page, world)
    press("Keep the outcome")(page, world)


def _look_for_somebody(page: Page, world: World) -> None:
    page.get_by_label("Find somebody by name").fill("col")
    press("Find")(page, world)


HEADS = [
    Stop("allegation", "allegation-detail", case("adult"), is_main=True),
    Stop("allegation-open", "allegation-detail", case("adult"), then=open_details, is_main=True),
    Stop("allegation-refused", "allegation-detail", case("adult"), then=_answer_nothing),
    Stop("allegation-pack", "allegation-pack", case("adult"), is_main=True),
    Stop("allegation-pack-refused", "allegation-pack", case("adult"), then=press("Make the PDF")),
    Stop("low-level", "low-level-list", school, is_main=True),
    Stop("low-level-new", "low-level-add", school, is_main=True),
    Stop("low-level-found", "low-level-add", school, then=_look_for_somebody),
    Stop("low-level-refused", "low-level-add", school, then=press("Enter the concern")),
    Stop("low-level-concern", "low-level-detail", _concern, is_main=True),
    Stop("low-level-concern-refused", "low-level-detail", _concern, then=press("Keep the decision")),
    Stop("low-level-decided", "low-level-detail", _decided),
]
EMPTY = [Stop("low-level-none", "low-level-list", school)]
