"""What is forbidden until something is known holds back what is asked for, and somebody has to find out."""

from typing import Any

import pytest

from policies.engine.evaluate import Decision
from policies.engine.obligations import Obligation
from policies.engine.vocabulary import Gate, OwnerRole, Strength
from tests.policies.engine.builders import FLOOR, SCHOOL, asked, decide, keys, line, pack, rule, the

DELETE, CONFIRM = "do:delete_copies", "do:confirm_deletion_allowed"
EVIDENCE, SHARE = "forbid:delete_evidence", "forbid:share_beyond_school"
POLICE, OTHERS = "consult:police", "refer:other_setting_dsl"
MUST_NOT, CONSIDER = Strength.MUST_NOT, Strength.CONSIDER


def test_deleting_waits_until_it_is_confirmed_to_be_allowed() -> None:
    decision = asked(line(DELETE, owner="dsl"), line(EVIDENCE, until=Gate.DELETION_CONFIRMED, owner="everyone"))

    assert the(decision, DELETE).after == CONFIRM
    assert the(decision, DELETE).strength is Strength.MUST
    assert the(decision, EVIDENCE).until is Gate.DELETION_CONFIRMED
    assert the(decision, EVIDENCE).strength is MUST_NOT
    assert sorted(keys(decision)) == [CONFIRM, DELETE, EVIDENCE]


def test_the_gate_cites_the_clause_that_closed_it() -> None:
    ban = line(
        EVIDENCE,
        clause="11.2",
        why="it is serious",
        text="Keep everything.",
        within="immediately",
        until=Gate.DELETION_CONFIRMED,
        unless=Gate.POLICE_REQUEST,
        exception="The head",
        evidence="A note",
        any_of=("copy_imagery", "delete_evidence"),
        after="do:debrief",
        rule="evidence-is-kept",
    )
    delete = line(DELETE, clause="3", within="24h")

    alone = the(asked(delete, ban), CONFIRM)

    # By when what waits for it is due, and free of all that is said of the ban alone.
    assert alone == line(
        CONFIRM,
        owner="dsl",
        clause="11.2",
        pack="a-school",
        why="it is serious",
        within="24h",
        rule="evidence-is-kept",
    )
    beside = line(EVIDENCE, clause="9", until=Gate.DELETION_CONFIRMED)
    assert the(asked(delete, ban, beside), CONFIRM) == alone
    assert the(asked(delete, ban, beside), EVIDENCE).overrides != ()


@pytest.mark.parametrize(
    ("owner", "opens"),
    [("headteacher", "headteacher"), ("dpo", "dpo"), ("everyone", "dsl"), ("staff", "dsl"), ("reporter", "dsl")],
)
def test_a_gate_is_opened_by_somebody_who_can_decide(owner: str, opens: str) -> None:
    decision = asked(line(DELETE), line(EVIDENCE, owner=owner))

    assert the(decision, CONFIRM).owner is OwnerRole(opens)
    assert the(decision, EVIDENCE).owner is OwnerRole(owner)


@pytest.mark.parametrize(
    ("ban", "until", "held", "gate"),
    [
        (EVIDENCE, None, DELETE, CONFIRM),
        (EVIDENCE, Gate.DELETION_CONFIRMED, DELETE, CONFIRM),
        (EVIDENCE, Gate.POLICE_ADVICE, DELETE, POLICE),
        (EVIDENCE, Gate.POLICE_REQUEST, DELETE, CONFIRM),
        (SHARE, None, OTHERS, POLICE),
        (SHARE, None, "consult:other_setting_dsl", POLICE),
        (SHARE, Gate.POLICE_ADVICE, OTHERS, POLICE),
        (SHARE, Gate.DELETION_CONFIRMED, OTHERS, CONFIRM),
        (SHARE, Gate.PARENTS_UNSAFE_TO_TELL, OTHERS, POLICE),
    ],
)
def test_each_ban_holds_back_what_it_is_about(ban: str, until: Gate | None, held: str, gate: str) -> None:
    decision = asked(line(held), line(ban, until=until))

    assert the(decision, held).after == gate
    assert the(decision, gate).strength is Strength.MUST
    assert len(decision.obligations) == 3


