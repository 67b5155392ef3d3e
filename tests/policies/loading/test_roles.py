"""No pack gives a role more than the product ever does."""

import pytest

from accounts.roles import ROLES as PRODUCT_ROLES
from policies.engine.capabilities import MOST, beyond_the_most
from policies.engine.vocabulary import CAPABILITIES, OwnerRole
from policies.errors import PackInvalid
from policies.loading import parse_pack
from tests.policies.loading.sound import FILE, SOUND

# Opens the cases of the queue, or seals one.
OPENS = {"incident.read", "incident.seal"}
CASES = {*OPENS, "incident.triage", "incident.work", "incident.close", "adult_case.manage", "low_level.manage"}
SAFEGUARDING = {OwnerRole.DSL, OwnerRole.DEPUTY_DSL, OwnerRole.ONLINE_SAFETY_LEAD, OwnerRole.HEADTEACHER}
MANAGES_ADULT_CASES = {OwnerRole.HEADTEACHER, OwnerRole.CHAIR_OF_GOVERNORS, OwnerRole.TRUST_SAFEGUARDING_LEAD}


def test_every_role_has_a_most_and_every_capability_is_somebody_s() -> None:
    assert set(MOST) == set(OwnerRole)
    assert frozenset[str]().union(*MOST.values()) == CAPABILITIES


def test_only_the_safeguarding_team_and_the_head_may_ever_open_cases() -> None:
    assert {role for role in OwnerRole if MOST[role] & OPENS} == SAFEGUARDING


def test_only_case_managers_may_ever_manage_a_case_about_an_adult() -> None:
    assert {role for role in OwnerRole if "adult_case.manage" in MOST[role]} == MANAGES_ADULT_CASES


def test_whoever_governs_fixes_or_keeps_the_books_may_never_touch_a_case() -> None:
    touching = {role for role in OwnerRole if MOST[role] & CASES}

    assert touching == SAFEGUARDING | MANAGES_ADULT_CASES


def test_what_the_product_gives_lies_within_the_most() -> None:
    beyond = {
        role: beyond_the_most(OwnerRole(role.value), frozenset(given.permissions))
        for role, given in PRODUCT_ROLES.items()
        if role.value in set(OwnerRole)
    }

    assert {role: capabilities for role, capabilities in beyond.items() if capabilities} == {}


@pytest.mark.parametrize(
    "role",
    [
        *("governors", "safeguarding_governor", "ict_technician", "network_manager", "bursar", "dpo", "slt"),
        *("school_administrator", "staff", "class_teacher", "senco", "head_of_key_stage", "line_manager"),
    ],
)
@pytest.mark.parametrize("capability", sorted(CASES))
def test_a_pack_that_widens_is_refused(role: str, capability: str) -> None:
    text = SOUND.replace("{key: governors, title: Governing body}", f"{{key: {role}, title: X, may: [{capability}]}}")

    with pytest.raises(
        PackInvalid, match=rf"gives {role} {capability}\. A pack narrows, never widens\. At most: "
    ) as refused:
        parse_pack(text, file=FILE)

    assert [fault.path for fault in refused.value.faults if "widens" in fault.sentence] == [f"roles[{role}].may"]


def test_a_pack_that_narrows_is_accepted() -> None:
    pack = parse_pack(SOUND.replace("may: [incident.log, incident.read]", "may: []"), file=FILE)

    assert next(role for role in pack.roles if role.key is OwnerRole.DSL).may == frozenset()
