"""Sharing with one person for a time, sealing, stepping back: who reads a case besides those who handle it."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from accounts.access import access_school
from accounts.errors import Refused
from accounts.models import OutboxMessage, Relation, User
from accounts.operations import people
from accounts.permissions import Permission
from accounts.roles import Role
from incidents.access import access_duty, access_incident, cases_by_name, possible_owners, visible_incidents
from incidents.events import Event
from incidents.models import CaseGrant, Incident, Obligation
from incidents.operations import links, ownership, sharing, workflow
from incidents.operations.sharing import Naming
from incidents.queries.people import involved_people
from incidents.statuses import Kept, Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, person_of

DAY = timedelta(days=1)
TODAY = NOW.date()
EVERYBODY = ("teacher", "colleague", "dsl", "deputy", "online_safety_lead", "head", "chair", "governor", "ict")


@pytest.fixture
def case(cast: Cast) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher)


def readers(cast: Cast, case: Incident, at: Any = NOW) -> list[str]:
    """Return who may open a case, asked of the database anew."""
    found = []
    for name in EVERYBODY:
        user = User.objects.get(pk=cast[name].pk)
        # Who left has no access to ask with.
        with suppress(Http404):
            if visible_incidents(access_school(user, cast.school.slug, at=at)).filter(pk=case.pk).exists():
                found.append(name)
    return found


def share(cast: Cast, case: Incident, name: str, days: int = 7) -> CaseGrant:
    naming = Naming(cast[name], "To look after them in form time.", TODAY + days * DAY)
    return sharing.share(incident=case, naming=naming, by=cast.dsl, at=NOW)


def seal(cast: Cast, case: Incident, *names: str, by: str = "dsl") -> None:
    """Seal it; the online safety lead is named too where nobody else who works on cases is."""
    alone = not {"deputy", "head", "online_safety_lead"} & set(names)
    named = [cast[name] for name in (*names, *(["online_safety_lead"] if alone else []))]
    sharing.seal(incident=case, named=named, reason="A colleague's own child.", by=cast[by], at=NOW)


def refused(code: str, act: Any, **said: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act(**said)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


TEAM = ["dsl", "deputy", "online_safety_lead"]


def test_a_shared_case_opens_to_one_person_until_the_day_is_over(cast: Cast, case: Incident) -> None:
    assert readers(cast, case) == TEAM

    share(cast, case, "colleague")

    assert readers(cast, case) == ["colleague", *TEAM]
    assert readers(cast, case, NOW + 7 * DAY) == ["colleague", *TEAM]
    assert readers(cast, case, NOW + 8 * DAY) == TEAM
    colleague = User.objects.get(pk=cast.colleague.pk)
    access = access_school(colleague, cast.school.slug, at=NOW)
    assert access.reads_others
    assert access_incident(access, case.reference, Permission.INCIDENT_READ) == case
    with pytest.raises(Http404):
        access_incident(access, case.reference, Permission.INCIDENT_WORK)
    assert list(cases_by_name(access)) == [case]
    text = case.chronology.get(event=Event.GRANTED).text
    assert text.startswith(f"{cast.colleague.full_name} may open it, until 24 November 2026.")
    assert OutboxMessage.objects.get(kind="incidents/named_on_case").recipient == cast.colleague


def test_taken_back_it_is_closed_to_them_at_once(cast: Cast, case: Incident) -> None:
    grant = share(cast, case, "colleague")

    sharing.take_back(grant=grant, by=cast.dsl, at=NOW)

    assert readers(cast, case) == TEAM
    assert case.chronology.filter(event=Event.GRANT_ENDED).count() == 1


def test_what_cannot_be_shared_is_refused_with_a_sentence(cast: Cast, case: Incident) -> None:
    said = {"incident": case, "by": cast.dsl, "at": NOW}
    for days in (-1, 367):
        refused("day_wrong", sharing.share, naming=Naming(cast.colleague, "Why", TODAY + days * DAY), **said)
    refused("day_wrong", sharing.share, naming=Naming(cast.colleague, "Why", None), **said)
    refused("purpose_missing", sharing.share, naming=Naming(cast.colleague, " ", TODAY), **said)
    refused("reads_already", sharing.share, naming=Naming(cast.deputy, "Why", TODAY), **said)
    refused("not_here", sharing.share, naming=Naming(cast.next_door_dsl, "Why", TODAY), **said)
    assert not CaseGrant.objects.exists()


def test_whoever_it_is_about_or_close_to_is_never_let_in_and_loses_what_was_shared(cast: Cast) -> None:
    about = alleged(person_of(cast.colleague, cast.school))
    case = make_incident(school=cast.school, by=cast.teacher, people=[about])
    naming = Naming(cast.colleague, "Why", TODAY)
    refused("kept_away", sharing.share, incident=case, naming=naming, by=cast.head, at=NOW)

    share_with = Naming(cast.governor, "To advise.", TODAY)
    sharing.share(incident=case, naming=share_with, by=cast.head, at=NOW)
    assert "governor" in readers(cast, case)
    of_governor, of_colleague = person_of(cast.governor, cast.school), person_of(cast.colleague, cast.school)
    people.relate(person=of_governor, related=of_colleague, relation=Relation.PARTNER, at=NOW)

    assert "governor" not in readers(cast, case)


def test_a_sealed_case_opens_to_the_people_named_and_to_no_role(cast: Cast, case: Incident) -> None:
    seal(cast, case, "head")

    assert readers(cast, case) == ["dsl", "head"]
    sealed = Incident.objects.get(pk=case.pk)
    assert (sealed.is_sealed, sealed.is_restricted, sealed.sealed_from) == (True, True, "dsl")
    assert sealed.audit_chain == f"case:{case.pk}"
    assert possible_owners(sealed, involved_people(sealed), at=NOW) == [cast.dsl, cast.head]
    head = access_school(User.objects.get(pk=cast.head.pk), cast.school.slug, at=NOW)
    assert access_incident(head, case.reference, Permission.INCIDENT_WORK) == sealed
    # What its role owes in it is nobody's any more who may not open it.
    owed = Obligation.objects.filter(incident=case, owner_role="deputy_dsl").first() or case.obligations.first()
    with pytest.raises(Http404):
        access_duty(access_school(cast.deputy, cast.school.slug, at=NOW), owed.pk)


def test_an_owner_who_is_not_named_owns_it_no_longer(cast: Cast, case: Incident) -> None:
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.assign(incident=case, owner=cast.deputy, by=cast.dsl, at=NOW)

    seal(cast, case)

    assert Incident.objects.get(pk=case.pk).owner is None
    assert readers(cast, case) == ["dsl", "online_safety_lead"]


def test_sealing_is_refused_without_a_reason_or_twice(cast: Cast, case: Incident) -> None:
    refused("reason_missing", sharing.seal, incident=case, named=[], reason=" ", by=cast.dsl, at=NOW)
    seal(cast, case)
    refused("sealed_already", sharing.seal, incident=case, named=[], reason="Why", by=cast.dsl, at=NOW)


def test_two_people_who_may_open_it_open_it_again_to_those_who_handle_such_cases(cast: Cast, case: Incident) -> None:
    seal(cast, case, "deputy")
    said = {"incident": case, "reason": "It is over.", "by": cast.dsl, "at": NOW}
    refused("second_missing", sharing.unseal, second=cast.dsl, **said)
    refused("second_missing", sharing.unseal, second=cast.online_safety_lead, **said)

    sharing.unseal(second=cast.deputy, **said)

    assert readers(cast, case) == TEAM
    assert not CaseGrant.objects.exists()
    refused("not_sealed", sharing.unseal, second=cast.deputy, **said)


def test_the_last_who_can_work_on_a_sealed_case_cannot_be_taken_off_it(cast: Cast, case: Incident) -> None:
    seal(cast, case, "colleague")
    grants = {grant.user: grant for grant in CaseGrant.objects.select_related("user")}
    lead, other = grants[cast.dsl], grants[cast.online_safety_lead]

    refused("works_on_it", sharing.take_back, grant=other, by=cast.dsl, at=NOW)
    sharing.take_back(grant=grants[cast.colleague], by=cast.dsl, at=NOW)
    sharing.take_back(grant=other, by=cast.online_safety_lead, at=NOW)
    refused("nobody_left", sharing.take_back, grant=lead, by=cast.dsl, at=NOW)

    assert readers(cast, case) == ["dsl"]
    for_a_while = Naming(cast.deputy, "While she is away.", TODAY + DAY)
    sharing.share(incident=case, naming=for_a_while, by=cast.dsl, at=NOW)
    refused("nobody_left", sharing.take_back, grant=lead, by=cast.dsl, at=NOW)


def test_nobody_seals_a_case_to_themselves_or_one_that_they_only_read(cast: Cast, case: Incident) -> None:
    said = {"incident": case, "reason": "Why", "at": NOW}
    refused("one_alone", sharing.seal, named=[cast.colleague], by=cast.deputy, **said)
    naming = Naming(cast.head, "To advise.", TODAY)
    sharing.share(incident=case, naming=naming, by=cast.dsl, at=NOW)

    refused("not_handling", sharing.seal, named=[cast.dsl], by=cast.head, **said)

    assert readers(cast, case) == [*TEAM, "head"]


def test_who_is_too_close_to_it_says_so_and_reads_it_no_more(cast: Cast, case: Incident) -> None:
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.deputy, at=NOW)
    ownership.assign(incident=case, owner=cast.deputy, by=cast.deputy, at=NOW)
    said = {"incident": case, "kind": Kept.DECLARED, "at": NOW}
    refused("reason_missing", sharing.step_back, user=cast.deputy, by=cast.deputy, reason=" ", **said)

    row = sharing.step_back(user=cast.deputy, by=cast.deputy, reason="My neighbour.", **said)

    assert readers(cast, case) == ["dsl", "online_safety_lead"]
    found = Incident.objects.get(pk=case.pk)
    assert (found.owner, found.handled_by) == (None, "dsl")
    assert sharing.step_back(user=cast.deputy, by=cast.deputy, reason="Twice.", **said) == row
    sharing.let_back(interest=row, reason="They moved.", by=cast.dsl, second=cast.online_safety_lead, at=NOW)
    assert readers(cast, case) == TEAM


def test_two_sealed_cases_are_never_merged_and_neither_names_the_other(cast: Cast, case: Incident) -> None:
    other = make_incident(school=cast.school, by=cast.teacher)
    seal(cast, case)
    seal(cast, other)
    pair = [Incident.objects.get(pk=one.pk) for one in (case, other)]

    with pytest.raises(Refused, match="Different people handle these cases"):
        links.merge(incident=pair[0], into=pair[1], reason="The same.", by=cast.dsl, at=NOW)
    links.link(incident=pair[0], other=pair[1], reason="The same day.", by=cast.dsl, at=NOW)

    for one, another in (pair, pair[::-1]):
        assert another.reference not in one.chronology.get(event=Event.LINKED).text


def test_a_second_dsl_named_on_another_case_reads_only_that(cast: Cast, case: Incident) -> None:
    seal(cast, case)
    second = make_member(school=cast.school, role=Role.STAFF, name="Form Tutor")
    open_case = make_incident(school=cast.school, by=cast.teacher)
    sharing.share(incident=open_case, naming=Naming(second, "Their form.", TODAY), by=cast.dsl, at=NOW)

    seen = visible_incidents(access_school(User.objects.get(pk=second.pk), cast.school.slug, at=NOW))

    assert list(seen) == [open_case]


def test_what_leads_to_a_case_is_taken_back_from_whom_it_does_not_open_to_any_more(cast: Cast, case: Incident) -> None:
    def waiting() -> set[User]:
        unread = OutboxMessage.objects.filter(path=case.get_absolute_url(), read_at__isnull=True)
        return {message.recipient for message in unread.select_related("recipient")}

    assert waiting() == {cast.dsl, cast.deputy, cast.online_safety_lead}

    seal(cast, case, "deputy")

    assert waiting() == {cast.dsl, cast.deputy}
    case.refresh_from_db()
    sharing.step_back(
        incident=case, user=cast.deputy, kind=Kept.DECLARED, reason="My neighbour.", by=cast.deputy, at=NOW
    )
    assert waiting() == {cast.dsl}
