"""The pages of a chronology: read, added to, put right, printed; and how to get there."""

from playwright.sync_api import Page

from incidents.events import Event
from incidents.models import ChronologyEntry
from tests.journeys.walking import Stop, case, open_details, press
from tests.journeys.worlds import World

# Their buttons answer POST alone.
POSTED = ("chronology-add",)


def _entry_of_open(world: World) -> dict[str, object]:
    entries = ChronologyEntry.objects.filter(incident__reference=world.reference("open"), event=Event.NOTE_ADDED)
    return {**case("open")(world), "entry_id": entries[0].pk}


def _correct_it(page: Page, world: World) -> None:
    page.get_by_label("What it should say").fill("Rang home on Monday at 10:00. Nobody answered.")
    page.get_by_label("Why it is corrected").fill("The day was wrong.")
    press("Add the correction")(page, world)


def _print_it(page: Page, world: World) -> None:
    page.get_by_label("Evidential").check()
    page.get_by_label("No child: each one is a letter").check()
    page.get_by_label("Whom is it for?").select_option("meeting")
    page.get_by_label("What is it for?").fill("The strategy meeting on 24 November.")
    press("Show it as a page to print")(page, world)


def _add_nothing(page: Page, world: World) -> None:
    open_details(page, world)
    press("Add to the chronology")(page, world)


HANDLERS = [
    Stop("chronology", "chronology-detail", case("open"), is_main=True),
    Stop("chronology-refused", "chronology-detail", case("open"), then=_add_nothing),
    Stop("chronology-print", "chronology-print", case("open"), is_main=True),
    Stop("chronology-print-refused", "chronology-print", case("open"), then=press("Make the PDF")),
    Stop("chronology-document", "chronology-print", case("open"), then=_print_it, is_main=True),
    Stop("entry-correct", "entry-correct", _entry_of_open, is_main=True),
    Stop("entry-correct-refused", "entry-correct", _entry_of_open, then=press("Add the correction")),
    Stop("entry-corrected", "entry-correct", _entry_of_open, then=_correct_it),
]
