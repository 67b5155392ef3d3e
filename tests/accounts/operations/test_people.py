"""People in the register: pupil numbers that are checked, relations, and leaving."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import Refused
from accounts.models import AuditEvent, Person, PersonKind, Relation, Relationship, Vulnerability
from accounts.operations import people
from accounts.operations.people import PersonDetails
from accounts.upns import upn_is_valid
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_person

VALID = ["B801200005001", "P207000016049", "R301123456789", "F886200024017", "M80120000500A", "B20700001604B"]


@pytest.mark.parametrize("upn", VALID)
def test_a_right_pupil_number_is_taken(upn: str) -> None:
    assert upn_is_valid(upn)


@pytest.mark.parametrize(
    "upn",
    [
        "A801200005001",
        "Q207000016049",
        "b801200005001",
        "B80120000500",
        "B8012000050011",
        "B801200005001\n",
        " B801200005001",
        "B80120000500a",
        "I801200005001",
        "O801200005001",
        "S801200005001",
        "M80120000500I",
        "M80120000500S",
        "B8O1200005001",
        "B\u0668\u0660\u0661\u0662\u0660\u0660\u0660\u0660\u0665\u0660\u0660\u0661",
        "",
        "B-01200005001",
    ],
)
def test_a_wrong_pupil_number_is_noticed(upn: str) -> None:
    assert not upn_is_valid(upn)


@pytest.mark.parametrize("upn", VALID)
def test_a_wrong_digit_is_always_noticed(upn: str) -> None:
    for position in range(1, 12):
        for digit in "0123456789":
            if digit != upn[position]:
                assert not upn_is_valid(upn[:position] + digit + upn[position + 1 :])


@pytest.mark.parametrize("upn", VALID)
def test_two_neighbouring_digits_that_changed_places_are_always_noticed(upn: str) -> None:
    for position in range(1, 11):
        one, other = upn[position], upn[position + 1]
        if one != other:
            assert not upn_is_valid(upn[:position] + other + one + upn[position + 2 :])


def _details(**known: object) -> PersonDetails:
    return PersonDetails(**({"kind": PersonKind.PUPIL, "given_name": "Zoë", "family_name": "Müller-Đặng"} | known))


def test_people_are_added_in_order_with_everything_that_is_known(cast: Cast) -> None:
    flags = [Vulnerability.SEND, Vulnerability.YOUNG_CARER]
    added = people.add_people(
        school=cast.school,
        people=[
            _details(upn=VALID[0], year_group="5", form="5A", source_id="17", vulnerabilities=flags),
            _details(kind=PersonKind.CONTACT, given_name="Ann"),
        ],
        at=NOW,
    )

    first, second = (Person.objects.get(pk=person.pk) for person in added)
    assert (first.upn, first.detail, first.source_id) == (VALID[0], "Year 5, 5A", "17")
    assert first.vulnerabilities == ["send", "young_carer"]
    assert (second.name, second.detail) == ("Ann Müller-Đặng", "Parent or carer")


def test_one_wrong_number_refuses_the_whole_list(cast: Cast) -> None:
    before = Person.objects.count(), AuditEvent.objects.count()

    with pytest.raises(Refused, match="wrong check letter"):
        people.add_people(school=cast.school, people=[_details(upn=VALID[0]), _details(upn="A801200005001")], at=NOW)

    assert (Person.objects.count(), AuditEvent.objects.count()) == before


def test_the_refusal_repeats_no_number(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        people.add_people(school=cast.school, people=[_details(upn="A801200005001")], at=NOW)

    assert "A801200005001" not in refusal.value.sentence


def test_the_audit_row_counts_people_and_names_none(cast: Cast) -> None:
    people.add_people(school=cast.school, people=[_details(), _details()], at=NOW)

    row = AuditEvent.objects.filter(school=cast.school).latest("seq")
    assert row.summary == "Added 2 people to the register."
    assert "ller" not in str(row.data)


def test_a_number_is_used_once_in_a_school_and_may_be_used_next_door(cast: Cast) -> None:
    for school in (cast.school, cast.next_door):
        people.add_people(school=school, people=[_details(upn=VALID[0])], at=NOW)

    with pytest.raises(IntegrityError, match="person_upn_once_a_school"), transaction.atomic():
        people.add_people(school=cast.school, people=[_details(upn=VALID[0])], at=NOW)


def test_a_name_is_searchable_however_it_was_saved(cast: Cast) -> None:
    added = people.add_people(school=cast.school, people=[_details()], at=NOW)[0]
    one_by_one = make_person(school=cast.school, name="Zoë Müller-Đặng")
    one_by_one.family_name = "Ångström"
    one_by_one.save(update_fields=["family_name"])

    assert Person.objects.get(pk=added.pk).search_name.startswith("zoe muller-")
    assert Person.objects.get(pk=one_by_one.pk).search_name == "zoe angstrom"


# Relations


def test_two_people_are_related_once(cast: Cast) -> None:
    one, other = make_person(school=cast.school), make_person(school=cast.school)

    people.relate(person=one, related=other, relation=Relation.SIBLING, at=NOW)

    assert Relationship.objects.get().relation == "sibling"
    with pytest.raises(IntegrityError, match="relationship_once"), transaction.atomic():
        people.relate(person=one, related=other, relation=Relation.RELATIVE, at=NOW)


def test_a_relation_never_reaches_across_schools(cast: Cast) -> None:
    with pytest.raises(Refused, match="same school"):
        people.relate(
            person=make_person(school=cast.school),
            related=make_person(school=cast.next_door),
            relation=Relation.SIBLING,
            at=NOW,
        )


def test_nobody_is_their_own_relative(cast: Cast) -> None:
    one = make_person(school=cast.school)

    with pytest.raises(IntegrityError, match="nobody_is_their_own_relative"), transaction.atomic():
        people.relate(person=one, related=one, relation=Relation.SIBLING, at=NOW)


def test_the_audit_row_of_a_relation_names_nobody(cast: Cast) -> None:
    one, other = make_person(school=cast.school, name="Amy Amber"), make_person(school=cast.school, name="Bo Brown")

    people.relate(person=one, related=other, relation=Relation.SIBLING, at=NOW)

    assert (
        AuditEvent.objects.filter(school=cast.school).latest("seq").summary == "Recorded that two people are related."
    )


# Leaving


def test_somebody_who_left_stays_in_every_case(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    person = incident.people.get().person
    assert person is not None

    people.leave(person=person, on=date(2026, 12, 18), at=NOW, by=cast.administrator)

    assert person not in Person.objects.for_school(cast.school).present()
    assert incident.people.get().person == person
    assert Person.objects.get(pk=person.pk).left_on == date(2026, 12, 18)


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
