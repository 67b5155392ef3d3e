"""Whoever is said to have caused harm owns nothing and receives nothing; it moves to the next along."""

from itertools import chain, combinations

import pytest

from policies.engine.obligations import Obligation
from policies.engine.substitution import barred_roles, next_free, substituted
from policies.engine.vocabulary import OwnerRole, PartHolder, Strength
from tests.policies.engine.builders import line

HEAD, DSL, DEPUTY = OwnerRole.HEADTEACHER, OwnerRole.DSL, OwnerRole.DEPUTY_DSL
CHAIR, TRUST, OUTSIDE = OwnerRole.CHAIR_OF_GOVERNORS, OwnerRole.TRUST_SAFEGUARDING_LEAD, OwnerRole.EXTERNAL_CONTACT


def without(obligation: Obligation, *roles: OwnerRole) -> Obligation:
    return substituted(obligation, frozenset(roles))


@pytest.mark.parametrize(
    ("alleged", "closed"),
    [
        ([], []),
        (["headteacher"], ["headteacher"]),
        (["dsl"], ["dsl"]),
        (["deputy_dsl"], ["deputy_dsl"]),
        (["online_safety_lead"], ["online_safety_lead"]),
        (["chair_of_governors"], ["chair_of_governors", "governors"]),
        (["governor"], ["safeguarding_governor"]),
        (["ict"], ["ict_technician", "network_manager"]),
        (["dsl", "headteacher"], ["dsl", "headteacher"]),
        (["pupil", "staff", "volunteer", "contractor", "parent", "visitor", "outsider", "unknown"], []),
        (["pupil", "dsl"], ["dsl"]),
    ],
)
def test_who_is_alleged_closes_the_roles_they_hold(alleged: list[str], closed: list[str]) -> None:
    assert barred_roles(frozenset(map(PartHolder, alleged))) == set(closed)


@pytest.mark.parametrize(
    ("barred", "role", "free"),
    [
        ([], HEAD, HEAD),
        ([DSL], HEAD, HEAD),
        ([HEAD], HEAD, CHAIR),
        ([HEAD, CHAIR], HEAD, TRUST),
        ([HEAD, CHAIR, TRUST], HEAD, OUTSIDE),
        ([DSL], DSL, HEAD),
        ([DSL, HEAD], DSL, CHAIR),
        ([DEPUTY], DEPUTY, DSL),
        ([DEPUTY, DSL], DEPUTY, HEAD),
        ([OwnerRole.ICT_TECHNICIAN], OwnerRole.ICT_TECHNICIAN, DSL),
        ([OwnerRole.NETWORK_MANAGER], OwnerRole.NETWORK_MANAGER, DSL),
        ([OwnerRole.ONLINE_SAFETY_LEAD], OwnerRole.ONLINE_SAFETY_LEAD, DSL),
        ([OwnerRole.SAFEGUARDING_GOVERNOR], OwnerRole.SAFEGUARDING_GOVERNOR, CHAIR),
        ([OwnerRole.GOVERNORS], OwnerRole.GOVERNORS, TRUST),
        ([CHAIR], CHAIR, TRUST),
    ],
)
def test_it_moves_to_the_next_along(barred: list[OwnerRole], role: OwnerRole, free: OwnerRole) -> None:
    assert next_free(role, frozenset(barred)) is free


def test_whoever_is_alleged_somebody_is_free() -> None:
    holders = list(PartHolder)
    for alleged in chain.from_iterable(combinations(holders, number) for number in (1, 2, 3, len(holders))):
        barred = barred_roles(frozenset(alleged))
        assert OUTSIDE not in barred
        assert {next_free(role, barred) for role in OwnerRole} & barred == set()


def test_where_nothing_moves_it_is_the_same_obligation() -> None:
    obligation = line("notify:bursar", owner="slt", any_of=("bursar", "slt"), after="notify:slt")

    assert without(obligation, HEAD, DSL) is obligation
    assert without(obligation) is obligation


def test_an_owner_moves_and_the_words_stay() -> None:
    found = without(line("consult:lado", owner="headteacher", text="Ask the LADO today.", any_of=("ico", "lado")), HEAD)

    assert found == line("consult:lado", owner="chair_of_governors", text="Ask the LADO today.", any_of=("ico", "lado"))


def test_what_nobody_owns_yet_has_no_owner() -> None:
    assert without(line("notify:headteacher"), HEAD).owner is None


@pytest.mark.parametrize("kind", ["notify", "acknowledge"])
def test_a_recipient_moves_and_the_words_with_it(kind: str) -> None:
    words = {"notify": "Tell the chair of governors", "acknowledge": "Seen by the chair of governors"}

    found = without(line(f"{kind}:headteacher", text="Tell the head at once.", owner="reporter"), HEAD)

    assert found == line(f"{kind}:chair_of_governors", text=words[kind], owner="reporter")


def test_alternatives_move_and_are_dropped_where_one_is_left() -> None:
    either = line("notify:dsl", any_of=("deputy_dsl", "dsl"), text="Tell one of them.")

    assert without(either, DSL).any_of == ("deputy_dsl", "headteacher")
    assert without(either, DSL).target == "headteacher"
    assert without(either, DEPUTY).any_of == ()
    assert without(either, DEPUTY).target == "dsl"
    assert without(either, DEPUTY).text == "Tell one of them."
    assert without(either, DSL, DEPUTY).any_of == ()
    assert without(either, DSL, DEPUTY).target == "headteacher"


def test_who_may_see_moves_too() -> None:
    found = without(line("restrict:dsl,headteacher,slt"), DSL, HEAD)

    assert found.target == "chair_of_governors,slt"
    assert found.text == "Only for the chair of governors, the senior leadership team"


def test_an_agency_does_not_move() -> None:
    found = without(line("consult:police", any_of=("ceop", "police"), owner="dsl"), DSL, HEAD)

    assert (found.target, found.any_of, found.owner) == ("police", ("ceop", "police"), CHAIR)


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        ("notify:dsl", "notify:headteacher"),
        ("acknowledge:dsl", "acknowledge:headteacher"),
        ("notify:slt", "notify:slt"),
        ("consult:police", "consult:police"),
        ("do:debrief", "do:debrief"),
    ],
)
def test_what_waits_waits_for_what_has_moved(after: str, moved: str) -> None:
    assert without(line("do:delete_copies", after=after), DSL).after == moved


@pytest.mark.parametrize(
    ("barred", "kept"),
    [
        (DSL, False),
        (DEPUTY, False),
        (OwnerRole.ONLINE_SAFETY_LEAD, False),
        (HEAD, False),
        (CHAIR, True),
        (OwnerRole.NETWORK_MANAGER, True),
    ],
)
def test_an_exception_falls_where_it_may_name_whoever_is_accused(barred: OwnerRole, kept: bool) -> None:
    words = "The DSL, in writing"
    ban = line("forbid:view_imagery", owner="network_manager", exception=words)

    assert without(ban, barred).exception == (words if kept else None)
    assert without(ban, barred).owner is next_free(OwnerRole.NETWORK_MANAGER, frozenset({barred}))


def test_a_ban_on_telling_somebody_stays_about_them() -> None:
    ban = line("notify:headteacher", strength=Strength.MUST_NOT, owner="headteacher", any_of=("dsl", "headteacher"))

    found = without(ban, HEAD)

    assert (found.target, found.any_of, found.owner) == ("headteacher", ("dsl", "headteacher"), CHAIR)
    assert found.text == "Tell the headteacher"
