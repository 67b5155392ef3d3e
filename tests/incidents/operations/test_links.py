"""Ties between cases: nobody learns by them of a case they may not open, and nothing that was logged is lost."""

from datetime import timedelta

import pytest

from accounts.errors import Refused
from accounts.models import OutboxMessage, Relation
from accounts.operations import people
from incidents.access import visible_incidents
from incidents.events import Event
from incidents.models import CaseLink, ChronologyEntry, Incident, InvolvedPerson, Obligation
from incidents.operations import actions, links, ownership, parts, sharing, workflow
from incidents.operations.incidents import Involved
from incidents.queries.links import siblings_of_case
from incidents.routes import About
from incidents.statuses import Kept, Level, Link, Outcome, Part, Status, Undertaking
from policies.engine.taxonomy import Category
from policies.models import OwedQuerySet
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of

DAY = timedelta(days=1)
WHY = "The same messages, seen by two."


def told(case: Incident) -> list[str]:
    return list(ChronologyEntry.objects.filter(incident=case).order_by("at", "id").values_list("event", flat=True))


def words_of(case: Incident, event: Event) -> str:
    return ChronologyEntry.objects.get(incident=case, event=event).text


def about_an_adult(cast: Cast) -> Incident:
    return make_incident(
        school=cast.school, by=cast.teacher, about=About.ADULT, people=[alleged(person_of(cast.colleague, cast.school))]
    )


def test_two_cases_are_tied_and_both_say_so(cast: Cast) -> None:
    one, two = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))

    tie = links.link(incident=one, other=two, reason=WHY, by=cast.dsl, at=NOW)

    assert (tie.kind, tie.reason, tie.linked_by) == (Link.RELATED, WHY, cast.dsl)
    assert words_of(one, Event.LINKED) == f"{two.reference}. {WHY}"
    assert words_of(two, Event.LINKED) == f"{one.reference}. {WHY}"
    for pair in ((one, two), (two, one)):
        with pytest.raises(Refused) as refusal:
            links.link(incident=pair[0], other=pair[1], reason=WHY, by=cast.dsl, at=NOW)
        assert refusal.value.code == "tied_already"

    links.undo(tie=tie, reason="Other people.", by=cast.dsl, at=NOW)
    assert CaseLink.objects.get().undone_reason == "Other people."
    assert words_of(two, Event.LINK_UNDONE) == f"{one.reference}. Other people."
    with pytest.raises(Refused):
        links.undo(tie=tie, reason="Again.", by=cast.dsl, at=NOW)
    links.link(incident=two, other=one, reason=WHY, by=cast.dsl, at=NOW)


def test_the_case_that_more_may_read_keeps_silent_about_the_other(cast: Cast) -> None:
    child, adult = make_incident(school=cast.school, by=cast.teacher), about_an_adult(cast)
    before = told(child)

    links.link(incident=child, other=adult, reason=WHY, by=cast.head, at=NOW)

    assert told(child) == before
    assert words_of(adult, Event.LINKED) == WHY


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_tie_needs_another_case_of_the_school_and_a_reason(cast: Cast, reason: str) -> None:
    one, two = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))
    away = make_incident(school=cast.next_door, by=cast.next_door_teacher)

    for other, why in ((one, WHY), (away, WHY), (two, reason)):
        with pytest.raises(Refused):
            links.link(incident=one, other=other, reason=why, by=cast.dsl, at=NOW)
    assert not CaseLink.objects.exists()


def test_merging_brings_people_words_and_urgency_and_closes_the_duplicate(cast: Cast) -> None:
    both, only = make_person(school=cast.school), make_person(school=cast.school)
    target = make_incident(school=cast.school, by=cast.teacher, people=[harmed(both)])
    twin = make_incident(
        school=cast.school,
        by=cast.colleague,
        people=[harmed(both), Involved(Part.WITNESS, only), Involved(Part.NAMED, None, "An older boy")],
        narrative="I saw it too.",
    )
    Incident.objects.filter(pk=twin.pk).update(level=Level.HIGH)

    links.merge(incident=twin, into=target, reason=WHY, by=cast.dsl, at=NOW)

    twin.refresh_from_db()
    target.refresh_from_db()
    assert (twin.status, twin.outcome, target.status) == (Status.CLOSED, Outcome.DUPLICATE, Status.REPORTED)
    assert target.level == Level.HIGH
    brought = {(row.name, row.part) for row in InvolvedPerson.objects.filter(incident=target).select_related("person")}
    assert brought == {(both.name, Part.HARMED), (only.name, Part.WITNESS), ("An older boy", Part.NAMED)}
    assert "I saw it too." in words_of(target, Event.MERGED)
    assert twin.reference in words_of(target, Event.MERGED)
    assert not owed(twin).exists()
    assert owed(target).exists()
    with pytest.raises(Refused) as refusal:
        links.undo(tie=CaseLink.objects.get(), reason="No.", by=cast.dsl, at=NOW)
    assert refusal.value.code == "not_undone"


def test_what_people_still_have_to_do_on_a_duplicate_is_not_lost(cast: Cast) -> None:
    target, twin = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))
    actions.undertake(
        incident=twin, kind=Undertaking.ACTION, words="Ring the aunt.", due_at=NOW + DAY, by=cast.dsl, at=NOW
    )

    with pytest.raises(Refused) as refusal:
        links.merge(incident=twin, into=target, reason=WHY, by=cast.dsl, at=NOW)

    assert refusal.value.code == "duties_open"
    assert Incident.objects.get(pk=twin.pk).status == Status.REPORTED
    assert told(target) == ["incident.reported"]


