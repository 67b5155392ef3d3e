"""What waits for itself, in a ring or for what is never over is refused; a long chain is none of these."""

from itertools import pairwise

import pytest

from policies.engine.vocabulary import Deed
from policies.errors import PackInvalid
from policies.loading import parse_pack
from tests.policies.loading.sound import FILE, SOUND, Broken, broken

LINE = "{do: store_device_securely, owner: dsl, within: 24h}"
TOLD = "{notify: dsl, any_of: [deputy_dsl, dsl], owner: reporter, within: immediately}"
AT = "rules[nudes-device].then[0].after"
_DEBRIEF = '{do: debrief, after: "do:risk_assessment"}'

BROKEN = [
    broken(
        "a deed after itself",
        LINE,
        '{do: debrief, after: "do:debrief"}',
        f"{AT}: waits for itself. Name what comes first, or leave it out.",
    ),
    broken(
        "after a ban",
        LINE,
        '{do: debrief, after: "forbid:view_imagery"}',
        f"{AT}: waits for 'forbid:view_imagery', which is never over. Name something that can be done.",
    ),
    broken(
        "after a restriction",
        LINE,
        '{do: debrief, after: "restrict:dsl"}',
        f"{AT}: waits for 'restrict:dsl', which is never over. Name something that can be done.",
    ),
    broken(
        "a ban after itself",
        LINE,
        '{forbid: view_imagery, after: "forbid:view_imagery"}',
        f"{AT}: waits for 'forbid:view_imagery', which is never over. Name something that can be done.",
    ),
    Broken(
        "two rules that wait for each other",
        {LINE: _DEBRIEF, TOLD: '{do: risk_assessment, after: "do:debrief"}'},
        [f"{AT}: goes round in a ring: do:debrief > do:risk_assessment > do:debrief."],
    ),
    broken(
        "a ring of three in one rule",
        LINE,
        f'{_DEBRIEF}\n      - {{do: risk_assessment, after: "consult:police"}}'
        '\n      - {consult: police, after: "do:debrief"}',
        "rules[nudes-device].then[2].after: goes round in a ring:"
        " consult:police > do:debrief > do:risk_assessment > consult:police.",
    ),
    broken(
        "two rings that share nothing, and what waits for one of them",
        LINE,
        f'{_DEBRIEF}\n      - {{do: risk_assessment, after: "do:debrief"}}'
        '\n      - {consult: police, after: "refer:police"}'
        '\n      - {refer: police, after: "consult:police"}'
        '\n      - {do: verify_fix, after: "do:debrief"}',
        "rules[nudes-device].then[2].after: goes round in a ring: consult:police > refer:police > consult:police.",
        f"{AT}: goes round in a ring: do:debrief > do:risk_assessment > do:debrief.",
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_what_can_never_come_first_is_refused(case: Broken) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(case.text, file=FILE)

    assert [f"{fault.path}: {fault.sentence}" for fault in refused.value.faults] == case.said


def test_a_chain_may_be_as_long_as_there_are_deeds() -> None:
    deeds = sorted(set(Deed) - {Deed.DELETE_COPIES})
    pairs = pairwise(deeds)
    lines = "\n      - ".join(f'{{do: {one}, after: "do:{before}"}}' for before, one in pairs)

    pack = parse_pack(SOUND.replace(LINE, lines), file=FILE)

    assert len([line for rule in pack.rules for line in rule.then if line.after]) == len(deeds)


def test_two_may_wait_for_the_same() -> None:
    lines = f'{_DEBRIEF}\n      - {{do: verify_fix, after: "do:risk_assessment"}}\n      - {{do: risk_assessment}}'

    assert parse_pack(SOUND.replace(LINE, lines), file=FILE).id == "oakfield-2026"
