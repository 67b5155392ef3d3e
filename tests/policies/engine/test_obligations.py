"""An obligation as JSON, and when it is due on a school's calendar."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from policies.engine.durations import Calendar, parse_within
from policies.engine.obligations import Override
from policies.engine.vocabulary import Gate, Strength
from tests.policies.engine.builders import line

CALENDAR = Calendar(ZoneInfo("Europe/London"), time(8), time(16))


def test_an_obligation_is_printed_as_the_contract_says() -> None:
    obligation = line(
        "consult:lado",
        owner="headteacher",
        within="1 working day",
        clause="10.2-2",
        pack="a-school",
        text="Ask the LADO.",
        why="always",
        overrides=(
            Override("a-floor", "4", Strength.MUST, parse_within("24h")),
            Override("a-partnership", "5", Strength.CONSIDER, None),
        ),
    )

    assert obligation.key == "consult:lado"
    assert obligation.as_json() == {
        "kind": "consult",
        "target": "lado",
        "any_of": [],
        "owner": "headteacher",
        "strength": "must",
        "within": "1 working day",
        "clause": "10.2-2",
        "pack": "a-school",
        "text": "Ask the LADO.",
        "why": "always",
        "after": None,
        "until": None,
        "unless": None,
        "exception": None,
        "evidence": None,
        "silent_in_policy": False,
        "overrides": [
            {"pack": "a-floor", "clause": "4", "strength": "must", "within": "24h"},
            {"pack": "a-partnership", "clause": "5", "strength": "consider", "within": None},
        ],
    }


def test_what_is_set_is_printed_in_words() -> None:
    printed = line(
        "forbid:store_imagery",
        any_of=("store_imagery", "copy_imagery"),
        after="consult:police",
        until=Gate.POLICE_ADVICE,
        unless=Gate.POLICE_REQUEST,
        exception="The DSL, in writing",
        evidence="A note",
        silent_in_policy=True,
    ).as_json()

    assert printed["strength"] == "must_not"
    assert printed["any_of"] == ["store_imagery", "copy_imagery"]
    assert [printed[word] for word in ("owner", "within", "after")] == [None, None, "consult:police"]
    assert [printed[word] for word in ("until", "unless")] == ["police_advice", "police_request"]
    assert [printed[word] for word in ("exception", "evidence")] == ["The DSL, in writing", "A note"]
    assert printed["silent_in_policy"] is True
    assert all(isinstance(word, str | list | bool | None) for word in printed.values())


def test_who_may_see_a_case_is_printed_as_a_list() -> None:
    assert line("restrict:dsl,headteacher").as_json()["target"] == ["dsl", "headteacher"]
    assert line("restrict:dsl").as_json()["target"] == ["dsl"]
    assert line("notify:dsl").as_json()["target"] == "dsl"


def test_the_same_with_another_time_stands_elsewhere() -> None:
    late = line("do:debrief", owner="dsl", within="10 days")
    earlier = line("do:log_change", within="24h")
    assert sorted([late, earlier], key=lambda one: one.order) == [earlier, late]

    soon = late.but(within=parse_within("1h"), owner=None)

    assert soon == line("do:debrief", within="1h")
    assert late == line("do:debrief", owner="dsl", within="10 days")
    assert sorted([soon, earlier], key=lambda one: one.order) == [soon, earlier]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # On a Friday evening 24 hours are over before the next school day is; on a Monday morning the other way round.
        (datetime(2026, 11, 13, 18, 0, tzinfo=UTC), datetime(2026, 11, 14, 18, 0, tzinfo=UTC)),
        (datetime(2026, 11, 9, 9, 0, tzinfo=UTC), datetime(2026, 11, 9, 16, 0, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_the_earliest_moment_that_any_layer_asks_for(start: datetime, due: datetime) -> None:
    beside = (
        Override("a-floor", "4", Strength.MUST, parse_within("24h")),
        Override("a-floor", "5", Strength.MUST, None),
    )

    assert line("consult:lado", within="same school day", overrides=beside).due_at(start, CALENDAR) == due


def test_times_that_can_never_come_first_are_left_out() -> None:
    beside = tuple(Override("a-floor", "4", Strength.MUST, parse_within(time)) for time in ("48h", "2h", "10 days"))

    assert [str(time) for time in line("consult:lado", within="1h", overrides=beside).times] == ["1h", "10 days"]
    assert [str(time) for time in line("consult:lado", within="immediately", overrides=beside).times] == ["immediately"]
    assert line("consult:lado", overrides=beside).times == ()


def test_without_a_time_it_is_never_due() -> None:
    start = datetime(2026, 11, 13, 18, 0, tzinfo=UTC)

    assert line("consult:lado").due_at(start, CALENDAR) is None
    assert line("consult:lado", within="immediately").due_at(start, CALENDAR) == start
