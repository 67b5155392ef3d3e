"""From packs and facts to a decision: which rules fire, how layers unite, who may see, who is told, in what order."""

import pytest

from policies.engine.conditions import All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not
from policies.engine.durations import parse_within
from policies.engine.evaluate import evaluate
from policies.engine.facts import IncidentFacts
from policies.engine.packs import EscalationStep, Pack
from policies.engine.vocabulary import Gate, IncidentType, Strength
from tests.policies.engine.builders import (
    FLOOR,
    PARTNERSHIP,
    SCHOOL,
    asked,
    decide,
    facts,
    keys,
    line,
    pack,
    reader,
    rule,
    the,
)

NUDES, IIOC, SCAM = IncidentType.NUDES, IncidentType.IIOC, IncidentType.SCAM
SERIOUS = Equals("serious", True)


def of(*types: IncidentType) -> Condition:
    return AnyOf("types", frozenset(types))


def fires(when: Condition, known: IncidentFacts) -> bool:
    return bool(evaluate([pack("a-school", rule("only", line("do:debrief"), when=when))], known).obligations)


@pytest.mark.parametrize(
    ("when", "types", "serious", "answer"),
    [
        (Equals("types", NUDES), [NUDES], None, True),
        (Equals("types", NUDES), [NUDES, SCAM], None, True),
        (Equals("types", NUDES), [SCAM], None, False),
        (of(NUDES, IIOC), [IIOC], None, True),
        (of(NUDES, IIOC), [NUDES, IIOC], None, True),
        (of(), [NUDES], None, False),
        (AllOf("types", frozenset({NUDES, IIOC})), [NUDES, IIOC], None, True),
        (AllOf("types", frozenset({NUDES, IIOC})), [IIOC], None, False),
        (AllOf("types", frozenset()), [SCAM], None, True),
        (AllOf("types", frozenset()), [], None, True),
        (AtLeast("types", 1), [SCAM], None, True),
        (AtLeast("types", 1), [], None, False),
        (SERIOUS, [], True, True),
        (SERIOUS, [SCAM], None, False),
        (All((of(NUDES), SERIOUS)), [NUDES], True, True),
        (All((of(NUDES), SERIOUS)), [NUDES], None, False),
        (All((SERIOUS, of(NUDES))), [SCAM], True, False),
        (All((of(NUDES, SCAM), of(SCAM))), [SCAM], None, True),
        (All((of(NUDES, SCAM), of(SCAM, IIOC))), [SCAM], None, True),
        (All((of(NUDES), of(SCAM))), [SCAM, NUDES], None, True),
        (All((of(NUDES), of(SCAM))), [SCAM], None, False),
        (AnyPart((of(NUDES), SERIOUS)), [], True, True),
        (AnyPart((SERIOUS, of(NUDES))), [NUDES], None, True),
        (AnyPart((of(NUDES), Equals("types", IIOC))), [IIOC], None, True),
        (AnyPart((of(NUDES), Equals("types", IIOC))), [NUDES], None, True),
        (AnyPart((of(NUDES), Equals("types", IIOC))), [SCAM], True, False),
        (AnyPart(()), [SCAM], True, False),
        (AnyPart((All((of(NUDES), SERIOUS)), of(SCAM))), [SCAM], None, True),
        (Not(of(NUDES)), [SCAM], None, True),
        (Not(of(NUDES)), [], None, True),
        (Not(of(NUDES)), [NUDES, SCAM], None, False),
        (All((Not(of(NUDES)), of(SCAM))), [SCAM], None, True),
        (All(()), [], None, True),
    ],
)
def test_a_rule_fires_when_its_condition_is_met(
    when: Condition, types: list[IncidentType], serious: bool | None, answer: bool
) -> None:
    assert fires(when, IncidentFacts(types=frozenset(types), serious=serious)) is answer


def test_a_rule_that_is_found_by_two_types_asks_once() -> None:
    found = decide(pack("a-school", rule("one", line("do:debrief"), when=of(NUDES, IIOC))), types=["nudes", "iioc"])

    assert keys(found) == ["do:debrief"]
    assert the(found, "do:debrief").overrides == ()


def test_all_lines_of_a_rule_are_asked_for() -> None:
    found = decide(pack("a-school", rule("one", line("do:debrief"), line("notify:dsl"), line("notify:slt"))))

    assert sorted(keys(found)) == ["do:debrief", "notify:dsl", "notify:slt"]


