"""The directory of agencies: everybody who reads the policy finds the numbers; those who handle cases keep them."""

from datetime import timedelta

import pytest

from accounts.models import AuditEvent
from incidents.models import AgencyEntry
from policies.engine.vocabulary import Agency
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.conftest import Clock
from tests.incidents.pages import address, browser, main, sign_in_again, title, value_of, words
from tests.incidents.views.test_incidents_queries import count, settled

STATEMENTS = 4
WRITTEN = {
    "contact": "Front door",
    "phone": "01632 960110",
    "email": "frontdoor@council.example",
    "website": "https://council.example/refer",
    "hours": "Monday to Friday, 9:00 to 17:00",
    "notes": "A call is confirmed on the form the same day.",
}
HANDLERS = ("dsl", "deputy", "online_safety_lead", "head", "chair", "trust_lead")


def test_what_is_the_same_everywhere_stands_there_and_is_to_be_checked(cast: Cast) -> None:
    page = main(browser(cast.teacher).get(address("agency-list", cast.school)))

    for stands in (">999<", ">101<", "ceop.police.uk", "www.iwf.org.uk", "Check this", "01632 960999"):
        assert stands in page
    assert "Every local authority has its own front door" in page
    assert "Change it" not in page


@pytest.mark.parametrize("name", HANDLERS)
def test_whoever_handles_cases_writes_it_down(cast: Cast, name: str) -> None:
    client = browser(cast[name])
    target = address("agency-edit", cast.school, agency="childrens_social_care")

    assert client.get(target).status_code == 200
    answer = client.post(target, {**WRITTEN, "is_checked": "on"}, follow=True)

    entry = AgencyEntry.objects.get()
    assert (entry.school, entry.agency, entry.phone) == (cast.school, "childrens_social_care", "01632 960110")
    assert (entry.verified_by, str(entry.verified_on)) == (cast[name], "2026-11-17")
    page = main(answer)
    for stands in (*WRITTEN.values(), "Checked 17 November 2026"):
        assert stands in page
    assert "Front door" not in main(browser(cast.next_door_teacher).get(address("agency-list", cast.next_door)))


@pytest.mark.parametrize("name", ["teacher", "governor", "ict", "administrator", "next_door_dsl"])
def test_others_read_and_write_nothing(cast: Cast, name: str) -> None:
    client = browser(cast[name])
    codes = {
        client.get(address("agency-edit", cast.school, agency="police")).status_code,
        client.post(address("agency-edit", cast.school, agency="police"), WRITTEN).status_code,
        client.post(address("agency-verify", cast.school, agency="police")).status_code,
    }

    assert codes <= {403, 404}
    assert not AgencyEntry.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "front door"}, "That is not an e-mail address"),
        ({"website": "javascript:alert(1)"}, "web address"),
        ({"website": "ftp://council.example"}, "begins with https://"),
        ({"phone": "1" * 81}, "at most 80 characters"),
        ({"notes": "n" * 601}, "at most 600 characters"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    target = address("agency-edit", cast.school, agency="lado")

    page = browser(cast.dsl).post(target, WRITTEN | changes)

    assert sentence in words(page)
    assert title(page).startswith("Error: ")
    assert value_of(page, "contact") == "Front door"
    assert not AgencyEntry.objects.exists()


def test_an_agency_nobody_knows_is_not_there(cast: Cast) -> None:
    client = browser(cast.dsl)

    assert client.get(address("agency-edit", cast.school, agency="wizard")).status_code == 404
    assert client.post(address("agency-verify", cast.school, agency="wizard")).status_code == 404


def test_a_year_later_it_says_so_and_one_press_mends_it(cast: Cast, clock: Clock) -> None:
    client = browser(cast.dsl)
    client.post(address("agency-edit", cast.school, agency="prevent"), {**WRITTEN, "is_checked": "on"})
    clock.forward(timedelta(days=366))
    sign_in_again(client, cast.dsl)

    assert "Not checked for a year" in main(client.get(address("agency-list", cast.school)))
    done = client.post(address("agency-verify", cast.school, agency="prevent"), follow=True)

    assert "Not checked for a year" not in main(done)
    assert AgencyEntry.objects.get().verified_on == (NOW + timedelta(days=366)).date()


def test_what_is_known_everywhere_is_taken_over_when_it_is_checked_and_nothing_where_there_is_nothing(
    cast: Cast,
) -> None:
    client = browser(cast.dsl)

    client.post(address("agency-verify", cast.school, agency="police"))
    empty = client.post(address("agency-verify", cast.school, agency="exam_board"), follow=True)

    assert AgencyEntry.objects.get().phone == "101"
    assert "There is nothing to check yet" in words(empty)
    names = set(AuditEvent.objects.filter(school=cast.school, target="agency:police").values_list("event", flat=True))
    assert names == {"agency.changed"}


def test_every_agency_stands_in_it_with_a_fixed_number_of_statements(cast: Cast) -> None:
    client = settled(browser(cast.dsl), cast)
    target = address("agency-list", cast.school)
    before = count(lambda: client.get(target))
    for agency in Agency:
        client.post(address("agency-edit", cast.school, agency=agency.value), {**WRITTEN, "is_checked": "on"})

    # What was said of the last one is shown once.
    client.get(target)
    assert count(lambda: client.get(target)) == before == STATEMENTS
    assert main(client.get(target)).count("sg-agencies__item") == len(Agency)
