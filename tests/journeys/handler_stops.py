"""Every page of those who handle cases, and how to get there."""

import re
from typing import Any

from playwright.sync_api import Page

from incidents.models import Import, Referral
from tests.journeys.walking import (
    Act,
    Stop,
    Values,
    case,
    open_details,
    press,
    school,
    signed_out_and,
    told,
)
from tests.journeys.worlds import World


def _search(text: str) -> Act:
    def act(page: Page, world: World) -> None:
        open_details(page, world)
        page.get_by_label("Name, reference or words").fill(text)
        page.get_by_role("button", name="Show these").click()
        page.wait_for_load_state()

    return act


def _refused_watch(page: Page, world: World) -> None:
    open_details(page, world)
    press("Watch it")(page, world)


def _acknowledged_twice(page: Page, world: World) -> None:
    open_details(page, world)
    press("Send the question")(page, world)


def _refused_duty(page: Page, world: World) -> None:
    open_details(page, world)
    press(re.compile("with these words: Write down each"))(page, world)


def _ask_what_if(page: Page, world: World) -> None:
    for box in ("Indecent images of children", "Something the filter let through"):
        page.get_by_label(box, exact=True).check()
    open_details(page, world)
    page.get_by_role("group", name="Devices").get_by_label("A device of the school").check()
    press("Show what the policy asks for")(page, world)


def _share_nothing(page: Page, world: World) -> None:
    open_details(page, world)
    press("Let them open it")(page, world)


def _keep_a_view(page: Page, world: World) -> None:
    _search("Amira")(page, world)
    open_details(page, world)
    page.get_by_label("Name of the view").fill("All about Amira, everywhere and always")
    press("Keep it")(page, world)


def _refused_tie(page: Page, world: World) -> None:
    open_details(page, world)
    page.get_by_label("Reference of the other case").fill("OAK-ZZZZ")
    press("Tie the cases")(page, world)


def _look_for(name: str) -> Act:
    def act(page: Page, world: World) -> None:
        page.get_by_label("Name of a pupil or an adult").fill(name)
        press("Find")(page, world)

    return act


def _import(world: World) -> dict[str, Any]:
    found = Import.objects.for_school(world.cast.school).get()
    return {**school(world), "import_id": found.pk}


def _pupil(name: str) -> Values:
    return lambda world: {**school(world), "person_id": world.pupils[name].pk}


def _choose_police(page: Page, world: World) -> None:
    page.get_by_label("Whom does it go to?").select_option("police")
    page.get_by_label("Referral: we handed it over").check()
    press("Go on")(page, world)


def _record_nothing(page: Page, world: World) -> None:
    _choose_police(page, world)
    press("Record it")(page, world)


def _referral(agency: str) -> Values:
    def values(world: World) -> dict[str, object]:
        row = Referral.objects.get(incident=world.cases["open"], agency=agency)
        return {**case("open")(world), "referral_id": row.pk}

    return values


HANDLERS = [
    Stop("my-day-dsl", "school-home", school, is_main=True),
    Stop("queue", "incident-list", school, is_main=True),
    Stop("queue-filters", "incident-list", school, then=open_details),
    Stop("queue-filtered", "incident-list", school, then=_search("Amira")),
    Stop("queue-kept-view", "incident-list", school, then=_keep_a_view),
    Stop("queue-no-result", "incident-list", school, then=_search("nothing like it")),
    Stop("case-danger", "incident-detail", case("danger")),
    Stop("case-new", "incident-detail", case("reported"), is_main=True),
    Stop("case-acknowledged", "incident-detail", case("acknowledged"), then=open_details),
    Stop("case-open", "incident-detail", case("open"), is_main=True),
    Stop("who-can-see", "sharing-detail", case("open"), then=open_details, is_main=True),
    Stop("who-can-see-refused", "sharing-detail", case("open"), then=_share_nothing),
    Stop("triage", "triage-detail", case("acknowledged"), is_main=True),
    Stop("triage-errors", "triage-detail", case("acknowledged"), then=press("Save")),
    Stop("triage-closed", "triage-detail", case("closed"), then=open_details),
    Stop("files", "attachment-list", case("open"), then=open_details, is_main=True),
    Stop("files-none", "attachment-list", case("reported")),
    Stop("files-refused", "attachment-list", case("reported"), then=press("Attach the file")),
    Stop("files-never", "attachment-list", case("acknowledged")),
    Stop("case-closed", "incident-detail", case("closed"), then=open_details),
    Stop("case-refused", "incident-detail", case("open"), then=_refused_watch),
    Stop("case-duties", "incident-detail", case("open"), then=open_details, is_main=True),
    Stop("case-duty-refused", "incident-detail", case("open"), then=_refused_duty),
    Stop("referrals", "referral-list", case("open"), then=open_details, is_main=True),
    Stop("referrals-asked", "referral-list", case("danger"), then=open_details, is_main=True),
    Stop("referrals-none", "referral-list", case("acknowledged")),
    Stop("referral-choose", "referral-add", case("open"), then=press("Go on")),
    Stop("referral-form", "referral-add", case("danger"), then=_choose_police, is_main=True),
    Stop("referral-refused", "referral-add", case("danger"), then=_record_nothing),
    Stop("referral", "referral-detail", _referral("childrens_social_care"), then=open_details, is_main=True),
    Stop("referral-answer-refused", "referral-detail", _referral("police"), then=press("Record the answer")),
    Stop("agencies", "agency-list", school, is_main=True),
    Stop("agency", "agency-edit", lambda world: {**school(world), "agency": "childrens_social_care"}, is_main=True),
    Stop("imports", "import-list", school, then=press("Look at the file")),
    Stop("import", "import-detail", _import, is_main=True),
    Stop("registers", "register-list", school, is_main=True),
    Stop("log", "incident-log", school),
    Stop("log-printed", "incident-log", school, then=press("Show it as a page to print")),
    Stop("paper-form", "paper-form", school),
    Stop("links", "link-list", case("open"), then=open_details, is_main=True),
    Stop("links-refused", "link-list", case("open"), then=_refused_tie),
    Stop("links-none", "link-list", case("acknowledged")),
    Stop("case-people", "case-people", case("open"), is_main=True),
    Stop("case-people-found", "case-people", case("open"), then=_look_for("ami")),
    Stop("person", "person-detail", _pupil("amira"), is_main=True),
    Stop("person-none", "person-detail", _pupil("polish")),
    Stop("my-duties", "obligation-list", school, is_main=True),
    Stop("case-question-refused", "incident-detail", case("open"), then=_acknowledged_twice),
    Stop("what-if", "what-if", school, is_main=True),
    Stop("what-if-errors", "what-if", school, then=press("Show what the policy asks for")),
    Stop("what-if-answers", "what-if", school, then=_ask_what_if, is_main=True),
    Stop("told-all", "told-concern-list", school),
    Stop("told-add-team", "told-concern-add", school, then=press("Note it")),
    Stop("told-of-another", "told-concern-detail", told, then=press("Wait for it no longer")),
    Stop("second-step-needed", "second-factor-needed"),
    Stop("session-ended", "incident-detail", case("open"), then=signed_out_and("Add the note")),
]