def test_no_packs_and_no_rules_ask_for_nothing() -> None:
    assert evaluate([], facts()).obligations == ()
    assert [role.value for role in evaluate([], facts()).may_see] == ["headteacher"]
    assert decide(pack("a-school")).obligations == ()


def layered() -> list[Pack]:
    floor = pack("a-floor", rule("a", line("consult:lado", owner="headteacher", within="1 working day")), layer=FLOOR)
    partners = pack("partners", rule("b", line("consult:lado", within="24h"), line("notify:dsl")), layer=PARTNERSHIP)
    school = pack("a-school", rule("c", line("consult:lado", owner="dsl", within="5 days", clause="9")))
    return [floor, partners, school]


@pytest.mark.parametrize("order", [1, -1])
def test_layers_unite_and_the_stricter_wins(order: int) -> None:
    found = evaluate(layered()[::order], facts())

    assert found.layers == ("a-floor", "partners", "a-school")
    lado = the(found, "consult:lado")
    assert (lado.pack, str(lado.within), lado.owner) == ("partners", "24h", "dsl")
    assert [(beside.pack, beside.clause) for beside in lado.overrides] == [("a-floor", "1"), ("a-school", "9")]
    assert (lado.silent_in_policy, the(found, "notify:dsl").silent_in_policy) == (False, True)


def test_without_a_schools_own_pack_no_policy_is_silent() -> None:
    found = evaluate(layered()[:2], facts())

    assert not any(one.silent_in_policy for one in found.obligations)


def test_the_same_packs_twice_are_the_same_packs() -> None:
    packs = layered()

    assert evaluate([*packs, *packs], facts()) == evaluate(packs, facts())
    # Read a second time they are other objects, with the same content.
    assert evaluate([*packs, *layered()], facts()) == evaluate(packs, facts())


def test_two_editions_of_a_policy_are_put_in_order() -> None:
    old = pack("a-school", rule("a", line("do:debrief")), edition="2018-09", roles=(reader("dsl"),))
    new = pack("a-school", rule("a", line("do:debrief")), edition="2026-09", roles=(reader("dsl", "report.read"),))
    pairs = [[old, new], [new, old]]

    # The later one is the nearer one.
    assert [evaluate(pair, facts()).may_see for pair in pairs] == [("headteacher",)] * 2
    assert [evaluate(pair, facts()).layers for pair in pairs] == [("a-school",)] * 2


def test_packs_alike_in_all_but_their_text_are_put_in_order() -> None:
    roles = [(reader("dsl"),), (reader("dsl", "report.read"),)]
    packs = [pack("a-school", roles=one, content_hash=str(number)) for number, one in enumerate(roles)]

    assert {evaluate(order, facts()).may_see for order in (packs, packs[::-1])} == {("headteacher",)}


def test_rules_in_another_order_ask_for_the_same() -> None:
    rules = [
        rule("b", line("notify:dsl", owner="slt", text="Tell her.")),
        rule("a", line("notify:dsl", owner="dpo", text="Tell her.")),
    ]

    both = [decide(pack("a-school", *order)).obligations for order in (rules, rules[::-1])]

    assert both[0] == both[1]
    # Alike in all they say, the rule with the first name names the owner.
    assert the(decide(pack("a-school", *rules)), "notify:dsl").owner == "dpo"


def test_bans_come_first_then_what_is_due_first_then_the_stronger() -> None:
    found = asked(
        line("notify:slt"),
        line("do:debrief", strength=Strength.CONSIDER),
        line("notify:bursar"),
        line("consult:lado", within="1 working day"),
        line("refer:police_emergency", within="immediately"),
        line("do:block_access", within="immediately", strength=Strength.CONSIDER),
        line("consult:ceop", within="immediately"),
        line("forbid:view_imagery"),
        line("forbid:copy_imagery"),
        line("forbid:tell_subject", within="immediately"),
    )

    assert keys(found) == [
        "forbid:tell_subject",
        "forbid:copy_imagery",
        "forbid:view_imagery",
        "consult:ceop",
        "refer:police_emergency",
        "do:block_access",
        "consult:lado",
        "notify:bursar",
        "notify:slt",
        "do:debrief",
    ]


def test_who_reads_cases_may_see_it() -> None:
    roles = (reader("headteacher"), reader("dsl"), reader("governors", "report.read"))

    assert decide(pack("a-school", roles=roles)).may_see == ("dsl", "headteacher")


