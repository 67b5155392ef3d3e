"""The menu: only what the user's roles can use, and every entry opens."""

import pytest
from django.conf import LazySettings

from accounts.access import access_school
from accounts.roles import Role
from safeguarding.nav import menu_for, registers_for, role_titles
from tests.conftest import Cast
from tests.factories import NOW, make_member
from tests.incidents.pages import browser

EVERYBODY = ["My day", "Log a concern", "My concerns"]
MANAGER = [*EVERYBODY, "Cases", "Registers", "Our policy", "Duties"]
MENUS = {
    "teacher": [*EVERYBODY, "Registers", "Our policy"],
    "governor": [*EVERYBODY, "Registers", "Our policy", "Duties"],
    "ict": [*EVERYBODY, "Websites", "Registers", "Our policy", "Duties"],
    "dsl": MANAGER,
    "deputy": MANAGER,
    "online_safety_lead": MANAGER,
    "head": MANAGER,
    "chair": MANAGER,
    "trust_lead": MANAGER,
    "administrator": [
        *EVERYBODY,
        "Registers",
        "Our policy",
        "Duties",
        "People and roles",
        "School calendar",
        "Sent messages",
    ],
}
OF_ALL = {"Websites", "Agencies", "A blank concern form"}
EMERGENCY = "Opening cases in an emergency"
TWO, SIGN_IN = "What takes two people", "Colleagues’ sign-in"
LEDGER, READERS = "Who did what", "Who may read cases"
OF_TEAM = OF_ALL | {EMERGENCY, "Devices", "Phones and photos", "Lessons", "Past incidents", "The incident log on paper"}
OF_HEAD = {EMERGENCY, LEDGER, READERS, TWO, SIGN_IN, "Devices", "Phones and photos", "Lessons", "Low-level concerns"}
REGISTERS = {
    "teacher": OF_ALL,
    "governor": OF_ALL | {EMERGENCY},
    "ict": OF_ALL | {"Phones and photos"},
    "dsl": OF_TEAM | {TWO, SIGN_IN, LEDGER, READERS},
    "deputy": OF_TEAM,
    "head": OF_ALL | OF_HEAD,
    "chair": OF_ALL | {EMERGENCY, "Lessons", "Low-level concerns", TWO, SIGN_IN},
    "administrator": OF_ALL | {EMERGENCY, "Phones and photos", TWO},
}


def test_each_role_is_led_to_the_registers_it_can_use_and_all_of_them_open(cast: Cast, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    addresses = {one.url for name in REGISTERS for one in registers_for(cast.access(name))}

    for name, labels in REGISTERS.items():
        found = registers_for(cast.access(name))
        client = browser(cast[name])
        assert {one.label for one in found} == labels
        assert {url for url in addresses if client.get(url).status_code == 200} == {one.url for one in found}
        page = client.get("/s/oakfield/registers/").content.decode()
        assert all(f'href="{one.url}"' in page and one.about in page for one in found)


def test_each_role_is_offered_what_it_can_use_and_all_of_it_opens(cast: Cast, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    addresses = {item.url for name in MENUS for item in menu_for(cast.access(name), "")}

    for name, labels in MENUS.items():
        menu = menu_for(cast.access(name), "school-home")
        assert [item.label for item in menu] == labels
        client = browser(cast[name])
        opens = {url for url in addresses if client.get(url).status_code == 200}
        # Everybody may report what the filtering does; those who put it right have it in their menu.
        assert opens == {item.url for item in menu} | {"/s/oakfield/filtering/"}


def test_what_was_sent_is_shown_in_a_demonstration_only(cast: Cast, settings: LazySettings) -> None:
    settings.DEMONSTRATION = False

    assert "Sent messages" not in [item.label for item in menu_for(cast.access("administrator"), "")]
    assert browser(cast.administrator).get("/s/oakfield/settings/messages/").status_code == 404


@pytest.mark.parametrize("current", ["school-home", "my-concerns", "agency-list", "incident-detail", ""])
def test_at_most_the_page_one_is_on_is_marked(cast: Cast, current: str) -> None:
    marked = [item.label for item in menu_for(cast.access("dsl"), current) if item.is_current]

    assert marked == {
        "school-home": ["My day"],
        "my-concerns": ["My concerns"],
        "agency-list": ["Registers"],
    }.get(current, [])


def test_roles_are_called_what_the_school_calls_them_and_staff_only_where_it_is_all(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.DSL, user=cast.teacher)
    cast.school.role_titles = {"dsl": "Child protection officer"}
    cast.school.save()

    assert role_titles(access_school(cast.teacher, "oakfield", at=NOW)) == "Child protection officer"
    assert role_titles(cast.access("colleague")) == "Member of staff"
    make_member(school=cast.school, role=Role.HEADTEACHER, user=cast.teacher)
    assert role_titles(access_school(cast.teacher, "oakfield", at=NOW)) == "Child protection officer, Headteacher"
