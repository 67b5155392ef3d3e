"""Every page about what is done for a child: actions, parents, plans, sanctions, lessons; and how to get there."""

from incidents.models import Plan
from tests.journeys.walking import Stop, Values, case, next_door, open_details, press, school
from tests.journeys.worlds import World

# Their buttons answer POST alone.
POSTED = ("action-add", "action-move", "plan-end", "sanction-add", "lesson-add")


def _home(world: World) -> dict[str, object]:
    return {**case("open")(world), "pupil_id": world.cases["open"].people.get().pk}


def _new_plan(world: World) -> dict[str, object]:
    return {**case("open")(world), "plan_kind": "risk"}


def _plan(world: World) -> dict[str, object]:
    return {**case("open")(world), "plan_id": Plan.objects.get(incident=world.cases["open"]).pk}


def _look(kind: str) -> Values:
    return lambda world: {**case("open")(world), "look": kind}


HANDLERS = [
    Stop("actions", "action-list", case("open"), then=open_details, is_main=True),
    Stop("actions-refused", "action-list", case("open"), then=press("Set it")),
    Stop("actions-none", "action-list", case("acknowledged")),
    Stop("parents", "contact-list", case("open"), is_main=True),
    Stop("parents-told", "contact-told", _home, is_main=True),
    Stop("parents-told-refused", "contact-told", _home, then=press("Keep it with the case")),
    Stop("parents-not-told", "contact-not-told", _home, then=press("Keep it with the case")),
    Stop("plans", "plan-list", case("open"), is_main=True),
    Stop("plan-new", "plan-add", _new_plan, is_main=True),
    Stop("plan-new-refused", "plan-add", _new_plan, then=press("Keep the plan")),
    Stop("plan", "plan-detail", _plan, then=open_details, is_main=True),
    Stop("plan-review", "plan-review", _plan, is_main=True),
    Stop("sanctions", "sanction-list", case("open"), is_main=True),
    Stop("sanctions-refused", "sanction-list", case("reported"), then=press("Keep the decision")),
    Stop("lessons", "lesson-list", case("closed"), then=open_details, is_main=True),
    Stop("lessons-refused", "lesson-list", case("open"), then=press("Keep the lesson")),
    Stop("lessons-all", "lesson-register", school, is_main=True),
    Stop("look-back", "lesson-look-back", _look("review"), then=press("Keep it with the case")),
    Stop("debrief", "lesson-look-back", _look("debrief")),
]
EMPTY = [Stop("lessons-all-none", "lesson-register", next_door)]