def test_the_nearest_pack_that_names_a_role_says_whether_it_reads() -> None:
    floor = pack("a-floor", layer=FLOOR, roles=(reader("dsl"), reader("headteacher"), reader("slt", "report.read")))
    school = pack("a-school", roles=(reader("headteacher", "report.read"), reader("slt"), reader("bursar")))

    assert decide(floor, school).may_see == decide(school, floor).may_see == ("bursar", "dsl", "slt")


@pytest.mark.parametrize(
    ("limits", "alleged", "may_see"),
    [
        (["headteacher"], [], ["headteacher"]),
        (["dsl,headteacher"], [], ["dsl", "headteacher"]),
        (["dsl,headteacher", "headteacher,slt"], [], ["headteacher"]),
        (["dsl", "slt"], [], ["headteacher"]),
        (["dsl", "slt"], ["headteacher"], ["chair_of_governors"]),
        (["headteacher"], ["headteacher"], ["chair_of_governors"]),
        (["dsl,headteacher"], ["dsl"], ["headteacher"]),
        (["dsl,slt"], ["dsl"], ["headteacher", "slt"]),
        ([], ["dsl"], ["headteacher", "slt"]),
        ([], ["dsl", "pupil"], ["headteacher", "slt"]),
        ([], ["pupil"], ["dsl", "slt"]),
        (["bursar"], [], ["bursar"]),
    ],
)
def test_limits_narrow_who_may_see_and_never_to_nobody(
    limits: list[str], alleged: list[str], may_see: list[str]
) -> None:
    rules = [rule(f"limit-{number}", line(f"restrict:{roles}")) for number, roles in enumerate(limits)]
    school = pack("a-school", *rules, roles=(reader("dsl"), reader("slt")))

    assert [role.value for role in decide(school, alleged=alleged).may_see] == may_see


@pytest.mark.parametrize(
    ("limit", "alleged", "owner", "told"),
    [
        (None, [], "dsl", "dsl"),
        ("headteacher", [], "headteacher", "dsl"),
        ("dsl,headteacher", [], "dsl", "dsl"),
        ("headteacher", ["headteacher"], "chair_of_governors", "dsl"),
        # Where the case manager cannot open it either, nobody is better placed.
        ("slt", [], "dsl", "dsl"),
    ],
)
def test_what_is_to_be_done_on_a_confined_case_is_done_by_somebody_who_can_open_it(
    limit: str | None, alleged: list[str], owner: str, told: str
) -> None:
    limits = [rule("limit", line(f"restrict:{limit}"))] if limit else []
    rules = [*limits, rule("do", line("do:debrief", owner="dsl"), line("notify:bursar", owner="dsl"))]
    found = decide(pack("a-school", *rules, roles=(reader("dsl"), reader("headteacher"))), alleged=alleged)

    assert (the(found, "do:debrief").owner, the(found, "notify:bursar").owner) == (owner, told)


def test_where_only_the_alleged_may_read_it_goes_to_the_next_along() -> None:
    school = pack("a-school", roles=(reader("headteacher"),))

    assert decide(school, alleged=["headteacher"]).may_see == ("chair_of_governors",)
    assert decide(school, alleged=["headteacher", "chair_of_governors"]).may_see == ("trust_safeguarding_lead",)


def test_a_role_of_its_own_reads_without_a_limit_only() -> None:
    school = pack("a-school", rule("limit", line("restrict:headteacher"), when=SERIOUS), roles=(reader("dsl"),))

    assert decide(school).may_see == ("dsl",)
    assert decide(school, serious=True).may_see == ("headteacher",)


def test_nothing_reaches_who_is_alleged() -> None:
    found = asked(
        line("notify:headteacher", owner="headteacher", within="24h", clause="1"),
        line("notify:dsl", within="immediately", clause="2", any_of=("deputy_dsl", "dsl")),
        line("consult:lado", owner="dsl"),
        alleged=["dsl"],
    )

    head = the(found, "notify:headteacher")
    assert keys(found) == ["notify:headteacher", "consult:lado"]
    assert (str(head.within), head.clause, head.text) == ("immediately", "2", "Tell the headteacher")
    assert head.any_of == ()
    assert [(beside.clause, str(beside.within)) for beside in head.overrides] == [("1", "24h")]
    assert the(found, "consult:lado").owner == "headteacher"


