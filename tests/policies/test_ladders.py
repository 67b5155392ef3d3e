"""Up the ladder: the policy's own hierarchy, deputies first, never in a ring and never to nobody."""

import pytest

from policies.catalogue import adoptable_ids, shipped, with_layers
from policies.engine.packs import Pack, PackRole
from policies.engine.vocabulary import OwnerRole
from policies.ladders import rungs
from tests.policies.engine.builders import FLOOR, pack

LAST = OwnerRole.EXTERNAL_CONTACT


def packs_with(*roles: PackRole, **given: object) -> tuple[Pack, ...]:
    return (pack("a-school", roles=roles, **given),)


def test_deputies_come_before_whom_one_answers_to() -> None:
    dsl = PackRole(OwnerRole.DSL, "DSL", OwnerRole.HEADTEACHER, (OwnerRole.DEPUTY_DSL,))

    assert rungs(packs_with(dsl), OwnerRole.DSL) == (
        "dsl",
        "deputy_dsl",
        "headteacher",
        "chair_of_governors",
        "trust_safeguarding_lead",
        "external_contact",
    )


def test_the_pack_nearest_the_school_says_whom_a_role_answers_to() -> None:
    floor = pack("floor", roles=(PackRole(OwnerRole.ICT_TECHNICIAN, "ICT", OwnerRole.HEADTEACHER),), layer=FLOOR)
    school = pack("school", roles=(PackRole(OwnerRole.ICT_TECHNICIAN, "ICT", OwnerRole.BURSAR),))

    assert rungs((floor, school), OwnerRole.ICT_TECHNICIAN)[1] == "bursar"


def test_a_body_is_told_by_way_of_its_chair() -> None:
    head = PackRole(OwnerRole.HEADTEACHER, "Head", OwnerRole.GOVERNORS)

    assert rungs(packs_with(head), OwnerRole.HEADTEACHER)[:2] == ("headteacher", "chair_of_governors")


def test_a_ring_in_what_a_policy_says_is_left() -> None:
    ring = (
        PackRole(OwnerRole.SLT, "Leaders", OwnerRole.BURSAR),
        PackRole(OwnerRole.BURSAR, "Bursar", OwnerRole.SLT),
    )

    found = rungs(packs_with(*ring), OwnerRole.SLT)

    assert found[:2] == ("slt", "bursar")
    assert found[-1] == LAST


@pytest.mark.parametrize("pack_id", adoptable_ids())
@pytest.mark.parametrize("role", OwnerRole)
def test_every_ladder_of_every_policy_ends_outside_the_school(pack_id: str, role: OwnerRole) -> None:
    found = rungs(with_layers(shipped(pack_id).pack), role)

    assert found[-1] == LAST
    assert len(found) == len(set(found))
    assert OwnerRole.EVERYONE not in found
    assert role is LAST or OwnerRole.CHAIR_OF_GOVERNORS in found or role is OwnerRole.TRUST_SAFEGUARDING_LEAD