def test_a_ban_holds_back_everything_it_is_about() -> None:
    decision = asked(line(OTHERS), line("consult:other_setting_dsl"), line(SHARE))

    assert {the(decision, key).after for key in (OTHERS, "consult:other_setting_dsl")} == {POLICE}


@pytest.mark.parametrize("other", ["do:block_access", "refer:childrens_social_care", CONFIRM])
def test_what_a_ban_is_not_about_does_not_wait(other: str) -> None:
    decision = asked(line(other), line(EVIDENCE), line(SHARE))

    assert the(decision, other).after is None
    assert sorted(keys(decision)) == sorted([other, EVIDENCE, SHARE])


def test_what_waits_for_something_else_waits_for_the_gate_instead() -> None:
    decision = asked(line(DELETE, after="consult:lado"), line(EVIDENCE), line("consult:lado"))

    assert the(decision, DELETE).after == CONFIRM


def test_nothing_waits_for_itself() -> None:
    decision = asked(line(POLICE), line(POLICE, strength=MUST_NOT, until=Gate.POLICE_ADVICE))

    assert [(one.key, one.after) for one in decision.obligations] == [(POLICE, None)] * 2


@pytest.mark.parametrize("asks", [line(CONFIRM, strength=CONSIDER), line("do:debrief")])
@pytest.mark.parametrize("strength", [Strength.MUST, CONSIDER])
def test_a_gate_binds_as_much_as_what_waits_behind_it(strength: Strength, asks: Obligation) -> None:
    decision = asked(line(DELETE, strength=strength), line(EVIDENCE), asks)

    assert the(decision, CONFIRM).strength is strength


def test_a_gate_that_binds_more_than_what_waits_behind_it_is_not_loosened() -> None:
    decision = asked(line(DELETE, strength=CONSIDER), line(EVIDENCE), line(CONFIRM))

    assert the(decision, CONFIRM).strength is Strength.MUST


def test_a_gate_that_a_rule_asks_for_is_that_rules() -> None:
    gate = line(CONFIRM, owner="headteacher", within="24h", clause="8")

    assert the(asked(line(DELETE), line(EVIDENCE), gate), CONFIRM) == line(
        CONFIRM, owner="headteacher", within="24h", clause="8", pack="a-school"
    )


def test_the_same_thing_asked_for_and_forbidden_stands_twice_and_waits() -> None:
    key = "inform_parents:parents"
    decision = asked(line(key), line(key, strength=MUST_NOT, until=Gate.POLICE_ADVICE))

    must_not, must = [one for one in decision.obligations if one.key == key]
    assert (must_not.strength, must.strength) == (MUST_NOT, Strength.MUST)
    assert (must_not.after, must.after) == (None, POLICE)
    assert the(decision, POLICE).strength is Strength.MUST


def test_a_ban_without_a_gate_drops_nothing() -> None:
    key = "inform_parents:parents"
    decision = asked(line(key), line(key, strength=MUST_NOT))

    assert [(one.strength, one.after) for one in decision.obligations] == [(MUST_NOT, None), (Strength.MUST, None)]


def test_a_layer_cannot_lift_what_another_forbids() -> None:
    floor = pack("a-floor", rule("ban", line(EVIDENCE, until=Gate.DELETION_CONFIRMED)), layer=FLOOR)
    school = pack("a-school", rule("delete", line(DELETE, owner="ict_technician", within="24h")), layer=SCHOOL)

    decision = decide(school, floor)

    assert the(decision, EVIDENCE).silent_in_policy
    assert the(decision, DELETE).after == CONFIRM
    assert not the(decision, DELETE).silent_in_policy
    assert (the(decision, CONFIRM).pack, the(decision, CONFIRM).silent_in_policy) == ("a-floor", True)


def waiting(**given: Any) -> Decision:
    fields = {"after": POLICE, "owner": "headteacher", "clause": "5", "text": "Say it.", "within": "24h"}
    return asked(line("inform_parents:parents", **(fields | given)))


