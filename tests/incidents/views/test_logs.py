"""The incident log and the blank form on paper."""

import pytest

from accounts.models import AuditEvent
from incidents.routes import About
from tests import paper
from tests.conftest import Cast
from tests.factories import alleged, make_incident, person_of
from tests.incidents.pages import address, browser, words
from tests.paper import needs_pdf

PERIOD = {"first": "2026-11-01", "last": "2026-11-30"}


@needs_pdf
def test_the_log_holds_what_its_reader_may_open_and_that_it_was_made_is_recorded(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher, narrative="A <b>message</b> frightened her.")
    adult = make_incident(
        school=cast.school, by=cast.teacher, about=About.ADULT, people=[alleged(person_of(cast.colleague, cast.school))]
    )

    answer = browser(cast.dsl).post(address("incident-log", cast.school), {**PERIOD, "as": "pdf"})

    assert answer["Content-Disposition"] == 'attachment; filename="incident-log.pdf"'
    said = " ".join(paper.words(answer.content).split())
    assert case.reference in said
    assert "A <b>message</b> frightened her." in said
    assert cast.teacher.full_name in said
    assert adult.reference not in said
    event = AuditEvent.objects.get(event="log.printed")
    assert event.data == {"first": "2026-11-01", "last": "2026-11-30", "lines": 1}
    page = words(browser(cast.dsl).post(address("incident-log", cast.school), {**PERIOD, "as": "page"}))
    assert case.reference in page


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ({"first": "", "last": "2026-11-30"}, "Say from which day."),
        ({"first": "2026-11-30", "last": "2026-11-01"}, "This is before the first day."),
        ({"first": "2020-11-30", "last": "2026-11-01"}, "That is more than a school year."),
    ],
)
def test_a_period_that_is_none_gets_a_sentence(cast: Cast, period: dict[str, str], said: str) -> None:
    assert said in words(browser(cast.dsl).post(address("incident-log", cast.school), period))
    assert not AuditEvent.objects.filter(event="log.printed").exists()


@needs_pdf
def test_the_blank_form_is_for_everybody_and_names_nobody(cast: Cast) -> None:
    page = words(browser(cast.teacher).get(address("paper-form", cast.school)))
    assert "call 999" in page
    assert cast.dsl.full_name not in page

    answer = browser(cast.teacher).post(address("paper-form", cast.school), {"as": "pdf"})

    assert "Write down a concern" in paper.words(answer.content)
    assert browser(cast.head).get(address("incident-log", cast.school)).status_code == 403
