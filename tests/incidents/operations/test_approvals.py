"""What takes two people on a case: opening a sealed one again, letting somebody back, taking back an accusation."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import Refused
from accounts.models import OutboxMessage, User
from accounts.queries.approvals import GOOD_FOR
from accounts.roles import Role
from incidents.events import Event
from incidents.models import CaseApproval, CaseGrant, Incident, Interest, InvolvedPerson
from incidents.operations import approvals, sharing
from incidents.queries.approvals import waiting_for, waiting_on
from incidents.statuses import Kept, Part
from tests.accounts.operations.test_approvals import second_account
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.numbers import examples

WHY = "The family moved away."


@pytest.fixture
def case(cast: Cast) -> Incident:
    people = [harmed(make_person(school=cast.school)), alleged(make_person(school=cast.school))]
    return make_incident(school=cast.school, by=cast.teacher, people=people)


def sealed(cast: Cast, case: Incident, *names: str) -> None:
    named = [cast[name] for name in names]
    sharing.seal(incident=case, named=named, reason="A colleague's own child.", by=cast.dsl, at=NOW)


def away(cast: Cast, case: Incident, name: str = "online_safety_lead") -> Interest:
    said = {"kind": Kept.DECLARED, "reason": "My neighbours.", "at": NOW}
    return sharing.step_back(incident=case, user=cast[name], by=cast[name], **said)


def accused(case: Incident) -> InvolvedPerson:
    row: InvolvedPerson = case.people.get(part=Part.ALLEGED)
    return row


def refused(act: Callable[[], object]) -> str:
    try:
        with transaction.atomic():
            act()
    except Refused as refusal:
        return refusal.code
    return ""


def test_a_sealed_case_opens_again_when_a_second_of_its_people_agrees(cast: Cast, case: Incident) -> None:
    sealed(cast, case, "head", "deputy")

    asked = approvals.ask_to_unseal(incident=case, reason=WHY, by=cast.dsl, at=NOW)

    assert Incident.objects.get(pk=case.pk).is_sealed
    told = OutboxMessage.objects.filter(kind="incidents/approval_asked")
    assert {row.recipient for row in told} == {cast.head, cast.deputy}
    deputy = User.objects.get(pk=cast.deputy.pk)
    assert [one.may_agree for one in waiting_on(case, deputy, at=NOW)] == [True]
    assert waiting_for(cast.access("online_safety_lead")) == waiting_for(cast.access("dsl")) == []
    approvals.agree(approval=asked, by=cast.head, at=NOW)
    case = Incident.objects.get(pk=case.pk)
    assert case.handled_by == Role.DSL
    assert "Dora Safe and Hetty Head" in case.chronology.get(event=Event.UNSEALED).text
    assert WHY in case.chronology.get(event=Event.APPROVAL_ASKED).text


def test_somebody_is_let_back_by_two_others(cast: Cast, case: Incident) -> None:
    interest = away(cast, case)
    own = cast.online_safety_lead

    assert refused(lambda: approvals.ask_to_let_back(interest=interest, reason=WHY, by=own, at=NOW)) == "own"
    asked = approvals.ask_to_let_back(interest=interest, reason=WHY, by=cast.deputy, at=NOW)
    assert refused(lambda: approvals.agree(approval=asked, by=own, at=NOW)) == "not_yours"
    assert waiting_for(cast.access("dsl")) == [asked]
    approvals.agree(approval=asked, by=cast.dsl, at=NOW)

    interest.refresh_from_db()
    assert (interest.ended_by, interest.ended_reason) == (cast.deputy, WHY)
    assert refused(lambda: approvals.ask_to_let_back(interest=interest, reason=WHY, by=cast.dsl, at=NOW)) == (
        "ended_already"
    )


def test_that_somebody_did_no_harm_takes_two_and_any_other_part_one(cast: Cast, case: Incident) -> None:
    said: dict[str, Any] = {"reason": WHY, "by": cast.dsl, "at": NOW}

    asked = approvals.change_part(row=accused(case), part=Part.WITNESS, **said)

    assert asked is not None
    assert accused(case)
    assert "“" in waiting_on(case, cast.deputy, at=NOW)[0].what
    approvals.agree(approval=asked, by=cast.deputy, at=NOW)
    assert not case.people.filter(part=Part.ALLEGED).exists()
    hurt = case.people.get(part=Part.HARMED)
    assert approvals.change_part(row=hurt, part=Part.NAMED, **said) is None
    assert case.people.get(pk=hurt.pk).part == Part.NAMED


def test_no_and_why_stand_in_the_chronology(cast: Cast, case: Incident) -> None:
    asked = approvals.ask_to_let_back(interest=away(cast, case), reason=WHY, by=cast.deputy, at=NOW)

    assert refused(lambda: approvals.decline(approval=asked, reason=" ", by=cast.dsl, at=NOW)) == "reason_missing"
    assert refused(lambda: approvals.decline(approval=asked, reason="No.", by=cast.head, at=NOW)) == "not_yours"
    approvals.decline(approval=asked, reason="Not yet.", by=cast.dsl, at=NOW)

    assert "Not yet." in case.chronology.get(event=Event.APPROVAL_DECLINED).text
    assert OutboxMessage.objects.filter(kind="incidents/approval_answered").get().recipient == cast.deputy
    assert refused(lambda: approvals.agree(approval=asked, by=cast.dsl, at=NOW)) == "answered_already"


def test_nobody_is_asked_where_nobody_else_works_on_it(cast: Cast, case: Incident) -> None:
    sealed(cast, case, "deputy")
    grant = CaseGrant.objects.get(content_object=case, user=cast.deputy)
    sharing.take_back(grant=grant, by=cast.deputy, at=NOW)

    assert refused(lambda: approvals.ask_to_unseal(incident=case, reason=WHY, by=cast.dsl, at=NOW)) == "nobody_agrees"
    assert not CaseApproval.objects.exists()


def test_the_same_is_asked_once_and_with_a_reason(cast: Cast, case: Incident) -> None:
    interest = away(cast, case)

    def ask(reason: str = WHY) -> CaseApproval:
        return approvals.ask_to_let_back(interest=interest, reason=reason, by=cast.deputy, at=NOW)

    assert refused(lambda: ask(" ")) == "reason_missing"
    asked = ask()
    assert refused(ask) == "asked_already"
    with pytest.raises(IntegrityError, match="case_approval_agreed_by_another"), transaction.atomic():
        CaseApproval.objects.filter(pk=asked.pk).update(answered_at=NOW, answered_by=cast.deputy, is_agreed=True)


def test_what_is_14_days_old_is_agreed_to_by_nobody_and_may_be_asked_for_again(cast: Cast, case: Incident) -> None:
    interest, late = away(cast, case), NOW + GOOD_FOR
    said: dict[str, Any] = {"interest": interest, "reason": WHY, "by": cast.deputy}
    asked = approvals.ask_to_let_back(at=NOW, **said)
    assert waiting_for(cast.access("dsl", at=late)) == []
    assert refused(lambda: approvals.agree(approval=asked, by=cast.dsl, at=late)) == "too_old"

    again = approvals.ask_to_let_back(at=late, **said)

    asked.refresh_from_db()
    assert (asked.is_agreed, asked.answered_at) == (False, late)
    approvals.agree(approval=again, by=cast.dsl, at=late)
    interest.refresh_from_db()
    assert interest.ended_at == late


def test_no_pair_of_people_goes_round_it(cast: Cast, case: Incident) -> None:
    """AZ-8: exactly two different people who work on the case and are not whom it is about; no other pair."""
    away(cast, case)
    twin = second_account(cast, "deputy", Role.DSL)
    names = ["teacher", "dsl", "deputy", "online_safety_lead", "head", "chair", "governor", "administrator"]
    actors = {name: cast[name] for name in [*names, "next_door_dsl"]} | {"twin of the deputy": twin}
    makers: dict[str, Callable[[User], CaseApproval | None]] = {
        "unseal": lambda by: approvals.ask_to_unseal(incident=case, reason=WHY, by=by, at=NOW),
        "let back": lambda by: approvals.ask_to_let_back(
            interest=Interest.objects.get(user=cast.online_safety_lead), reason=WHY, by=by, at=NOW
        ),
        "part": lambda by: approvals.change_part(row=accused(case), part=Part.WITNESS, reason=WHY, by=by, at=NOW),
    }
    may = {frozenset({"dsl", "deputy"}), frozenset({"dsl", "twin of the deputy"})}
    pairs = list(itertools.product(makers, actors, actors))
    wrong = []
    for kind, asker, second in pairs[:: len(pairs) // examples(60, promised=len(pairs))]:
        happened = _happens(cast, case, kind, makers[kind], actors[asker], actors[second])
        wanted = frozenset({asker, second}) in may
        if happened != wanted:
            wrong.append((kind, asker, second, happened))
    assert wrong == []
    assert _happens(cast, case, "part", makers["part"], cast.dsl, cast.deputy)


def _happens(
    cast: Cast, case: Incident, kind: str, ask: Callable[[User], CaseApproval | None], asker: User, second: User
) -> bool:
    try:
        with transaction.atomic():
            if kind == "unseal":
                sealed(cast, case, "deputy")
                twin = User.objects.get(email="deputy.again@school.example")
                naming = sharing.Naming(twin, "Why.", None)
                sharing.share(incident=case, naming=naming, by=cast.dsl, at=NOW)
            asked = ask(User.objects.get(pk=asker.pk))
            assert asked is not None
            approvals.agree(approval=asked, by=User.objects.get(pk=second.pk), at=NOW)
            transaction.set_rollback(True)
    except Refused:
        return False
    return True