def owed(case: Incident) -> OwedQuerySet:
    rows: OwedQuerySet = Obligation.objects.filter(incident=case, state=State.OPEN).to_do()
    return rows


def test_cases_of_different_offices_are_never_merged(cast: Cast) -> None:
    child, adult = make_incident(school=cast.school, by=cast.teacher), about_an_adult(cast)

    for one, other in ((child, adult), (adult, child)):
        with pytest.raises(Refused) as refusal:
            links.merge(incident=one, into=other, reason=WHY, by=cast.head, at=NOW)
        assert refusal.value.code == "other_office"
    assert not CaseLink.objects.exists()
    assert not Incident.objects.filter(status=Status.CLOSED).exists()


def test_a_part_becomes_a_case_of_its_own_that_reaches_whoever_handles_such(cast: Cast) -> None:
    child, other = make_person(school=cast.school), make_person(school=cast.school)
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(child), alleged(other)])
    chosen = InvolvedPerson.objects.get(incident=case, person=other)

    new = links.split(
        incident=case, people=[chosen.pk], words="He was sent money.", category=Category.COMMERCE, by=cast.dsl, at=NOW
    )

    assert (new.narrative, new.category, new.handled_by, new.logged_by) == (
        "He was sent money.",
        Category.COMMERCE,
        "dsl",
        cast.dsl,
    )
    assert [row.person for row in new.people.all()] == [other]
    assert case.people.count() == 2
    assert owed(new).exists()
    assert words_of(new, Event.SPLIT) == f"{case.reference}."
    assert words_of(case, Event.SPLIT) == f"{new.reference}."
    assert CaseLink.objects.get().kind == Link.SPLIT


def test_a_sibling_of_the_case_is_found_by_whichever_way_the_tie_was_entered(cast: Cast) -> None:
    child, sister, brother = (make_person(school=cast.school) for _ in range(3))
    people.relate(person=child, related=sister, relation=Relation.SIBLING, at=NOW)
    people.relate(person=brother, related=child, relation=Relation.SIBLING, at=NOW)
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(child), Involved(Part.NAMED, brother)])

    assert siblings_of_case(case) == [sister]


def opens(cast: Cast, name: str, case: Incident) -> bool:
    return visible_incidents(cast.access(name)).filter(pk=case.pk).exists()


def step_back(cast: Cast, case: Incident, name: str) -> None:
    sharing.step_back(incident=case, user=cast[name], kind=Kept.DECLARED, reason="Kin.", by=cast[name], at=NOW)


def test_who_may_not_open_the_duplicate_may_not_open_the_case_that_has_its_words(cast: Cast) -> None:
    deputy = person_of(cast.deputy, cast.school)
    target = make_incident(school=cast.school, by=cast.teacher, people=[Involved(Part.WITNESS, deputy)])
    twin = make_incident(school=cast.school, by=cast.colleague)
    parts.name(incident=twin, named=alleged(deputy), by=cast.dsl, at=NOW)
    step_back(cast, twin, "online_safety_lead")
    workflow.advance(incident=target, to=Status.ACKNOWLEDGED, by=cast.deputy, at=NOW)
    ownership.assign(incident=target, owner=cast.deputy, by=cast.dsl, at=NOW)
    assert opens(cast, "deputy", target)

    links.merge(incident=twin, into=Incident.objects.get(pk=target.pk), reason=WHY, by=cast.dsl, at=NOW)

    target.refresh_from_db()
    assert [opens(cast, name, target) for name in ("dsl", "deputy", "online_safety_lead")] == [True, False, False]
    assert target.people.get(person=deputy).part == Part.ALLEGED
    assert target.owner is None
    led = OutboxMessage.objects.filter(path=target.get_absolute_url(), sent_at__isnull=True)
    assert not led.filter(recipient__in=[cast.deputy, cast.online_safety_lead]).exists()
    assert told(target).index(Event.PART_CHANGED) < told(target).index(Event.MERGED)


@pytest.mark.parametrize("why", ["alleged", "stepped back"])
def test_who_may_not_open_a_case_learns_nothing_of_what_is_taken_out_of_it(cast: Cast, why: str) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    child = case.people.get()
    if why == "alleged":
        parts.name(incident=case, named=alleged(person_of(cast.deputy, cast.school)), by=cast.dsl, at=NOW)
    else:
        step_back(cast, case, "deputy")

    new = links.split(
        incident=Incident.objects.get(pk=case.pk),
        people=[child.pk],
        words="The child alone.",
        category=Category.CONTACT,
        by=cast.dsl,
        at=NOW,
    )

    assert (new.handled_by, new.is_about_adult) == ("dsl", False)
    assert [opens(cast, name, new) for name in ("dsl", "deputy")] == [True, False]
    assert not OutboxMessage.objects.filter(path=new.get_absolute_url(), recipient=cast.deputy).exists()


def test_what_is_taken_out_of_a_case_about_an_adult_stays_with_that_office(cast: Cast) -> None:
    people_of = [harmed(make_person(school=cast.school)), alleged(person_of(cast.colleague, cast.school))]
    case = make_incident(school=cast.school, by=cast.teacher, people=people_of)
    step_back(cast, case, "head")
    case.refresh_from_db()

    new = links.split(
        incident=case,
        people=[case.people.get(part=Part.HARMED).pk],
        words="The child alone.",
        category=Category.CONTACT,
        by=cast.chair,
        at=NOW,
    )

    assert (new.handled_by, new.is_about_adult) == ("chair_of_governors", True)
    assert not opens(cast, "head", new)
