"""Whom the school could tell at a pupil's home: the parents its register names, in either direction."""

from accounts.models import Person, PersonKind, Relation
from accounts.operations import people
from incidents.operations.incidents import Involved
from incidents.queries.contacts import bans_on_telling, homes, pupils_concerned, why_not_tell
from incidents.queries.people import involved_people
from incidents.statuses import Part
from tests.conftest import Cast
from tests.factories import NOW, harmed, make_incident, make_person
from tests.incidents.asking import ask_for


def relate(person: Person, related: Person, relation: Relation = Relation.PARENT) -> None:
    people.relate(person=person, related=related, relation=relation, at=NOW)


def adult(cast: Cast, name: str) -> Person:
    return make_person(school=cast.school, kind=PersonKind.CONTACT, name=name)


def test_the_register_suggests_parents_whichever_way_it_holds_them(cast: Cast) -> None:
    pupil, sibling = (make_person(school=cast.school, name=name) for name in ("Amira Hadley", "Adam Hadley"))
    mother, father, aunt = (adult(cast, name) for name in ("Sara Hadley", "Omar Hadley", "Ida Aunt"))
    relate(pupil, mother)
    relate(father, pupil)
    relate(aunt, pupil, Relation.RELATIVE)
    relate(pupil, sibling, Relation.SIBLING)
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)])

    [home] = homes(case)

    assert [parent.name for parent in home.parents] == ["Omar Hadley", "Sara Hadley"]
    assert home.not_reached == home.parents


def test_whoever_was_only_described_is_there_and_has_no_parents(cast: Cast) -> None:
    described = Involved(part=Part.HARMED, description="A girl in Year 6")
    case = make_incident(school=cast.school, by=cast.teacher, people=[described])

    [home] = homes(case)

    assert (home.name, home.parents, home.counts) == ("A girl in Year 6", [], False)


def test_where_nobody_was_harmed_every_known_pupil_counts(cast: Cast) -> None:
    people_ = [Involved(part=Part.NAMED, person=make_person(school=cast.school)) for _ in range(2)]
    staff = Involved(part=Part.WITNESS, person=make_person(school=cast.school, kind=PersonKind.STAFF))
    case = make_incident(school=cast.school, by=cast.teacher, people=[*people_, staff])

    assert len(pupils_concerned(involved_people(case))) == 2
    assert len(homes(case)) == 2


def test_what_forbids_telling_is_named_while_it_stands(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    [home] = homes(case)
    assert (bans_on_telling(case), why_not_tell(case, home.pupil)) == ([], "")

    ask_for(case, "forbid:share_beyond_school!", until="police_advice")

    assert [ban.target for ban in bans_on_telling(case)] == ["share_beyond_school"]
    assert why_not_tell(case, home.pupil).startswith("The police first.")
