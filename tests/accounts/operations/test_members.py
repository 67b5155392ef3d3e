"""Giving and ending roles: dates, doubles, the last holder, and the person a user stays."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.access import access_school, conflicts_of, schools_for
from accounts.errors import Refused
from accounts.models import AuditEvent, Membership, OutboxMessage, Person, PersonKind, School, User
from accounts.operations import members
from accounts.queries.members import holders
from accounts.roles import Role
from incidents.access import visible_incidents
from tests.conftest import Cast
from tests.factories import LONG_AGO, NOW, alleged, make_incident, make_member, make_person, make_school, person_of

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def _invite(
    school: School,
    by: User,
    *,
    email: str = "new@school.example",
    role: Role = Role.STAFF,
    starts_on: date = TODAY,
    second: User | None = None,
) -> Membership:
    return members.invite(
        school=school,
        email=email,
        given_name="Nell",
        family_name="Newcomer",
        role=role,
        starts_on=starts_on,
        at=NOW,
        by=by,
        second=second,
    )


def _held(user: User, role: Role | None = None) -> Membership:
    found = Membership.objects.filter(user=user)
    return (found.filter(role=role.value) if role else found).get()


# Adding


def test_a_role_is_given_from_a_day_on_and_recorded_in_a_sentence(cast: Cast) -> None:
    membership = members.add_member(
        school=cast.school,
        user=cast.teacher,
        person=person_of(cast.teacher, cast.school),
        role=Role.HEAD_OF_KEY_STAGE,
        starts_on=TOMORROW,
        at=NOW,
        by=cast.administrator,
    )

    assert (membership.starts_on, membership.ends_on) == (TOMORROW, None)
    row = AuditEvent.objects.get(target=f"membership:{membership.pk}")
    assert row.summary == "Gave Tessa Teacher the role Head of key stage."
    assert row.actor == str(cast.administrator.pk)
    assert row.data == {"role": "head_of_key_stage"}


def test_the_sentence_uses_the_schools_own_title(db: None) -> None:
    school = make_school(role_titles={"dsl": "Child protection lead"})

    make_member(school=school, role=Role.DSL, name="Dee Lead")

    assert AuditEvent.objects.filter(summary="Gave Dee Lead the role Child protection lead.").exists()


def test_a_person_of_another_school_is_refused(cast: Cast) -> None:
    stranger = make_person(school=cast.next_door, kind=PersonKind.STAFF)

    with pytest.raises(Refused, match="another school"):
        members.add_member(
            school=cast.school, user=cast.teacher, person=stranger, role=Role.DPO, starts_on=TODAY, at=NOW
        )


@pytest.mark.parametrize("days", [-30, 0, 30])
def test_the_same_role_twice_at_once_is_refused_whenever_the_second_begins(cast: Cast, days: int) -> None:
    newcomer = make_member(school=cast.school, role=Role.BURSAR)
    Membership.objects.filter(user=newcomer).update(starts_on=TODAY)
    before = AuditEvent.objects.count()

    with pytest.raises(Refused) as refusal:
        members.add_member(
            school=cast.school,
            user=newcomer,
            person=person_of(newcomer, cast.school),
            role=Role.BURSAR,
            starts_on=TODAY + timedelta(days=days),
            at=NOW,
        )

    assert refusal.value.code == "already_member"
    assert AuditEvent.objects.count() == before


def test_a_role_can_be_held_again_after_it_ended(cast: Cast) -> None:
    members.end_membership(membership=_held(cast.teacher), at=NOW, by=cast.administrator)

    members.add_member(
        school=cast.school,
        user=cast.teacher,
        person=person_of(cast.teacher, cast.school),
        role=Role.STAFF,
        starts_on=TODAY,
        at=NOW,
    )

    assert access_school(cast.teacher, cast.school.slug, at=NOW).roles == {Role.STAFF}


@pytest.mark.parametrize(
    "dates", [{"ends_on": LONG_AGO - timedelta(days=1)}, {"starts_on": date(2030, 1, 1), "ends_on": date(2029, 1, 1)}]
)
def test_the_database_refuses_a_role_that_ends_before_it_begins(cast: Cast, dates: dict[str, date]) -> None:
    with pytest.raises(IntegrityError, match="membership_ends_after_it_starts"), transaction.atomic():
        Membership.objects.filter(user=cast.teacher).update(**dates)


# Inviting


def test_somebody_new_gets_a_user_a_person_a_role_and_a_message(cast: Cast) -> None:
    membership = _invite(
        cast.school, cast.administrator, email="  New@School.Example ", role=Role.DEPUTY_DSL, second=cast.head
    )

    user = User.objects.get(email="new@school.example")
    assert (user.full_name, user.has_usable_password(), user.is_superuser) == ("Nell Newcomer", False, False)
    assert (membership.user, membership.role, membership.person.name) == (user, "deputy_dsl", "Nell Newcomer")
    message = OutboxMessage.objects.get()
    assert (message.kind, message.address, message.path) == ("accounts/invited", user.email, "/account/password/reset/")


def test_somebody_known_keeps_name_password_and_person(cast: Cast) -> None:
    people_before = Person.objects.count()
    password = cast.teacher.password

    membership = _invite(cast.school, cast.administrator, email=cast.teacher.email.upper(), role=Role.DPO)

    cast.teacher.refresh_from_db()
    assert (cast.teacher.full_name, cast.teacher.password) == ("Tessa Teacher", password)
    assert membership.person.name == "Tessa Teacher"
    assert Person.objects.count() == people_before


def test_whoever_can_sign_in_is_told_of_the_role_and_not_to_choose_a_password(cast: Cast) -> None:
    _invite(cast.school, cast.administrator, email=cast.teacher.email, role=Role.DPO)

    message = OutboxMessage.objects.get()
    assert (message.kind, message.path) == ("accounts/role_given", "/s/oakfield/")


def test_whoever_never_chose_a_password_is_invited_once_more(cast: Cast) -> None:
    _invite(cast.school, cast.administrator)
    _invite(cast.school, cast.administrator, role=Role.DPO)

    assert [message.kind for message in OutboxMessage.objects.all()] == ["accounts/invited"] * 2


def test_a_closed_account_is_given_no_role(cast: Cast) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)

    with pytest.raises(Refused, match="is closed") as refusal:
        _invite(cast.school, cast.administrator, email=cast.teacher.email, role=Role.DPO)

    assert refusal.value.code == "inactive"
    assert not Membership.objects.filter(role=Role.DPO.value).exists()
    assert not OutboxMessage.objects.exists()


def test_somebody_from_the_school_next_door_becomes_a_person_here_too(cast: Cast) -> None:
    _invite(cast.school, cast.administrator, email=cast.next_door_teacher.email)

    assert {school.name for school in schools_for(cast.next_door_teacher, at=NOW)} == {
        "Oakfield Primary School",
        "Birchwood School",
    }
    assert len(conflicts_of(cast.next_door_teacher)) == 2


def test_an_invitation_that_is_refused_leaves_nothing_behind(cast: Cast) -> None:
    users, messages = User.objects.count(), OutboxMessage.objects.count()

    with pytest.raises(Refused):
        _invite(cast.school, cast.administrator, email=cast.teacher.email, role=Role.STAFF)

    assert (User.objects.count(), OutboxMessage.objects.count()) == (users, messages)


# Ending


def test_an_ended_role_opens_nothing_from_the_same_moment_on(cast: Cast) -> None:
    members.end_membership(membership=_held(cast.deputy), at=NOW, by=cast.administrator, second=cast.head)

    assert schools_for(cast.deputy, at=NOW) == []
    assert _held(cast.deputy).ends_on == TODAY - timedelta(days=1)
    assert "Dennis Deputy" in AuditEvent.objects.get(event="member.ended").summary


def test_a_role_ends_once(cast: Cast) -> None:
    members.end_membership(membership=_held(cast.teacher), at=NOW, by=cast.administrator)

    with pytest.raises(Refused, match="ended already"):
        members.end_membership(membership=_held(cast.teacher), at=NOW, by=cast.administrator)


@pytest.mark.parametrize("who", ["dsl", "head", "administrator"])
def test_the_last_holder_stays(cast: Cast, who: str) -> None:
    with pytest.raises(Refused) as refusal:
        members.end_membership(membership=_held(cast[who]), at=NOW, by=cast.administrator, second=cast.chair)

    assert refusal.value.code == "last_holder"
    assert schools_for(cast[who], at=NOW) == [cast.school]


@pytest.mark.parametrize(
    ("change", "may_go"),
    [
        ({}, True),
        ({"starts_on": TOMORROW}, False),
        ({"ends_on": TODAY}, False),
        ({"ends_on": TODAY - timedelta(days=1)}, False),
    ],
    ids=["another", "begins tomorrow", "ends today", "has ended"],
)
def test_the_last_holder_goes_only_when_another_holds_the_role_for_good(
    cast: Cast, change: dict[str, date], may_go: bool
) -> None:
    second = make_member(school=cast.school, role=Role.DSL)
    Membership.objects.filter(user=second).update(**({"starts_on": LONG_AGO} | change))

    code = _refused_code(
        lambda: members.end_membership(membership=_held(cast.dsl), at=NOW, by=cast.administrator, second=cast.head)
    )

    assert code == ("" if may_go else "last_holder")
    assert (schools_for(cast.dsl, at=NOW) == []) is may_go
    assert holders(cast.school, frozenset({Role.DSL}), at=NOW + timedelta(days=2))


def _refused_code(act: Callable[[], object]) -> str:
    try:
        act()
    except Refused as refusal:
        return refusal.code
    return ""


def test_a_holder_who_cannot_sign_in_and_one_next_door_are_not_another(cast: Cast) -> None:
    inactive = make_member(school=cast.school, role=Role.DSL)
    User.objects.filter(pk=inactive.pk).update(is_active=False)

    with pytest.raises(Refused, match="Nobody else is Designated Safeguarding Lead"):
        members.end_membership(membership=_held(cast.dsl), at=NOW, by=cast.administrator, second=cast.head)


@pytest.mark.django_db(transaction=True)
def test_two_last_holders_cannot_be_ended_at_the_same_moment() -> None:
    school = make_school()
    two = [make_member(school=school, role=Role.DSL) for _ in range(2)]
    asks, agrees = make_member(school=school), make_member(school=school, role=Role.HEADTEACHER)
    together = threading.Barrier(2)

    def end(user: User) -> str:
        try:
            together.wait(5)
            members.end_membership(membership=_held(user), at=NOW, by=asks, second=agrees)
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "ended"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(end, two))

    assert outcomes == ["ended", "last_holder"]


@pytest.mark.parametrize("starts_on", [TODAY, TOMORROW])
def test_a_role_that_was_given_by_mistake_is_taken_back(cast: Cast, starts_on: date) -> None:
    membership = _invite(cast.school, cast.administrator, starts_on=starts_on)

    members.end_membership(membership=membership, at=NOW, by=cast.administrator)

    assert schools_for(membership.user, at=NOW) == []
    assert schools_for(membership.user, at=NOW + timedelta(days=30)) == []
    assert AuditEvent.objects.filter(event="member.ended").count() == 1


def test_a_second_role_that_was_given_by_mistake_leaves_no_row(cast: Cast) -> None:
    membership = _invite(cast.school, cast.administrator, email=cast.teacher.email, role=Role.DPO)

    members.end_membership(membership=membership, at=NOW, by=cast.administrator)

    assert _held(cast.teacher).role == "staff"


def test_who_was_sent_away_on_the_first_day_and_came_back_is_still_the_same_person(cast: Cast) -> None:
    """Otherwise a new row of the same human being would open the case about the old one."""
    first = _invite(cast.school, cast.administrator, role=Role.CHAIR_OF_GOVERNORS, second=cast.dsl)
    accused = first.person
    members.end_membership(membership=first, at=NOW, by=cast.administrator, second=cast.dsl)

    again = _invite(cast.school, cast.administrator, role=Role.HEADTEACHER, second=cast.chair)
    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(accused)])

    assert again.person == accused
    assert accused.pk in conflicts_of(again.user)
    assert incident not in visible_incidents(access_school(again.user, cast.school.slug, at=NOW))


@pytest.mark.django_db(transaction=True)
def test_two_who_end_the_last_two_holders_at_once_leave_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_member(school=cast.school, role=Role.SCHOOL_ADMINISTRATOR, name="Bea Office")
    pairs = [(cast.administrator, other), (other, cast.administrator)]
    meet, looked = threading.Barrier(2), members._has_another
    codes: list[str] = []

    def look(*args: Any) -> bool:
        """Wait, once it is known whether there is another, for whoever looks at the same moment."""
        found = looked(*args)
        with suppress(threading.BrokenBarrierError):
            meet.wait(2)
        return found

    def end(subject: User, by: User) -> None:
        try:
            members.end_membership(membership=Membership.objects.get(user=subject), at=NOW, by=by)
        except Refused as refusal:
            codes.append(refusal.code)
        finally:
            connections.close_all()

    monkeypatch.setattr(members, "_has_another", look)
    threads = [threading.Thread(target=end, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == ["last_holder"]
