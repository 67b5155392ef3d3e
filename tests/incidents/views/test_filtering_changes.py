"""The log of changes: who reads it, who writes it, who consents."""

import re

import pytest

from accounts.roles import Role
from incidents.models import FilteringChange
from incidents.operations import filtering_changes
from policies.operations import adoptions
from tests.conftest import Cast
from tests.factories import NOW, make_member
from tests.incidents.pages import address, browser, words

SENT = {"what": "Opened a domain.", "why": "Maths.", "risk": "Adverts."}


def make_change(cast: Cast) -> FilteringChange:
    return filtering_changes.log(school=cast.school, by=cast.ict, at=NOW, **SENT)


def answered(change: FilteringChange, answer: str, said: str = "") -> dict[str, str]:
    return {f"{change.pk}-answer": answer, f"{change.pk}-words": said}


@pytest.mark.parametrize(
    ("who", "code"), [("ict", 302), ("dsl", 403), ("head", 403), ("teacher", 403), ("next_door_dsl", 404)]
)
def test_ict_writes_it(cast: Cast, who: str, code: int) -> None:
    answer = browser(cast[who]).post(address("filtering-change-add", cast.school), SENT)

    assert (answer.status_code, FilteringChange.objects.exists()) == (code, code == 302)


@pytest.mark.parametrize(
    ("who", "code"), [("ict", 200), ("dsl", 200), ("head", 200), ("teacher", 403), ("governor", 403)]
)
def test_who_reads_it(cast: Cast, who: str, code: int) -> None:
    make_change(cast)

    page = browser(cast[who]).get(address("filtering-change-list", cast.school))

    assert page.status_code == code
    assert code == 403 or "Waiting for consent" in words(page)


@pytest.mark.parametrize(("who", "may"), [("head", True), ("senior", True), ("ict", False), ("dsl", False)])
def test_leadership_consents_and_nobody_else(cast: Cast, who: str, may: bool) -> None:
    change = make_change(cast)
    user = make_member(school=cast.school, role=Role.SLT, name="Sam Senior") if who == "senior" else cast[who]
    client = browser(user)
    assert ("Next: your answer" in words(client.get(address("filtering-change-list", cast.school)))) is may

    answer = client.post(
        address("filtering-change-answer", cast.school, change_id=change.pk), answered(change, "agreed")
    )

    change.refresh_from_db()
    assert (answer.status_code, change.is_agreed) == ((302, True) if may else (403, None))
    if may:
        page = words(client.get(address("filtering-change-list", cast.school)))
        assert "Senior leader" in page or "Headteacher" in page
        assert "No change waits for consent." in page


def test_no_needs_a_reason_and_keeps_what_was_typed(cast: Cast) -> None:
    change, other = make_change(cast), make_change(cast)
    url = address("filtering-change-answer", cast.school, change_id=change.pk)
    client = browser(cast.head)

    answer = client.post(url, answered(change, "declined"))

    assert "Write down why the change is to be taken back." in words(answer)
    client.post(url, answered(change, "declined", "Too wide."))
    page = words(client.get(address("filtering-change-list", cast.school)))
    assert "to be taken back" in page
    assert "Too wide." in page
    other.refresh_from_db()
    assert other.answered_at is None


def test_a_change_of_another_school_is_not_there(cast: Cast) -> None:
    change = filtering_changes.log(school=cast.next_door, by=cast.next_door_dsl, at=NOW, **SENT)

    url = address("filtering-change-answer", cast.school, change_id=change.pk)

    assert browser(cast.head).post(url, answered(change, "agreed")).status_code == 404


def test_what_is_missing_is_said(cast: Cast) -> None:
    answer = browser(cast.ict).post(address("filtering-change-add", cast.school), {**SENT, "risk": ""})

    assert "what the change may do to others" in words(answer)
    assert "Opened a domain." in words(answer)


def test_the_clauses_that_ask_for_it_are_cited(cast: Cast) -> None:
    assert "Asked for by" in words(browser(cast.ict).get(address("filtering-change-list", cast.school)))
    adoptions.adopt(
        school=cast.school, pack_id="shipbourne-2018", starts_on=NOW.date(), at=NOW, by=cast.head, note="Approved"
    )

    page = browser(cast.ict).get(address("filtering-change-list", cast.school))

    assert "clauses 7.3.1-2, 7.3.1-4" in re.sub(r"<[^>]*>", "", words(page))
