"""Many relationships at once, as a register brings them."""

import pytest

from accounts.errors import Refused
from accounts.models import AuditEvent, Relation, Relationship
from accounts.operations import people
from tests.conftest import Cast
from tests.factories import NOW, make_person


def test_many_relationships_are_one_row_in_the_audit_which_names_nobody(cast: Cast) -> None:
    parent, one, other = (make_person(school=cast.school) for _ in range(3))
    before = AuditEvent.objects.filter(school=cast.school).count()
    pairs = [(parent, one, Relation.PARENT), (parent, other, Relation.PARENT), (one, other, Relation.SIBLING)]

    made = people.relate_many(school=cast.school, pairs=pairs, at=NOW, by=cast.administrator)

    assert made == Relationship.objects.for_school(cast.school).count() == 3
    assert AuditEvent.objects.filter(school=cast.school).count() == before + 1
    assert AuditEvent.objects.filter(school=cast.school).latest("seq").summary == (
        "Recorded 3 relationships between people."
    )


def test_one_pair_across_schools_refuses_them_all(cast: Cast) -> None:
    one, other = make_person(school=cast.school), make_person(school=cast.school)
    foreign = make_person(school=cast.next_door)

    with pytest.raises(Refused, match="same school"):
        people.relate_many(
            school=cast.school,
            pairs=[(one, other, Relation.SIBLING), (one, foreign, Relation.SIBLING)],
            at=NOW,
        )

    assert not Relationship.objects.exists()
