"""Closing with a second person, on the case page."""

import pytest

from incidents.models import Incident
from incidents.operations import ownership, workflow
from incidents.statuses import Level, Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle
from tests.incidents.pages import browser, case_address, main, words

SAID = {"close-outcome": "resolved", "close-reason": "Taken down; both families were told."}


@pytest.fixture
def case(cast: Cast) -> Incident:
    incident = make_incident(school=cast.school, by=cast.teacher)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.assign(incident=incident, owner=cast.dsl, by=cast.dsl, at=NOW)
    ownership.set_level(incident=incident, level=Level.HIGH, reason="It is grave.", by=cast.dsl, at=NOW)
    return incident


def test_what_is_open_stands_beside_the_disabled_button_with_a_link_to_each(cast: Cast, case: Incident) -> None:
    page = main(browser(cast.dsl).get(case_address("incident-detail", case)))

    assert 'id="close-case" disabled aria-describedby="close-case-reason"' in page
    assert "are still open. Do each, or decide against each, first." in page
    assert page.count('<li><a class="govuk-link" href="#duty-') > 1
    # Whoever presses it all the same is told the same.
    answer = browser(cast.dsl).post(case_address("closing-ask", case), SAID)
    assert "are still open." in words(answer)
    assert "Taken down; both families were told." in main(answer)


def test_one_asks_and_another_agrees(cast: Cast, case: Incident) -> None:
    settle(case, by=cast.dsl)
    dsl, deputy, page = browser(cast.dsl), browser(cast.deputy), case_address("incident-detail", case)
    shown = main(dsl.get(page))
    assert "Ask a second person to agree to closing" in shown
    assert "Our policy says nothing of it: this is how the system is set." in shown
    assert "Choose how the case ended." in words(dsl.post(case_address("closing-ask", case), {"close-reason": "x"}))

    assert dsl.post(case_address("closing-ask", case), SAID).status_code == 302
    assert "It waits for one of these to agree:" in main(dsl.get(page))
    assert "Next: say whether this case may be closed" not in main(dsl.get(page))
    assert "You asked for this yourself." in words(dsl.post(case_address("closing-agree", case)))
    asked = main(deputy.get(page))
    assert "Dora Safe asked" in asked
    assert "Next: say whether this case may be closed" in asked
    assert "Agree, and close the case" in asked
    assert deputy.post(case_address("closing-agree", case)).status_code == 302
    assert Incident.objects.get(pk=case.pk).closed_by == cast.deputy


def test_it_is_sent_back_with_what_has_to_happen_first(cast: Cast, case: Incident) -> None:
    settle(case, by=cast.dsl)
    dsl, deputy = browser(cast.dsl), browser(cast.deputy)
    dsl.post(case_address("closing-ask", case), SAID)

    empty = deputy.post(case_address("closing-decline", case), {"decline-reason": " "})
    assert "Write down the reason. It is kept with the case." in words(empty)
    answer = deputy.post(case_address("closing-decline", case), {"decline-reason": "Ring the father."})
    assert answer.status_code == 302
    # Whoever was slower is told, and keeps what was typed.
    late = deputy.post(case_address("closing-decline", case), {"decline-reason": "Typed with care."})
    assert "Nobody asks for this to be closed any more." in words(late)
    assert "Typed with care." in main(late)


@pytest.mark.parametrize("name", ["teacher", "head", "ict", "administrator", "governor", "next_door_dsl"])
def test_nobody_else_closes(cast: Cast, case: Incident, name: str) -> None:
    found = {
        browser(cast[name]).post(case_address(f"closing-{act}", case), SAID).status_code for act in ("ask", "agree")
    }

    assert found <= {403, 404}
