"""The register of phones and photographs, and who keeps it."""

import pytest

from incidents.models import Allowance
from tests.conftest import Cast
from tests.factories import make_person
from tests.incidents.devices import make_allowance
from tests.incidents.pages import address, browser, main, title, words
from tests.incidents.views.test_incidents_queries import count, settled

LIST = 4


def typed(**changes: str) -> dict[str, str]:
    return {
        "kind": "phone",
        "whose": "",
        "whose_query": "mia",
        "ground": "walks_alone",
        "giver": "parent",
        "giver_name": "Ms Marlow",
        "given_on": "2026-11-17",
        "until": "",
        "note": "",
        **changes,
    }


def test_from_the_empty_register_to_what_was_taken_back(cast: Cast) -> None:
    pupil, client = make_person(school=cast.school, name="Mia Marlow"), browser(cast.administrator)
    register, target = address("allowance-list", cast.school), address("allowance-add", cast.school)
    assert "Nothing stands in the register yet." in main(client.get(register))
    assert "Mia Marlow" in main(client.post(target, typed(action="find")))
    page = client.post(target, typed(whose=str(pupil.pk)), follow=True)
    for stands in ("Mia Marlow", "walks home alone", "Ms Marlow", "Holds until it is taken back"):
        assert stands in words(page)

    row = Allowance.objects.get()
    line = address("allowance-detail", cast.school, allowance_id=row.pk)
    assert "Say who takes it back" in words(client.post(line, {"withdraw-withdrawn_on": "2026-11-17"}))
    client.post(line, {"withdraw-giver": "parent", "withdraw-withdrawn_on": "2026-11-17"})

    assert "Mia Marlow" not in main(client.get(register))
    assert "Taken back on 17 November 2026" in words(client.post(register, {"even_ended": "on"}))
    assert "Take it back" not in main(client.get(line))


def test_the_register_is_looked_through_by_kind_and_name_without_an_address_that_tells(cast: Cast) -> None:
    for name in ("Mia Marlow", "Tom Tree"):
        make_allowance(cast.school, by=cast.dsl, person=make_person(school=cast.school, name=name))
    client, target = browser(cast.dsl), address("allowance-list", cast.school)

    found = main(client.post(target, {"name": "mar"}))
    assert "Mia Marlow" in found
    assert "Tom Tree" not in found
    assert "Nothing like that stands" in main(client.post(target, {"kind": "photo_consent"}))
    assert "Choose one of these" in words(client.post(target, {"kind": "wizard"}))
    assert "Mia Marlow" in main(client.post(target, {"name": "ma\x00r"}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Say what it is"),
        ({"whose_query": ""}, "Say who it is"),
        ({}, "Press Find"),
        ({"giver": ""}, "Say who said so"),
        ({"given_on": ""}, "Say from which day"),
        ({"given_on": "2026-11-18"}, "That is in the future"),
    ],
)
def test_a_mistake_is_said(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    make_person(school=cast.school, name="Mia Marlow")
    page = browser(cast.dsl).post(address("allowance-add", cast.school), typed(**changes))

    assert sentence in words(page)
    assert title(page).startswith("Error: ")
    assert not Allowance.objects.exists()


def test_what_the_register_refuses_is_said(cast: Cast) -> None:
    pupil = make_person(school=cast.school, name="Mia Marlow", year_group="10")
    said = typed(kind="photo_consent", whose=str(pupil.pk))

    assert "agrees themselves" in words(browser(cast.dsl).post(address("allowance-add", cast.school), said))


def test_others_do_not_read_it(cast: Cast) -> None:
    row = make_allowance(cast.school, by=cast.dsl)
    pages = [
        address("allowance-list", cast.school),
        address("allowance-add", cast.school),
        address("allowance-detail", cast.school, allowance_id=row.pk),
    ]
    for name, code in (("teacher", 403), ("governor", 403), ("chair", 403), ("next_door_dsl", 404)):
        assert [browser(cast[name]).get(page).status_code for page in pages] == [code] * 3


def test_the_register_asks_as_often_for_many_as_for_one(cast: Cast) -> None:
    client, target = settled(browser(cast.dsl), cast), address("allowance-list", cast.school)
    counts = []
    for number in (1, 6):
        for _ in range(number):
            make_allowance(cast.school, by=cast.dsl)
        counts.append(count(lambda: client.get(target)))

    assert counts == [LIST, LIST]
