"""Fields that are missing, unknown or of the wrong kind are said with their path, all of them at once."""

import pytest

from policies.errors import PackInvalid
from policies.loading import parse_pack
from tests.policies.loading.sound import FILE, SOUND, Broken, broken

RETENTION = "retention: Until the pupil is 25, then reviewed."
_NO_FIELD = "is not a field here. Check its spelling, or see the pack format."
_EMPTY = "is empty. Give it a value, or leave the field out."
_KEY = "Allowed: small letters, digits, - and _, beginning with a letter."

BROKEN = [
    broken("a field nobody knows", RETENTION, "retension: long", f"retension: {_NO_FIELD}"),
    broken(
        "a field of a clause nobody knows",
        'id: "3-4", says',
        'id: "3-4", sayz: so, says',
        f"clauses[3-4].sayz: {_NO_FIELD}",
    ),
    broken(
        "a misspelt field that is needed",
        "title: Online",
        "tittle: Online",
        "title: is missing.",
        f"tittle: {_NO_FIELD}",
    ),
    broken("no id of the pack", "pack: oakfield-2026\n", "", "pack: is missing."),
    broken(
        "a clause that says nothing", "says: Pupils are kind to each other., ", "", "clauses[3-4].says: is missing."
    ),
    broken(
        "a clause of an empty text", "says: Pupils are kind to each other.", 'says: ""', f"clauses[3-4].says: {_EMPTY}"
    ),
    broken("a field without a value", "title: Online safety policy", "title:", f"title: {_EMPTY}"),
    broken("a list where a text belongs", RETENTION, "retention: [long]", "retention: must be text, not a list."),
    broken("a yes where a text belongs", RETENTION, "retention: true", "retention: must be text, not true."),
    broken(
        "a text where a list belongs",
        "extends: [england-statutory]",
        "extends: england-statutory",
        "extends: must be a list, not 'england-statutory'.",
    ),
    broken(
        "a text where fields belong",
        'review: {every: 1 year, due: 2027-09, triggers: [new_guidance], clause: "3-1"}',
        "review: every year, when the governors meet in the first week of the autumn term",
        "review: must be fields and their values, not 'every year, when the governors meet in the first week of the'….",
    ),
    broken(
        "fields where a list belongs",
        "mentions:\n  - {clause",
        "mentions:\n  {clause",
        "mentions: must be a list, not fields and their values.",
    ),
    broken(
        "a layer that there is not",
        "layer: school",
        "layer: trust",
        "layer: cannot be 'trust'. Allowed: floor, partnership, school.",
    ),
    broken(
        "a state of a section that there is not",
        '{id: "1", title: Aims}',
        '{id: "1", title: Aims, state: gone}',
        "sections[1].state: cannot be 'gone'. Allowed: present, removed, empty.",
    ),
    broken(
        "a mark that there is not",
        "says: Pupils are kind to each other.,",
        "says: Pupils are kind to each other., mark: X,",
        "clauses[3-4].mark: cannot be 'X'. Allowed: S, K.",
    ),
    broken(
        "an escalation that begins with something else",
        "when: missed",
        "when: late",
        "escalation[0].when: cannot be 'late'. Allowed: missed.",
    ),
    broken(
        "an escalation of what nobody has seen",
        "when: missed",
        "when: unacknowledged",
        "escalation[0].when: cannot be 'unacknowledged'. Allowed: missed.",
    ),
    broken(
        "a long field nobody knows",
        RETENTION,
        f"{'long' * 20}: long",
        f"{'long' * 15}…: {_NO_FIELD}",
    ),
    broken(
        "a long name that is none",
        'id: "3-4"',
        f'id: "{"3 4 " * 20}"',
        f"clauses[{'3 4 ' * 15}…].id: cannot be '{'3 4 ' * 15}'…. Allowed: letters, digits, dots and hyphens,"
        " without spaces.",
    ),
    broken(
        "a name that is a list",
        'id: "3-4"',
        'id: ["3-4"]',
        "clauses[6].id: must be text, not a list.",
    ),
    broken(
        "a name without end in a list",
        "audience: [staff, pupils]",
        f"audience: [staff, {'p' * 121}]",
        "agreements[acceptable_use].audience[1]: has 121 characters. The longest has 120.",
    ),
    broken(
        "a key in capitals",
        "id: nudes-device",
        "id: Nudes-Device",
        f"rules[Nudes-Device].id: cannot be 'Nudes-Device'. {_KEY}",
    ),
    broken(
        "a clause id with a space",
        'id: "3-4"',
        'id: "3 (4)"',
        "clauses[3 (4)].id: cannot be '3 (4)'. Allowed: letters, digits, dots and hyphens, without spaces.",
    ),
    broken(
        "a rule that asks for nothing",
        "then:\n      - {notify: dsl, any_of: [deputy_dsl, dsl], owner: reporter, within: immediately}",
        "then: []",
        f"rules[tell-the-lead].then: {_EMPTY}",
    ),
    broken(
        "a line that is a word",
        "then:\n      - {notify: dsl, any_of: [deputy_dsl, dsl], owner: reporter, within: immediately}",
        "then: [notify the lead]",
        "rules[tell-the-lead].then[0]: must be fields and their values, not 'notify the lead'.",
    ),
    broken(
        "no number of holders",
        "{key: governors, title: Governing body}",
        "{key: governors, title: Governing body, holders: [2]}",
        "roles[governors].holders: must be text, not a list.",
    ),
    Broken(
        "fields and what they say, all at once",
        {
            RETENTION: "retension: long",
            "layer: school": "layer: trust",
            "within: 24h": "within: soon",
            "grace: 60": "grace: an hour",
        },
        [
            "layer: cannot be 'trust'. Allowed: floor, partnership, school.",
            f"retension: {_NO_FIELD}",
            "rules[nudes-device].then[0].within: 'soon' is not a duration. Allowed: immediately, same school day,"
            " 24h (any number of hours), 1 working day, 5 school days, 10 days.",
            "grace: must be a whole number of 0 or more, not 'an hour'.",
        ],
    ),
    Broken(
        "two fields of the wrong kind, and what the rest says only then",
        {RETENTION: "retention: [long]", "grace: 60": "grace: [60]", "within: 24h": "within: soon"},
        ["grace: must be text, not a list.", "retention: must be text, not a list."],
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_wrong_field_is_said_with_its_path(case: Broken) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(case.text, file=FILE)

    assert [f"{fault.path}: {fault.sentence}" for fault in refused.value.faults] == case.said


def test_the_sound_pack_is_sound() -> None:
    assert parse_pack(SOUND, file=FILE).id == "oakfield-2026"


def test_a_pack_may_be_as_small_as_this() -> None:
    text = "pack: small\ntitle: Small\nedition: 2026-09\n"

    assert parse_pack(text, file=FILE).clauses == ()
