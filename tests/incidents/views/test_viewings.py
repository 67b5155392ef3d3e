"""The page on which it is recorded why an image was viewed."""

import uuid

import pytest

from incidents.models import ViewingRecord
from incidents.routes import About
from tests.conftest import Cast
from tests.incidents.operations.test_referrals import case_of, follow
from tests.incidents.pages import browser, case_address, main, title, words

WHY = "It could not be told whether she is in danger."


def typed(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "viewing_id": str(uuid.uuid4()),
        "why": WHY,
        "tried": "She was asked.",
        "decider": str(cast.dsl.pk),
        "viewed_by": str(cast.dsl.pk),
        "present": str(cast.deputy.pk),
        "viewed_date": "2026-11-17",
        "viewed_time": "08:00",
        "place": "Office",
        **changes,
    }


def test_what_must_not_be_done_stands_before_the_form_and_the_record_on_the_case(cast: Cast) -> None:
    follow(cast, "shipbourne-2018")
    incident, client = case_of(cast, types=("nudes",)), browser(cast.dsl)
    target = case_address("viewing-add", incident)
    page = main(client.get(target))
    assert page.index("Do not view the image") < page.index("Why could it not be avoided?")
    assert "11.2-6.1" in page

    done = client.post(target, typed(cast), follow=True)

    assert WHY in main(done)
    assert "with <bdi>Dennis Deputy" in main(done)
    assert ViewingRecord.objects.get().viewed_by == cast.dsl


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"why": ""}, "why it could not be avoided"),
        ({"tried": " "}, "what was tried before"),
        ({"present": ""}, "Name the second person"),
        ({"decider": ""}, "Choose who decided"),
        ({"viewed_date": "2026-11-18"}, "That is in the future"),
    ],
)
def test_a_mistake_is_said(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    page = browser(cast.dsl).post(case_address("viewing-add", case_of(cast)), typed(cast, **changes))

    assert sentence in words(page)
    assert title(page).startswith("Error: ")
    assert not ViewingRecord.objects.exists()


def test_the_second_person_is_another(cast: Cast) -> None:
    said = typed(cast, present=str(cast.dsl.pk))

    assert "is somebody else" in words(browser(cast.dsl).post(case_address("viewing-add", case_of(cast)), said))


def test_nobody_but_those_who_handle_the_case(cast: Cast) -> None:
    child, adult = case_of(cast), case_of(cast, about=About.ADULT)
    for incident, names in (
        (child, {"teacher": 403, "ict": 403, "governor": 403, "head": 404, "chair": 404, "next_door_dsl": 404}),
        (adult, {"dsl": 404, "deputy": 404, "colleague": 403, "chair": 404}),
    ):
        for name, code in names.items():
            answer = browser(cast[name]).post(case_address("viewing-add", incident), typed(cast))
            assert answer.status_code == code, name
    assert not ViewingRecord.objects.exists()
