"""Conduct of parents, visitors, volunteers and contractors: logged, handled by the right office, found again (C8)."""

import pytest

from accounts.models import PersonKind
from incidents.access import visible_incidents
from incidents.facts import facts_for
from incidents.models import Obligation
from incidents.operations import triage
from incidents.operations.triage import Facts
from incidents.queries.incidents import QueueFilter, queue_page
from incidents.queries.people import find_people
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType, PartHolder
from policies.operations import adoptions
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person

# Whoever works or helps here answers as staff does (KCSIE part four); parents and visitors do not.
KINDS = [
    (PersonKind.CONTACT, PartHolder.PARENT, "dsl"),
    (PersonKind.VISITOR, PartHolder.VISITOR, "dsl"),
    (PersonKind.OTHER, PartHolder.OUTSIDER, "dsl"),
    (PersonKind.VOLUNTEER, PartHolder.VOLUNTEER, "headteacher"),
    (PersonKind.CONTRACTOR, PartHolder.CONTRACTOR, "headteacher"),
]
READER = {"dsl": "dsl", "headteacher": "head"}


@pytest.mark.parametrize(("kind", "holder", "office"), KINDS)
def test_it_is_logged_reaches_the_right_office_and_is_found_by_name(
    cast: Cast, kind: PersonKind, holder: PartHolder, office: str
) -> None:
    person = make_person(school=cast.school, kind=kind, name="Winifred Quill")
    assert find_people(cast.school, "quill") == [person]

    case = make_incident(
        school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school)), alleged(person)]
    )

    assert case.handled_by == office
    assert facts_for([case])[case].alleged == {holder}
    access = cast.access(READER[office])
    assert visible_incidents(access).get() == case
    assert [row.reference for row in queue_page(access, QueueFilter(text="Quill"), number=1).rows] == [case.reference]
    other = cast.access(READER["dsl" if office == "headteacher" else "headteacher"])
    assert not visible_incidents(other).exists()


@pytest.mark.parametrize(
    ("pack", "kind", "types", "asked"),
    [
        ("maidstone-grammar-2020", PersonKind.CONTACT, {IncidentType.PARENT_CONDUCT}, "notify:headteacher"),
        ("shipbourne-2018", PersonKind.VISITOR, {IncidentType.IMAGE_MISUSE}, "notify:dsl"),
        ("kingsmeadow-2019", PersonKind.VISITOR, {IncidentType.IMAGE_MISUSE}, ""),
        ("starter", PersonKind.CONTACT, {IncidentType.PARENT_CONDUCT}, ""),
    ],
)
def test_the_policy_says_what_is_done_about_parents_and_visitors(
    cast: Cast, pack: str, kind: PersonKind, types: set[IncidentType], asked: str
) -> None:
    adoptions.adopt(
        school=cast.school, pack_id=pack, starts_on=NOW.date(), at=NOW, by=cast.administrator, note="Approved"
    )
    person = make_person(school=cast.school, kind=kind)
    case = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person)], category=Category.CONDUCT)
    before = set(Obligation.objects.filter(incident=case).values_list("key", "clause"))

    triage.learn(incident=case, facts=Facts(Category.CONDUCT, frozenset(types)), by=cast.dsl, at=NOW)

    after = set(Obligation.objects.filter(incident=case).values_list("key", "clause"))
    assert asked in {key for key, _ in after} if asked else after - before
    # Nothing that is asked of adults who work here is asked of them.
    assert "consult:lado" not in {key for key, _ in after}
