"""The most that a role can be allowed, whatever a pack says."""

from policies.engine.capabilities import MOST, beyond_the_most
from policies.engine.vocabulary import CAPABILITIES, OwnerRole


def test_every_role_has_a_most_and_all_of_it_is_known() -> None:
    assert set(MOST) == set(OwnerRole)
    assert frozenset().union(*MOST.values()) <= CAPABILITIES


def test_what_is_beyond_the_most_is_named_in_order() -> None:
    wanted = frozenset({"report.read", "incident.read", "incident.work", "no.such.power"})

    assert beyond_the_most(OwnerRole.GOVERNORS, wanted) == ["incident.read", "incident.work"]
    assert beyond_the_most(OwnerRole.HEADTEACHER, wanted) == []
    assert beyond_the_most(OwnerRole.GOVERNORS, frozenset()) == []
