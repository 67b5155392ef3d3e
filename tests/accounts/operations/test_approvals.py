"""A role that reads cases is given and ended by two people: nobody alone, nobody for themselves, no second account."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.access import access_school, schools_for
from accounts.errors import Refused
from accounts.models import Approval, AuditEvent, Membership, OutboxMessage, Relation, User
from accounts.operations import approvals, members, people
from accounts.queries.approvals import GOOD_FOR, approval_in_reach, asked_here, number_to_agree, takes_two
from accounts.roles import AGREES_IN_EMERGENCY, CASE_READERS, ROLES, Role
from tests.conftest import Cast
from tests.factories import LONG_AGO, NOW, make_member, make_school, person_of
from tests.numbers import examples

TODAY = NOW.date()
# Written a second time on purpose: who of the cast may be the second person for each role.
MAY: dict[Role, set[str]] = {
    Role.DSL: {"dsl", "head", "chair", "trust_lead"},
    Role.DEPUTY_DSL: {"dsl", "head", "chair", "trust_lead"},
    Role.ONLINE_SAFETY_LEAD: {"dsl", "head", "chair", "trust_lead"},
    Role.HEADTEACHER: {"dsl", "chair", "trust_lead"},
    Role.CHAIR_OF_GOVERNORS: {"dsl", "trust_lead"},
    Role.TRUST_SAFEGUARDING_LEAD: {"dsl", "chair"},
    Role.SLT: {"dsl", "head", "chair", "trust_lead"},
}
HOLDER = {
    Role.DSL: "dsl",
    Role.DEPUTY_DSL: "deputy",
    Role.ONLINE_SAFETY_LEAD: "online_safety_lead",
    Role.HEADTEACHER: "head",
    Role.CHAIR_OF_GOVERNORS: "chair",
    Role.TRUST_SAFEGUARDING_LEAD: "trust_lead",
    Role.SLT: "senior",
}


def give(cast: Cast, role: Role = Role.DEPUTY_DSL, **changes: Any) -> Approval | None:
    wanted: dict[str, Any] = {
        "email": "New@School.Example",
        "given_name": "Nell",
        "family_name": "Newcomer",
        "role": role,
        "starts_on": TODAY,
        "by": cast.administrator,
    }
    return approvals.give_role(school=cast.school, at=NOW, **(wanted | changes))


def end(cast: Cast, name: str = "deputy", **changes: Any) -> Approval | None:
    held = Membership.objects.select_related("school", "user", "person").get(user=cast[name])
    wanted: dict[str, Any] = {"reason": "They leave.", "by": cast.administrator, "at": NOW}
    return approvals.end_role(membership=held, **(wanted | changes))


def waiting(found: Approval | None) -> Approval:
    assert found is not None
    return found


def refused(act: Callable[[], object]) -> str:
    try:
        with transaction.atomic():
            act()
    except Refused as refusal:
        return refusal.code
    return ""


def second_account(cast: Cast, name: str, role: Role) -> User:
    """Make another account of somebody of the cast: the same person, another address, another role."""
    user = User.objects.create_user(f"{name}.again@school.example", "a long enough password", full_name="Another")
    person = person_of(cast[name], cast.school)
    members.add_member(school=cast.school, user=user, person=person, role=role, starts_on=LONG_AGO, at=NOW)
    return user


def test_every_role_that_reads_cases_or_agrees_in_an_emergency_and_no_other_takes_two(cast: Cast) -> None:
    takes = {role for role in Role if takes_two(cast.school, role)}
    assert takes == set(MAY) == CASE_READERS | AGREES_IN_EMERGENCY


def test_nobody_alone_names_who_agrees_to_their_own_emergency(cast: Cast) -> None:
    asked = waiting(give(cast, Role.SLT, email="ada@mailbox.example", given_name="Jane", family_name="Doe"))

    assert not User.objects.filter(email="ada@mailbox.example").exists()
    assert refused(lambda: give(cast, Role.SLT, email=cast.administrator.email)) == "own_role"
    approvals.agree(approval=asked, by=cast.head, at=NOW)
    assert User.objects.get(email="ada@mailbox.example").memberships.get().role == Role.SLT


def test_nothing_happens_before_a_second_person_agrees_and_all_of_it_after(cast: Cast) -> None:
    users = User.objects.count()

    asked = waiting(give(cast))

    assert User.objects.count() == users
    told = OutboxMessage.objects.filter(kind="accounts/approval_asked")
    assert {row.recipient for row in told} == {cast[name] for name in MAY[Role.DEPUTY_DSL]}
    assert number_to_agree(cast.access("head"), at=NOW) == 1
    assert number_to_agree(cast.access("deputy"), at=NOW) == 0
    approvals.agree(approval=asked, by=cast.head, at=NOW)
    user = User.objects.get(email="new@school.example")
    assert access_school(user, cast.school.slug, at=NOW).roles == {Role.DEPUTY_DSL}
    assert [row.summary for row in AuditEvent.objects.filter(target=f"approval:{asked.pk}").order_by("seq")] == [
        "Asked: Nell Newcomer gets the role Deputy Designated Safeguarding Lead.",
        "Agreed: Nell Newcomer gets the role Deputy Designated Safeguarding Lead.",
    ]
    assert OutboxMessage.objects.get(kind="accounts/approval_answered").recipient == cast.administrator
    assert refused(lambda: approvals.agree(approval=asked, by=cast.chair, at=NOW)) == "answered_already"


def test_a_role_goes_on_until_a_second_person_agrees_that_it_ends(cast: Cast) -> None:
    asked = waiting(end(cast))
    assert schools_for(cast.deputy, at=NOW) == [cast.school]

    approvals.agree(approval=asked, by=cast.dsl, at=NOW)

    assert schools_for(cast.deputy, at=NOW) == []


def test_a_role_that_reads_no_case_takes_one(cast: Cast) -> None:
    assert give(cast, Role.DPO) is None
    assert end(cast, "teacher", reason="") is None
    assert schools_for(cast.teacher, at=NOW) == []


def test_what_would_be_refused_later_is_refused_at_once(cast: Cast) -> None:
    assert refused(lambda: give(cast, email=cast.deputy.email)) == "already_member"
    assert refused(lambda: give(cast, given_name="Tessa", family_name="Teacher")) == "person_listed"
    assert refused(lambda: end(cast, "head")) == "last_holder"
    assert refused(lambda: end(cast, reason=" ")) == "reason_missing"
    assert not Approval.objects.exists()
    give(cast)
    assert refused(lambda: give(cast, given_name="Nelly")) == "asked_already"


def test_no_and_why_and_taking_it_back(cast: Cast) -> None:
    asked, other = waiting(give(cast)), waiting(end(cast))

    assert refused(lambda: approvals.decline(approval=asked, reason=" ", by=cast.head, at=NOW)) == "reason_missing"
    assert refused(lambda: approvals.decline(approval=asked, reason="No.", by=cast.deputy, at=NOW)) == "not_yours"
    approvals.decline(approval=asked, reason="We have one.", by=cast.head, at=NOW)
    approvals.decline(approval=other, reason="", by=cast.administrator, at=NOW)

    asked.refresh_from_db()
    assert (asked.is_agreed, asked.answered_by, asked.answer) == (False, cast.head, "We have one.")
    events = set(AuditEvent.objects.filter(event__startswith="approval.").values_list("event", flat=True))
    assert events == {"approval.asked", "approval.declined", "approval.withdrawn"}
    assert not User.objects.filter(email="new@school.example").exists()


def test_whoever_asked_must_still_be_able_to_ask(cast: Cast) -> None:
    asked = waiting(give(cast))
    Membership.objects.filter(user=cast.administrator).update(ends_on=LONG_AGO)

    assert refused(lambda: approvals.agree(approval=asked, by=cast.head, at=NOW)) == "asker_gone"


def test_what_was_asked_for_14_days_ago_is_agreed_to_by_nobody_and_may_be_asked_for_again(cast: Cast) -> None:
    asked, late = waiting(end(cast)), NOW + GOOD_FOR
    just = late - timedelta(seconds=1)
    assert [number_to_agree(cast.access("head"), at=at) for at in (just, late)] == [1, 0]
    assert refused(lambda: approvals.agree(approval=asked, by=cast.head, at=late)) == "too_old"
    assert refused(lambda: end(cast, at=just)) == "asked_already"

    again = waiting(end(cast, at=late))

    asked.refresh_from_db()
    assert (asked.is_agreed, asked.answered_at) == (False, late)
    approvals.agree(approval=again, by=cast.head, at=late)
    assert schools_for(cast.deputy, at=late) == []


def test_whom_it_is_about_learns_nothing_of_it_and_answers_nothing(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.DSL, name="Dagmar Safe")
    asked = waiting(end(cast, "dsl"))

    assert asked_here(cast.access("dsl"), at=NOW) == []
    assert refused(lambda: approvals.agree(approval=asked, by=cast.dsl, at=NOW)) == "not_yours"
    assert cast.dsl not in [row.recipient for row in OutboxMessage.objects.all()]
    assert [one.approval for one in asked_here(cast.access("head"), at=NOW)] == [asked]


def test_a_second_account_of_one_person_is_no_second_person(cast: Cast) -> None:
    again = second_account(cast, "administrator", Role.CHAIR_OF_GOVERNORS)
    of_subject = second_account(cast, "deputy", Role.TRUST_SAFEGUARDING_LEAD)

    gift, ending = waiting(give(cast)), waiting(end(cast))

    assert refused(lambda: approvals.agree(approval=gift, by=again, at=NOW)) == "not_yours"
    assert refused(lambda: approvals.agree(approval=ending, by=of_subject, at=NOW)) == "not_yours"
    own = refused(lambda: give(cast, email=again.email, role=Role.DSL))
    assert own == "own_role"


def test_a_relative_does_not_agree(cast: Cast) -> None:
    subject, relative = person_of(cast.deputy, cast.school), person_of(cast.head, cast.school)
    people.relate(person=subject, related=relative, relation=Relation.PARTNER, at=NOW)

    asked = waiting(end(cast))

    assert refused(lambda: approvals.agree(approval=asked, by=cast.head, at=NOW)) == "not_yours"
    assert asked_here(cast.access("head"), at=NOW) == []
    assert approval_in_reach(cast.access("head"), asked.pk) is None
    assert approval_in_reach(cast.access("chair"), asked.pk) == asked


def test_where_nobody_could_agree_the_refusal_says_what_to_do(cast: Cast) -> None:
    for name in ("head", "chair", "trust_lead"):
        Membership.objects.filter(user=cast[name]).delete()

    with pytest.raises(Refused, match=r"manage\.py give_role") as refusal:
        give(cast, by=cast.dsl)

    assert refusal.value.code == "nobody_agrees"
    call_command("give_role", cast.school.slug, "headteacher", "h@school.example", "Hanna", "Head")
    assert AuditEvent.objects.get(event="member.added", summary__contains="Hanna Head").actor == "system"
    with pytest.raises(CommandError, match="no school"):
        call_command("give_role", "nowhere", "headteacher", "h@school.example", "Hanna", "Head")


def test_the_first_who_reads_cases_needs_no_second(db: None) -> None:
    school = make_school()
    office = make_member(school=school, role=Role.SCHOOL_ADMINISTRATOR)
    wanted = {"given_name": "F", "family_name": "Irst", "starts_on": TODAY, "at": NOW, "by": office}

    assert approvals.give_role(school=school, email="f@school.example", role=Role.DSL, **wanted) is None
    with pytest.raises(Refused, match="A second person"):
        members.invite(school=school, email="g@school.example", role=Role.DSL, **(wanted | {"family_name": "Econd"}))


def test_the_database_refuses_that_somebody_agrees_to_their_own(cast: Cast) -> None:
    asked = waiting(give(cast))

    with pytest.raises(IntegrityError, match="approval_agreed_by_another"), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(answered_at=NOW, answered_by=cast.administrator, is_agreed=True)


def test_no_pair_of_people_goes_round_it(cast: Cast) -> None:
    """AZ-8: whoever asks and whoever is the second; it happens for exactly the pairs of the table, and for no other."""
    second_account(cast, "administrator", Role.DSL)
    senior = make_member(school=cast.school, role=Role.SLT, name="Sam Senior")
    twin = second_account(cast, "head", Role.TRUST_SAFEGUARDING_LEAD)
    operator = User.objects.create_superuser("o@host.example", "a long enough password", full_name="Operator")
    extra = {"twin of the administrator": User.objects.get(email="administrator.again@school.example")}
    extra |= {"twin of the head": twin, "operator": operator, "senior": senior}
    names = ["teacher", "dsl", "deputy", "online_safety_lead", "head", "chair", "governor", "ict", "administrator"]
    actors = {name: cast[name] for name in [*names, "trust_lead", "next_door_dsl"]} | extra
    chance, wrong, done = random.Random(8), [], 0
    for _ in range(examples(250, promised=2_000)):
        asker, second = chance.choice(list(actors)), chance.choice(list(actors))
        role, gift = chance.choice(list(MAY)), chance.random() < 0.6
        happened = _happens(cast, actors, (asker, second), role, gift=gift)
        done += happened
        if happened != _may(asker, second, role, gift=gift):
            wrong.append((asker, second, role.value, gift, happened))
    assert wrong == []
    assert done > 10


def _happens(cast: Cast, actors: dict[str, User], pair: tuple[str, str], role: Role, *, gift: bool) -> bool:
    asker, second = (actors[name] for name in pair)
    try:
        with transaction.atomic():
            if gift:
                said = {"given_name": "N", "family_name": "Ew", "starts_on": TODAY}
                members.invite(
                    school=cast.school, email="n@x.example", role=role, at=NOW, by=asker, second=second, **said
                )
            else:
                make_member(school=cast.school, role=role)
                held = Membership.objects.get(user=actors[HOLDER[role]])
                members.end_membership(membership=held, at=NOW, by=asker, second=second)
            transaction.set_rollback(True)
    except Refused:
        return False
    return True


def _may(asker: str, second: str, role: Role, *, gift: bool) -> bool:
    """Say, from the table of this file alone, whether these two may."""
    same = {"twin of the administrator": "administrator", "twin of the head": "head"}
    roles = {"twin of the administrator": "dsl", "twin of the head": "trust_lead"}
    if roles.get(second, second) not in MAY[role]:
        return False
    asks, agrees = same.get(asker, asker), same.get(second, second)
    subject = None if gift else HOLDER[role]
    return asks != agrees and subject not in (asks, agrees)


def test_every_role_of_the_table_exists() -> None:
    assert set(HOLDER) == set(MAY) <= set(ROLES)
