"""The lines of a rule's `then`: one thing asked for in each, in words that the engine knows."""

import pytest

from policies.engine.durations import Unit, Within
from policies.engine.vocabulary import Ban, Gate, Kind, OwnerRole, Strength
from policies.errors import PackInvalid
from policies.loading import parse_pack
from tests.policies.loading.sound import AGENCIES, DEEDS, FILE, HOLDERS, KINDS, ROLES, SOUND, Broken, broken

LINE = "{do: store_device_securely, owner: dsl, within: 24h}"
AT = "rules[nudes-device].then[0]"
_OPTIONS = "after, any_of, clause, evidence, exception, owner, strength, text, unless, until, within"
_DURATIONS = "Allowed: immediately, same school day, 24h (any number of hours), 1 working day, 5 school days, 10 days."
_GATES = ", ".join(Gate)
_STRENGTHS = "consider, must, must_not"


def demands(name: str, line: str, *said: str) -> Broken:
    return broken(name, LINE, line, *said)


BROKEN = [
    demands(
        "no kind",
        "{owner: dsl}",
        f"{AT}: must say exactly one of {KINDS}.",
        f"{AT}.do: cannot be nothing. Allowed: {DEEDS}.",
    ),
    demands(
        "two kinds",
        "{do: store_device_securely, notify: dsl}",
        f"{AT}: must say exactly one of {KINDS}.",
    ),
    demands(
        "a field nobody knows",
        "{do: store_device_securely, by: dsl}",
        f"{AT}: 'by' is not known here. Allowed: {KINDS.replace(', ', ', ')}, {_OPTIONS}.",
    ),
    demands("a deed that there is not", "{do: burn_device}", f"{AT}.do: cannot be 'burn_device'. Allowed: {DEEDS}."),
    demands(
        "a ban that there is not", "{forbid: gossip}", f"{AT}.forbid: cannot be 'gossip'. Allowed: {', '.join(Ban)}."
    ),
    demands("an agency that there is not", "{refer: fbi}", f"{AT}.refer: cannot be 'fbi'. Allowed: {AGENCIES}."),
    demands(
        "an agency told as if it were a role", "{notify: lado}", f"{AT}.notify: cannot be 'lado'. Allowed: {ROLES}."
    ),
    demands(
        "a role that there is not", "{notify: principal}", f"{AT}.notify: cannot be 'principal'. Allowed: {ROLES}."
    ),
    demands(
        "a record of something else", "{record: photograph}", f"{AT}.record: cannot be 'photograph'. Allowed: incident."
    ),
    demands(
        "parents in other words", "{inform_parents: both}", f"{AT}.inform_parents: cannot be 'both'. Allowed: parents."
    ),
    demands(
        "an owner that there is not",
        "{do: debrief, owner: caretaker}",
        f"{AT}.owner: cannot be 'caretaker'. Allowed: {ROLES}.",
    ),
    demands("two owners", "{do: debrief, owner: [dsl, slt]}", f"{AT}.owner: cannot be a list. Allowed: {ROLES}."),
    demands(
        "a strength that there is not",
        "{do: debrief, strength: should}",
        f"{AT}.strength: cannot be 'should'. Allowed: {_STRENGTHS}.",
    ),
    demands(
        "a list of strengths",
        "{do: debrief, strength: [must]}",
        f"{AT}.strength: cannot be a list. Allowed: {_STRENGTHS}.",
    ),
    demands(
        "a ban that is only to be considered",
        "{forbid: view_imagery, strength: consider}",
        f"{AT}.strength: must_not goes with forbid, and forbid with nothing else. Leave it out.",
    ),
    demands(
        "a must_not that is no ban",
        "{do: delete_copies, strength: must_not}",
        f"{AT}.strength: must_not goes with forbid, and forbid with nothing else. Leave it out.",
    ),
    demands("a time in words", "{do: debrief, within: soon}", f"{AT}.within: 'soon' is not a duration. {_DURATIONS}"),
    demands("a time of day", "{do: debrief, within: 12:30}", f"{AT}.within: '12:30' is not a duration. {_DURATIONS}"),
    demands(
        "a day without its kind",
        "{do: debrief, within: 1 week}",
        f"{AT}.within: '1 week' is not a duration. {_DURATIONS}",
    ),
    demands(
        "a time that is true", "{do: debrief, within: true}", f"{AT}.within: 'true' is not a duration. {_DURATIONS}"
    ),
    demands(
        "a clause that is not there",
        '{do: debrief, clause: "9-9"}',
        f"{AT}: cites the clause '9-9', which is not in this pack.",
    ),
    demands(
        "alternatives without the target",
        "{notify: dsl, any_of: [deputy_dsl, headteacher]}",
        f"{AT}.any_of: must be a list of two or more alternatives, 'dsl' among them.",
    ),
    demands(
        "one alternative",
        "{notify: dsl, any_of: [dsl, dsl]}",
        f"{AT}.any_of: must be a list of two or more alternatives, 'dsl' among them.",
    ),
    demands(
        "an alternative that there is not",
        "{consult: police, any_of: [police, dsl]}",
        f"{AT}.any_of: cannot hold 'dsl'. Allowed: {AGENCIES}.",
    ),
    demands(
        "an alternative that is no word",
        "{consult: police, any_of: [police, {refer: police}]}",
        f"{AT}.any_of: cannot hold fields and their values. Allowed: {AGENCIES}.",
    ),
    demands(
        "a restriction to nobody known",
        "{restrict: [dsl, matron]}",
        f"{AT}.restrict: cannot be 'matron'. Allowed: {HOLDERS}.",
    ),
    demands("a restriction to nobody", "{restrict: []}", f"{AT}.restrict: cannot be a list. Allowed: {HOLDERS}."),
    demands(
        "a restriction to who can hold no case",
        "{restrict: [dsl, governors]}",
        f"{AT}.restrict: cannot be 'governors'. Allowed: online_safety_lead, deputy_dsl, dsl, headteacher,"
        " chair_of_governors, trust_safeguarding_lead.",
    ),
    demands(
        "a long field nobody knows",
        f"{{do: store_device_securely, {'long' * 20}: dsl}}",
        f"{AT}: '{'long' * 15}'… is not known here. Allowed: {KINDS}, {_OPTIONS}.",
    ),
    demands(
        "a long time in words",
        f"{{do: debrief, within: {'soon' * 20}}}",
        f"{AT}.within: '{'soon' * 15}'… is not a duration. {_DURATIONS}",
    ),
    demands(
        "after something vague",
        "{do: delete_copies, after: the police}",
        f"{AT}.after: must be a kind and a target such as do:confirm_deletion_allowed, not 'the police'.",
    ),
    demands(
        "after a deed that there is not",
        "{do: delete_copies, after: 'do:tea'}",
        f"{AT}.after: must be a kind and a target such as do:confirm_deletion_allowed, not 'do:tea'.",
    ),
    demands(
        "until a gate that there is not",
        "{do: debrief, until: monday}",
        f"{AT}.until: cannot be 'monday'. Allowed: {_GATES}.",
    ),
    demands(
        "unless a gate that there is not",
        "{do: debrief, unless: busy}",
        f"{AT}.unless: cannot be 'busy'. Allowed: {_GATES}.",
    ),
    demands("words that are empty", "{do: debrief, text: '  '}", f"{AT}.text: must be words, not '  '."),
    demands(
        "words that are a list", "{do: debrief, evidence: [minutes]}", f"{AT}.evidence: must be words, not a list."
    ),
    demands(
        "an exception without words",
        "{forbid: view_imagery, exception: true}",
        f"{AT}.exception: must be words, not true.",
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_wrong_line_is_said_with_its_path(case: Broken) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(case.text, file=FILE)

    assert [f"{fault.path}: {fault.sentence}" for fault in refused.value.faults] == case.said


def test_a_rule_without_a_clause_says_so_once() -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(SOUND.replace('  - id: nudes-device\n    clause: "2-3"\n', "  - id: nudes-device\n"), file=FILE)

    assert [fault.path for fault in refused.value.faults if "cites no clause" in fault.sentence] == [
        "rules[nudes-device]"
    ]


def test_a_line_is_read_as_it_is_written() -> None:
    told, stored, limited, deleted = (line for rule in parse_pack(SOUND, file=FILE).rules for line in rule.then)

    assert (told.kind, told.any_of, told.owner) == (Kind.NOTIFY, ("deputy_dsl", "dsl"), OwnerRole.REPORTER)
    assert (stored.within, stored.strength, stored.clause) == (Within(Unit.HOUR, 24), Strength.MUST, "2-3")
    assert (stored.text, stored.pack) == ("Store the device securely", "oakfield-2026")
    assert limited.target == "dsl,headteacher"
    assert (deleted.after, deleted.clause) == ("do:confirm_deletion_allowed", "2-2")
