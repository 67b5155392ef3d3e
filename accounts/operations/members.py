"""Who works here, and in which role, from when to when."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, outbox
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import Membership, Person, PersonKind, School, User, searchable
from accounts.operations.people import PersonDetails, add_people
from accounts.operations.sessions import end_quietly
from accounts.permissions import READS_OTHERS
from accounts.queries.approvals import is_running, same_people, second_people, takes_two
from accounts.roles import TAKES_TWO, Role, permissions_of

_NEVER_EMPTY = {Role.DSL, Role.HEADTEACHER, Role.SCHOOL_ADMINISTRATOR}


@transaction.atomic
def add_member(
    *,
    school: School,
    user: User,
    person: Person,
    role: Role,
    starts_on: date,
    at: datetime,
    by: User | None = None,
    second: User | None = None,
) -> Membership:
    """Give a user a role at a school from a day on; the same role twice at once is refused.

    A role of `TAKES_TWO` is given by two people, unless the system itself sets the school up (`by` is nobody).
    """
    if by is not None:
        _mind_two(school, role, by=by, second=second, user=user, person=person, at=at)
    if person.school_id != school.pk:
        raise Refused("other_school", "That person belongs to another school.")
    if Membership.objects.for_school(school).filter(user=user, role=role.value).held_on(starts_on).exists():
        raise Refused("already_member", "This person already holds that role here.")
    membership = Membership(school=school, user=user, person=person, role=role.value, starts_on=starts_on)
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as clash:
        # The same role is held from a later day on, or was given at this very moment by somebody else.
        if "membership_never_overlaps" not in str(clash):
            raise
        raise Refused(
            "already_member", "This person already holds that role here, or will from a later day."
        ) from clash
    _begin_anew(user, by)
    _record(membership, AccountEvent.MEMBER_ADDED, f"Gave {user.full_name} the role {school.title_of(role)}.", by, at)
    return membership


@transaction.atomic
def invite(
    *,
    school: School,
    email: str,
    given_name: str,
    family_name: str,
    role: Role,
    starts_on: date,
    at: datetime,
    by: User | None,
    person: Person | None = None,
    is_somebody_else: bool = False,
    second: User | None = None,
) -> Membership:
    """Give somebody a role here by e-mail address. A new user has no password and is sent a way to set one.

    Whoever has a password is told of the role instead; a closed account is refused, since a role would open nothing.

    `person` is who they are in the school's list. Where nobody is chosen and somebody of that name is in it, this is
    refused unless `is_somebody_else`: a user who is not tied to the person they are could open a case about themselves.
    """
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create_user(address, full_name=f"{given_name} {family_name}")
    elif not user.is_active:
        raise Refused(
            "inactive", "The account with this e-mail address is closed. Ask whoever runs this system to open it again."
        )
    person = _person_here(school, user) or person
    if person is None and not is_somebody_else and _of_that_name(school, given_name, family_name):
        raise Refused(
            "person_listed",
            "Somebody of that name is in the school’s list. Choose them, or say that it is somebody else.",
        )
    if person is None:
        details = PersonDetails(kind=PersonKind.STAFF, given_name=given_name, family_name=family_name)
        person = add_people(school=school, people=[details], at=at, by=by)[0]
    membership = add_member(
        school=school, user=user, person=person, role=role, starts_on=starts_on, at=at, by=by, second=second
    )
    _tell(membership, at)
    return membership


def _tell(membership: Membership, at: datetime) -> None:
    school, user = membership.school, membership.user
    if user.has_usable_password():
        kind, path = "accounts/role_given", f"/s/{school.slug}/"
    else:
        kind, path = "accounts/invited", "/account/password/reset/"
    outbox.queue(school=school, kind=kind, recipients=[user], path=path, dedupe_key=f"invited:{membership.pk}", at=at)


@transaction.atomic
def end_membership(*, membership: Membership, at: datetime, by: User, second: User | None = None) -> None:
    """End a role at once: from this moment it opens nothing. One of `TAKES_TWO` is ended by two people.

    The last Designated Safeguarding Lead, headteacher and administrator stay until another is named. A role that began
    today, or has not begun, is taken back: its last day would lie before its first.
    """
    # One after the other: two who end the last two holders at once would each still see the other's.
    School.objects.select_for_update(no_key=True).get(pk=membership.school_id)
    membership = Membership.objects.select_for_update().select_related("school", "user", "person").get(pk=membership.pk)
    today = timezone.localtime(at).date()
    if membership.ends_on is not None and membership.ends_on < today:
        raise Refused("already_ended", "That role has ended already.")
    role = Role(membership.role)
    if is_running(membership, at=at):
        _mind_two(
            membership.school,
            role,
            by=by,
            second=second,
            user=membership.user,
            person=membership.person,
            at=at,
            is_gift=False,
        )
    title = membership.school.title_of(role)
    if membership.role in _NEVER_EMPTY and not _has_another(membership, today):
        raise Refused("last_holder", f"Nobody else is {title}. Give the role to somebody else first.")
    _begin_anew(membership.user, by)
    summary = f"Ended the role {title} of {membership.user.full_name}."
    _record(membership, AccountEvent.MEMBER_ENDED, summary, by, at)
    yesterday = today - timedelta(days=1)
    if membership.starts_on < today:
        membership.ends_on = yesterday
        membership.save(update_fields=["ends_on"])
    elif Membership.objects.filter(user=membership.user, person=membership.person).exclude(pk=membership.pk).exists():
        membership.delete()
    else:
        # Nothing else says that this user is that person, and a case about the person must stay closed to the user.
        membership.starts_on = membership.ends_on = yesterday
        membership.save(update_fields=["starts_on", "ends_on"])


def _mind_two(
    school: School,
    role: Role,
    *,
    by: User,
    second: User | None,
    user: User,
    person: Person,
    at: datetime,
    is_gift: bool = True,
) -> None:
    """Refuse what one person alone may not do, and what nobody does for themselves."""
    is_own = user.pk in same_people([by]) or Membership.objects.filter(user=by, person=person).exists()
    if is_gift and is_own and (role in TAKES_TWO or permissions_of(frozenset({role})) & READS_OTHERS):
        raise Refused(
            "own_role",
            "Nobody can give themselves a role that reads what others wrote, or lets others read it. Ask a colleague.",
        )
    if not takes_two(school, role):
        return
    if is_own:
        raise Refused("own_role", "Nobody can end a role of their own that takes two people. Ask a colleague.")
    people = frozenset({person.pk})
    if second is None or second not in second_people(school, role, by=by, people=people, user=user, at=at):
        raise Refused("second_missing", "A second person has to agree to this, who may and is somebody else.")


def _begin_anew(user: User, by: User | None) -> None:
    """End what was begun with other powers; whoever changes their own stays where they are."""
    if by is None or by.pk != user.pk:
        end_quietly(user=user)


def _has_another(membership: Membership, today: date) -> bool:
    same = Membership.objects.for_school(membership.school).filter(role=membership.role, user__is_active=True)
    return same.held_on(today).exclude(user=membership.user).filter(ends_on__isnull=True).exists()


def _person_here(school: School, user: User) -> Person | None:
    held = Membership.objects.for_school(school).filter(user=user).select_related("person").first()
    return held.person if held else None


def _of_that_name(school: School, given_name: str, family_name: str) -> bool:
    adults = Person.objects.for_school(school).exclude(kind=PersonKind.PUPIL)
    return adults.filter(search_name=searchable(f"{given_name} {family_name}")).exists()


def _record(membership: Membership, event: AccountEvent, summary: str, by: User | None, at: datetime) -> None:
    audit.record(
        school=membership.school,
        actor=by,
        event=event,
        target=f"membership:{membership.pk}",
        summary=summary,
        at=at,
        data={"role": membership.role},
    )