def test_what_moves_together_is_silent_only_if_all_of_it_is() -> None:
    floor = pack("a-floor", rule("a", line("notify:dsl"), line("notify:headteacher")), layer=FLOOR)
    school = pack("a-school", rule("b", line("notify:headteacher")))

    assert the(decide(floor, school, alleged=["dsl"]), "notify:headteacher").silent_in_policy is False
    assert the(decide(floor, pack("a-school"), alleged=["dsl"]), "notify:headteacher").silent_in_policy is True


def test_a_must_and_a_ban_that_meet_stay_two() -> None:
    found = asked(
        line("notify:dsl", strength=Strength.MUST_NOT), line("notify:dsl"), line("notify:headteacher"), alleged=["dsl"]
    )

    assert [(one.key, one.strength) for one in found.obligations] == [
        ("notify:dsl", Strength.MUST_NOT),
        ("notify:headteacher", Strength.MUST),
    ]


def test_lines_that_meet_where_one_moved_to_have_one_owner_in_whatever_order() -> None:
    alike = {"text": "Tell the headteacher"}
    lines = [line("notify:dsl", owner="slt", **alike), line("notify:headteacher", owner="bursar", **alike)]

    owners = {the(asked(*order, alleged=["dsl"]), "notify:headteacher").owner for order in (lines, lines[::-1])}

    assert owners == {"slt"}


def test_telling_parents_is_excused_where_a_parent_is_alleged() -> None:
    key, unsafe = "inform_parents:parents", Gate.PARENTS_UNSAFE_TO_TELL

    assert the(asked(line(key)), key).unless is None
    assert the(asked(line(key), alleged=["pupil"]), key).unless is None
    assert the(asked(line(key), alleged=["parent"]), key).unless is unsafe
    assert the(asked(line(key), alleged=["parent", "headteacher"]), key).unless is unsafe
    assert the(asked(line(key, unless=Gate.POLICE_ADVICE), alleged=["parent"]), key).unless is Gate.POLICE_ADVICE
    ban = line(key, strength=Strength.MUST_NOT)
    assert the(asked(ban, alleged=["parent"]), key).unless is None
    assert the(asked(line("do:debrief"), alleged=["parent"]), "do:debrief").unless is None


def escalating(*steps: tuple[str, str]) -> tuple[EscalationStep, ...]:
    return tuple(EscalationStep(parse_within(after) if after else None, notify) for after, notify in steps)


def test_the_nearest_pack_that_escalates_says_how() -> None:
    floor = pack("a-floor", layer=FLOOR, escalation=escalating(("", "owner_deputy")))
    partners = pack("partners", layer=PARTNERSHIP, escalation=escalating(("4h", "answers_to")))

    assert decide(floor, pack("a-school")).escalation == floor.escalation
    assert decide(floor, partners, pack("a-school")).escalation == partners.escalation
    assert decide(pack("a-school")).escalation == ()


def test_who_is_alleged_is_not_told_of_a_missed_duty_either() -> None:
    steps = escalating(("", "owner_deputy"), ("4h", "headteacher"), ("24h", "governors"))
    school = pack("a-school", escalation=steps)

    assert decide(school, alleged=["pupil"]).escalation == steps
    told = [step.notify for step in decide(school, alleged=["headteacher", "chair_of_governors"]).escalation]
    assert told == ["owner_deputy", "trust_safeguarding_lead", "trust_safeguarding_lead"]
    assert [str(step.after) for step in decide(school, alleged=["headteacher"]).escalation] == ["None", "4h", "24h"]


def test_a_decision_is_printed_as_the_contract_says() -> None:
    floor = pack("a-floor", layer=FLOOR)
    school = pack(
        "a-school",
        rule("a", line("notify:dsl", owner="reporter", within="immediately")),
        edition="2018-09",
        layer=SCHOOL,
        roles=(reader("headteacher"), reader("dsl")),
        escalation=escalating(("", "owner_deputy"), ("4h", "answers_to")),
    )

    decision = decide(floor, school)

    assert decision.as_json(school) == {
        "pack": "a-school",
        "edition": "2018-09",
        "layers": ["a-floor", "a-school"],
        "obligations": [the(decision, "notify:dsl").as_json()],
        "access": {"may_see": ["dsl", "headteacher"], "never": ["subject"]},
        "escalation": [{"after": "0h", "notify": "owner_deputy"}, {"after": "4h", "notify": "answers_to"}],
    }
    assert all(type(word) is str for word in decision.as_json(school)["access"]["may_see"])
