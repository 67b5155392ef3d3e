"""Cases that few may see: who does what others cannot open, and what is true after people are moved along."""

import pytest

from policies.engine.evaluate import Decision
from policies.engine.obligations import Override
from policies.engine.vocabulary import Gate, Strength
from tests.policies.engine.builders import FLOOR, PARTNERSHIP, asked, decide, line, pack, reader, rule, the

READERS = (reader("dsl"), reader("deputy_dsl"))


def confined(*lines: object, alleged: list[str] | None = None, limit: str = "headteacher") -> Decision:
    rules = [rule(f"rule-{number}", one) for number, one in enumerate((line(f"restrict:{limit}"), *lines))]
    return decide(pack("a-school", *rules, roles=READERS), alleged=alleged or [])


def test_what_the_usual_readers_would_do_goes_to_whoever_may_see_the_case() -> None:
    decision = confined(line("do:delete_copies", owner="dsl"), line("do:debrief", owner="deputy_dsl"))

    assert the(decision, "do:delete_copies").owner == the(decision, "do:debrief").owner == "headteacher"


def test_being_told_stays_ones_own_and_so_does_the_work_of_those_who_never_read_cases() -> None:
    decision = confined(
        line("notify:dsl", owner="dsl"),
        line("acknowledge:dsl", owner="dsl"),
        line("do:block_access", owner="ict_technician"),
    )

    assert the(decision, "notify:dsl").owner == the(decision, "acknowledge:dsl").owner == "dsl"
    assert the(decision, "do:block_access").owner == "ict_technician"


def test_where_the_reader_may_see_the_case_nothing_moves() -> None:
    decision = confined(line("do:debrief", owner="dsl"), limit="dsl,headteacher")

    assert the(decision, "do:debrief").owner == "dsl"


def test_the_case_manager_moves_along_with_the_accusation() -> None:
    decision = confined(line("do:debrief", owner="dsl"), alleged=["headteacher"])

    assert decision.may_see == ("chair_of_governors",)
    assert the(decision, "do:debrief").owner == "chair_of_governors"


def test_whoever_does_an_accused_readers_work_may_see_it() -> None:
    decision = decide(pack("a-school", rule("a", line("do:debrief", owner="dsl")), roles=READERS), alleged=["dsl"])

    assert the(decision, "do:debrief").owner == "headteacher"
    assert decision.may_see == ("deputy_dsl", "headteacher")


@pytest.mark.parametrize("accused", ["dsl", "deputy_dsl", "headteacher", "online_safety_lead"])
def test_no_exception_is_made_where_the_one_who_makes_it_may_be_accused(accused: str) -> None:
    ban = line("forbid:view_imagery", exception="Only the DSL or a deputy")

    assert the(asked(ban, alleged=[accused]), "forbid:view_imagery").exception is None
    assert the(asked(ban, alleged=["pupil"]), "forbid:view_imagery").exception == "Only the DSL or a deputy"


def test_after_moving_the_schools_own_clause_is_cited_and_others_keep_their_own_times() -> None:
    floor = pack(
        "z-floor",
        rule("head", line("notify:headteacher", within="immediately", clause="f-1")),
        rule("chair", line("notify:chair_of_governors", clause="f-2")),
        layer=FLOOR,
    )
    school = pack("a-school", rule("head", line("notify:headteacher", clause="10.2-1")))

    told = the(decide(floor, school, alleged=["headteacher"]), "notify:chair_of_governors")

    assert (told.pack, told.clause, str(told.within), told.silent_in_policy) == (
        "a-school",
        "10.2-1",
        "immediately",
        False,
    )
    assert {(one.pack, one.clause, str(one.within) if one.within else None) for one in told.overrides} == {
        ("z-floor", "f-1", "immediately"),
        ("z-floor", "f-2", None),
    }
    assert Override("a-school", "10.2-1", Strength.MUST, told.within) not in told.overrides


def test_a_deed_ends_as_any_layer_says_and_a_ban_only_where_all_do() -> None:
    partnership = pack(
        "kent", rule("a", line("do:quarantine_device"), line("forbid:delete_evidence")), layer=PARTNERSHIP
    )
    school = pack(
        "a-school",
        rule(
            "a",
            line("do:quarantine_device", until=Gate.POLICE_ADVICE),
            line("forbid:delete_evidence", until=Gate.DELETION_CONFIRMED),
        ),
    )

    decision = decide(partnership, school)

    assert the(decision, "do:quarantine_device").until is Gate.POLICE_ADVICE
    assert the(decision, "forbid:delete_evidence").until is None


def test_what_the_police_ask_for_in_writing_is_excused_whoever_forbids_it() -> None:
    floor = pack("floor", rule("a", line("forbid:store_imagery", unless=Gate.POLICE_REQUEST)), layer=FLOOR)
    school = pack("a-school", rule("a", line("forbid:store_imagery")))

    assert the(decide(floor, school), "forbid:store_imagery").unless is Gate.POLICE_REQUEST