@pytest.mark.parametrize("strength", [Strength.MUST, CONSIDER])
def test_what_waits_for_something_nobody_asks_for_brings_it_along(strength: Strength) -> None:
    decision = waiting(strength=strength)

    assert the(decision, POLICE) == line(
        POLICE, owner="headteacher", clause="5", pack="a-school", within="24h", strength=strength
    )
    assert the(decision, "inform_parents:parents").after == POLICE


def test_what_waits_for_something_that_is_asked_for_adds_nothing() -> None:
    decision = asked(line("inform_parents:parents", after=POLICE), line(POLICE, clause="9", within="1h"))

    assert (the(decision, POLICE).clause, str(the(decision, POLICE).within)) == ("9", "1h")
    assert len(decision.obligations) == 2


def test_what_must_be_done_after_something_makes_that_a_must() -> None:
    decision = asked(line("inform_parents:parents", after=POLICE), line(POLICE, clause="9", strength=CONSIDER))

    assert (the(decision, POLICE).clause, the(decision, POLICE).strength) == ("9", Strength.MUST)


def test_so_it_does_with_whatever_that_waits_for_itself() -> None:
    steps = [
        line("do:debrief", after="do:verify_fix"),
        line("do:log_change", strength=CONSIDER),
        line("do:verify_fix", after="do:log_change", strength=CONSIDER),
    ]

    assert {one.strength for one in asked(*steps).obligations} == {Strength.MUST}


def test_what_a_firmer_gate_waits_for_is_brought_along_in_its_name() -> None:
    decision = asked(
        line("do:debrief", after="do:log_change", clause="1"),
        line("do:log_change", after="do:verify_fix", clause="2", strength=CONSIDER, owner="bursar"),
    )

    assert the(decision, "do:verify_fix") == line("do:verify_fix", clause="2", pack="a-school", owner="bursar")


def test_things_that_wait_for_each_other_have_an_answer() -> None:
    decision = asked(line("do:debrief", after="do:verify_fix"), line("do:verify_fix", after="do:debrief"))

    assert [one.after for one in decision.obligations] == ["do:verify_fix", "do:debrief"]


def test_every_gate_that_a_layer_names_is_opened() -> None:
    key = "inform_parents:parents"
    floor = pack("a-floor", rule("a", line(key, after=POLICE)), layer=FLOOR)
    school = pack("a-school", rule("b", line(key, after=CONFIRM, strength=CONSIDER)))

    decision = decide(floor, school)

    assert the(decision, key).after == POLICE
    assert [the(decision, gate).strength for gate in (POLICE, CONFIRM)] == [Strength.MUST] * 2


def test_every_gate_of_what_is_forbidden_twice_is_opened() -> None:
    floor = pack("a-floor", rule("a", line(OTHERS), line(SHARE, until=Gate.DELETION_CONFIRMED)), layer=FLOOR)
    school = pack("a-school", rule("b", line(SHARE, until=Gate.POLICE_ADVICE)))

    decision = decide(floor, school)

    # The floor's end is the one that stays.
    assert the(decision, SHARE).until is Gate.DELETION_CONFIRMED
    assert the(decision, OTHERS).after == CONFIRM
    assert {POLICE, CONFIRM} <= set(keys(decision))


def test_a_ban_is_not_put_off() -> None:
    decision = asked(line(EVIDENCE, after=POLICE))

    assert keys(decision) == [EVIDENCE]


@pytest.mark.parametrize("order", [1, -1])
def test_two_bans_on_one_thing_give_one_answer_in_whatever_order(order: int) -> None:
    lines = [
        line(DELETE),
        line(EVIDENCE, until=Gate.DELETION_CONFIRMED),
        line(DELETE, strength=MUST_NOT, until=Gate.POLICE_ADVICE),
    ]

    decision = asked(*lines[::order])

    assert the_must(decision).after == CONFIRM
    assert {POLICE, CONFIRM} <= set(keys(decision))


def the_must(decision: Decision) -> Any:
    return next(one for one in decision.obligations if one.key == DELETE and one.strength is Strength.MUST)
