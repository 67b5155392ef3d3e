"""Every page about devices, searches, images, and what people are allowed; and how to get there."""

from playwright.sync_api import Page

from incidents.models import Allowance, HeldDevice
from tests.journeys.walking import Act, Stop, Values, case, next_door, open_details, press, school
from tests.journeys.worlds import World

POSTED = (
    *("custody-quarantine", "custody-release", "custody-keep", "custody-end", "transfer-hand-over", "transfer-sign"),
    *("transfer-decline", "transfer-take-over", "deletion-check", "deletion-record"),
)


def device(**which: object) -> Values:
    """Return the values of a device of the school."""

    def values(world: World) -> dict[str, object]:
        rows = HeldDevice.objects.filter(school=world.cast.school, **which)
        return {**school(world), "device_id": rows.order_by("review_on", "taken_at")[0].pk}

    return values


def _allowance(world: World) -> dict[str, object]:
    row = Allowance.objects.filter(school=world.cast.school, withdrawn_at__isnull=True).order_by("given_on")[0]
    return {**school(world), "allowance_id": row.pk}


def _find(name: str) -> Act:
    def act(page: Page, world: World) -> None:
        page.get_by_label("Find somebody by name").fill(name)
        press("Find")(page, world)

    return act


def _refused_end(page: Page, world: World) -> None:
    open_details(page, world)
    press("Record that it was given back")(page, world)


_LATE = device(incident__isnull=True, ended_at__isnull=True, holder__isnull=False)
_WAITS, _OUTSIDE = device(incident__isnull=False), device(holder__isnull=True)
HANDLERS = [
    Stop("devices", "custody-list", school, is_main=True),
    Stop("device-take", "custody-add", school, is_main=True),
    Stop("device-take-errors", "custody-add", school, then=press("Enter it in the register")),
    Stop("device-take-found", "custody-add", school, then=_find("ami")),
    Stop("device", "custody-detail", _LATE, then=open_details, is_main=True),
    Stop("device-end-errors", "custody-detail", _LATE, then=_refused_end),
    Stop("device-hand-errors", "custody-detail", _LATE, then=press("Sign and hand it over")),
    Stop("device-waits", "custody-detail", _WAITS, then=open_details),
    Stop("device-outside", "custody-detail", _OUTSIDE, then=open_details),
    Stop("device-over", "custody-detail", device(ended_at__isnull=False)),
    Stop("case-devices", "custody-of-case", case("danger"), is_main=True),
    Stop("case-devices-none", "custody-of-case", case("acknowledged")),
    Stop("case-device-take", "custody-case-add", case("open")),
    Stop("searches", "search-list", school, then=open_details, is_main=True),
    Stop("search", "search-add", school, is_main=True),
    Stop("search-errors", "search-add", school, then=press("Record the search")),
    Stop("case-search", "search-case-add", case("open")),
    Stop("viewing", "viewing-add", case("acknowledged"), is_main=True),
    Stop("viewing-errors", "viewing-add", case("acknowledged"), then=press("Record it")),
    Stop("deletions", "deletion-detail", case("acknowledged"), then=open_details, is_main=True),
    Stop("deletions-errors", "deletion-detail", case("open"), then=press("Record the answers")),
    Stop("allowances", "allowance-list", school, then=open_details, is_main=True),
    Stop("allowance-add", "allowance-add", school, is_main=True),
    Stop("allowance-errors", "allowance-add", school, then=press("Enter it in the register")),
    Stop("allowance", "allowance-detail", _allowance),
    Stop("allowance-back-errors", "allowance-detail", _allowance, then=press("Record that it was taken back")),
]
FIXERS = [
    Stop("device-sign", "custody-detail", _WAITS, then=open_details, is_main=True),
    Stop("device-sign-errors", "custody-detail", _WAITS, then=press("I have it: sign")),
]
EMPTY = [
    Stop("devices-none", "custody-list", next_door),
    Stop("searches-none", "search-list", next_door),
    Stop("allowances-none", "allowance-list", next_door),
]
