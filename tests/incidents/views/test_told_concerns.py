"""The pages of what was told and is not written up: who sees them, and what each is shown."""

import pytest

from accounts.models import AuditEvent
from incidents.models import ConcernDraft, Incident, ToldConcern
from incidents.operations import told_concerns as operations
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_told_concerns import send as send_from
from tests.incidents.operations.test_told_concerns import told
from tests.incidents.pages import address, browser, main, send, title, typed, value_of, words

NOTED = {"writer": "me", "aware_date": "2026-11-17", "aware_time": "08:00", "memory": ""}
MEMORY = "Rang at noon from the bus"


def _at(name: str, row: ToldConcern) -> str:
    return address(name, row.school, told_id=row.pk)


def test_a_dsl_notes_that_somebody_has_to_write_and_they_do(cast: Cast) -> None:
    dsl, teacher = browser(cast.dsl), browser(cast.teacher)

    answer = dsl.post(
        address("told-concern-add", cast.school), {**NOTED, "writer": str(cast.teacher.pk), "memory": MEMORY}
    )
    row = ToldConcern.objects.get()
    assert answer["Location"] == _at("told-concern-detail", row)
    assert (row.writer, row.opened_by, row.memory) == (cast.teacher, cast.dsl, MEMORY)
    home = words(teacher.get(address("school-home", cast.school)))
    assert "You were told: write it up" in home
    assert "due in 23 h 35 min" in home

    form = teacher.post(_at("told-concern-write", row), follow=True)
    assert (value_of(form, "aware_date"), value_of(form, "aware_time")) == ("2026-11-17", "08:00")
    sent = send(teacher, cast.school, typed(aware_time="08:00"), draft_id=row.draft_id)
    assert sent.status_code == 302
    row.refresh_from_db()
    assert row.state == State.DONE
    assert Incident.objects.get().draft_id == row.draft_id
    assert "You were told" not in words(teacher.get(address("school-home", cast.school)))


def test_a_member_of_staff_notes_it_for_themselves_alone(cast: Cast) -> None:
    client = browser(cast.teacher)
    page = client.get(address("told-concern-add", cast.school))
    assert "Who has to write it up?" not in words(page)

    client.post(address("told-concern-add", cast.school), {**NOTED, "writer": str(cast.colleague.pk)})

    assert ToldConcern.objects.get().writer == cast.teacher


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"writer": ""}, "Choose who has to write it up"),
        ({"aware_date": "2027-01-01"}, "That is in the future"),
        ({"aware_time": ""}, "Say at what time they found out"),
        ({"memory": "x" * 301}, "1 letters too long"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(cast: Cast, sent: dict[str, str], sentence: str) -> None:
    page = browser(cast.dsl).post(address("told-concern-add", cast.school), {**NOTED, "memory": MEMORY} | sent)

    assert sentence in words(page)
    assert title(page).startswith("Error: Told but not written")
    assert not ToldConcern.objects.exists()
    if "memory" not in sent:
        assert value_of(page, "memory") == MEMORY


def test_somebody_from_next_door_is_not_in_the_list(cast: Cast) -> None:
    client = browser(cast.dsl)

    page = client.get(address("told-concern-add", cast.school))
    refused = client.post(address("told-concern-add", cast.school), {**NOTED, "writer": str(cast.next_door_teacher.pk)})

    assert "Nils Next" not in words(page)
    assert "Choose somebody in the list" in words(refused)
    assert not ToldConcern.objects.exists()


def test_the_line_for_ones_own_memory_is_for_nobody_else(cast: Cast) -> None:
    row = told(cast, memory=MEMORY)

    shown = {name for name in ("dsl", "deputy", "teacher") if MEMORY in words(browser(cast[name]).get(_at("told-concern-detail", row)))}  # noqa: E501  # fmt: skip

    assert shown == {"dsl"}
    assert not AuditEvent.objects.filter(summary__contains=MEMORY).exists()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("teacher", {"detail": 200, "write": 302, "remind": 403, "withdraw": 200}),
        ("dsl", {"detail": 200, "write": 404, "remind": 302, "withdraw": 200}),
        ("deputy", {"detail": 200, "write": 404, "remind": 302, "withdraw": 200}),
        ("colleague", {"detail": 404, "write": 404, "remind": 403, "withdraw": 404}),
        ("head", {"detail": 404, "write": 404, "remind": 403, "withdraw": 404}),
        ("next_door_dsl", {"detail": 404, "write": 404, "remind": 404, "withdraw": 404}),
    ],
)
def test_each_gets_the_answer_that_is_theirs(cast: Cast, name: str, codes: dict[str, int]) -> None:
    row, client = told(cast), browser(cast[name])

    got = {
        verb: (client.get if verb == "detail" else client.post)(_at(f"told-concern-{verb}", row)).status_code
        for verb in codes
    }

    assert got == codes
    assert ConcernDraft.objects.exists() is (name == "teacher")
    assert ToldConcern.objects.get().state == State.OPEN


def test_how_its_writer_ended_it_shows_to_nobody_else(cast: Cast) -> None:
    """A concern about the DSL themselves leaves the same trace for them as none at all."""
    written, dropped = told(cast), told(cast)
    send_from(cast, written.draft_id)
    operations.withdraw(told=dropped, by=cast.teacher, at=NOW, reason="There was nothing to it.")
    client = browser(cast.dsl)

    pages = [main(client.get(_at("told-concern-detail", row))) for row in (written, dropped)]

    assert pages[0] == pages[1]
    assert "Nothing is waited for here any more" in pages[0]
    own = browser(cast.teacher)
    assert "You wrote this up" in words(own.get(_at("told-concern-detail", written)))
    assert "There was nothing to it." in words(own.get(_at("told-concern-detail", dropped)))


def test_why_the_team_waits_no_longer_is_said_to_its_writer(cast: Cast) -> None:
    row = told(cast)

    browser(cast.deputy).post(_at("told-concern-withdraw", row), {"reason": "It is in another concern."})

    for name in ("teacher", "dsl"):
        assert "It is in another concern." in words(browser(cast[name]).get(_at("told-concern-detail", row)))
    assert "Nothing waits to be written up" in words(browser(cast.dsl).get(address("told-concern-list", cast.school)))


def test_the_team_sees_on_their_day_who_has_to_write(cast: Cast) -> None:
    told(cast)

    assert "Tessa Teacher</bdi></a> has known since today 7:25" in words(
        browser(cast.dsl).get(address("school-home", cast.school))
    )
    assert "Tessa Teacher</bdi>" not in words(browser(cast.head).get(address("school-home", cast.school)))
