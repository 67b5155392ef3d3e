"""The school's recurring duties: what the policy asks for, what is open, late or done, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Concat

from accounts.access import Access
from accounts.models import School
from accounts.permissions import Permission
from accounts.roles import Role
from policies.engine.packs import Duty, Pack
from policies.engine.phrases import DEED_WORDS
from policies.engine.vocabulary import Deed, OwnerRole
from policies.models import STUCK, PackAdoption, SchoolDuty
from policies.queries.answers import Citations
from policies.queries.documents import Titles
from policies.queries.packs import layers_in_force, packs_of
from policies.rounds import SHORTEST
from policies.statuses import OUTSTANDING, State

# Who looks after every duty of the school, whoever owns it.
_LEADS = frozenset({Role.HEADTEACHER, Role.DSL, Role.DEPUTY_DSL})
# Bodies and words for somebody, whom no role is called after; who acts for them.
_ACT_FOR = {
    OwnerRole.GOVERNORS: frozenset({Role.CHAIR_OF_GOVERNORS, Role.SAFEGUARDING_GOVERNOR, Role.GOVERNOR}),
    OwnerRole.STAFF: frozenset({Role.DSL}),
    OwnerRole.EVERYONE: frozenset({Role.DSL}),
    OwnerRole.EXTERNAL_CONTACT: frozenset({Role.DSL}),
    OwnerRole.REPORTER: frozenset({Role.DSL}),
    OwnerRole.LINE_MANAGER: frozenset({Role.SLT}),
    OwnerRole.CLASS_TEACHER: frozenset({Role.SLT}),
    OwnerRole.SENCO: frozenset({Role.SLT}),
}
SOON = timedelta(days=30)
LOOKED_BACK = timedelta(days=365)
MOST = 8
# Terms were entered or moved since the round began: due neither at the end of one nor on the working day after it,
# though there is one to be due at.
_MOVED = """
    SELECT DISTINCT d.school_id
    FROM policies_schoolduty d JOIN accounts_school s ON s.id = d.school_id
    WHERE d.state = 'open' AND d.every LIKE '%%term%%' AND d.due_at > %s
        AND EXISTS (
            SELECT FROM accounts_term t
            WHERE t.school_id = d.school_id AND t.ends_on >= (d.starts_at AT TIME ZONE s.time_zone)::date + %s)
        AND NOT EXISTS (
            SELECT FROM accounts_term t
            WHERE t.school_id = d.school_id
                AND (d.due_at AT TIME ZONE s.time_zone)::date BETWEEN t.ends_on AND t.ends_on + 3)
"""


@dataclass(frozen=True)
class AskedDuty:
    """One duty as the policy in force has it, and the pack that has the last word on it."""

    duty: Duty
    pack: Pack

    @property
    def text(self) -> str:
        """What has to be done, in words."""
        duty = self.duty
        if duty.text:
            return duty.text
        words = DEED_WORDS[Deed(duty.do)] if duty.do in set(Deed) else duty.key.replace("-", " ")
        return words[0].upper() + words[1:]


@dataclass(frozen=True)
class DutyRow:
    """One round as people read it: what, whose, and where the policy says so."""

    duty: SchoolDuty
    who: str
    # How its clause is cited; nothing where it stands in no pack that applies now.
    cited: str
    # Whether the school's own policy asks for it, or a layer under it.
    is_own: bool
    may_settle: bool

    @property
    def interval(self) -> str:
        """How often it comes round, after the word "every"."""
        return self.duty.every.removeprefix("1 ")

    @property
    def outcome(self) -> str:
        """What became of it, in a word."""
        return State(self.duty.state).label


@dataclass(frozen=True)
class DutyList:
    """Every round of a school that is open, and those settled within the last year."""

    overdue: list[DutyRow]
    soon: list[DutyRow]
    later: list[DutyRow]
    settled: list[DutyRow]
    has_policy: bool
    # Open rounds at which the sweep fails, for those who run the school.
    stuck: list[DutyRow]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to show at all."""
        return not (self.overdue or self.soon or self.later or self.settled)


@lru_cache(maxsize=64)
def asked_of(packs: tuple[Pack, ...]) -> dict[str, AskedDuty]:
    """Return what packs ask of the school, by key; of the same key the pack nearest the school has the last word."""
    return {duty.key: AskedDuty(duty, pack) for pack in packs for duty in pack.duties}


def schools_to_keep(now: datetime) -> list[School]:
    """Return the schools whose open rounds are not those of the policy in force, or whose terms moved since.

    Two statements, however many schools and rounds there are; a third where some are found.
    """
    open_rounds = SchoolDuty.objects.filter(school=OuterRef("school"), state__in=OUTSTANDING)
    marks = open_rounds.values(mark=Concat(*_joined("duty_key", "owner_role", "every", "pack_id", "clause")))
    adoptions = PackAdoption.objects.in_force(now).annotate(marks=ArraySubquery(marks))
    found = {adoption.school_id for adoption in adoptions if set(adoption.marks) != _marks_of(packs_of(adoption))}
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [now, SHORTEST.days])
        found |= {row[0] for row in cursor.fetchall()}
    return list(School.objects.filter(pk__in=found)) if found else []


@lru_cache(maxsize=64)
def _marks_of(packs: tuple[Pack, ...]) -> frozenset[str]:
    """Return what open rounds look like that are in step with these packs."""
    return frozenset(
        " ".join((key, one.duty.owner.value, one.duty.every, one.pack.id, one.duty.clause))
        for key, one in asked_of(packs).items()
    )


def _joined(*columns: str) -> list[F | Value]:
    return [part for column in columns for part in (F(column), Value(" "))][:-1]


def done_before(duty: SchoolDuty) -> bool:
    """Say whether the school did an earlier round of the same duty."""
    rounds = SchoolDuty.objects.for_school(duty.school).filter(duty_key=duty.duty_key, state=State.DONE)
    return bool(rounds.exclude(pk=duty.pk).exists())


def duties_of(access: Access, *, at: datetime) -> DutyList:
    """Return the open rounds of a school by how near they are, and those settled within a year, the latest first."""
    adoption, layers = layers_in_force(access.school, at=at)
    reader = _Reader(access, [layer.pack for layer in layers])
    rounds = SchoolDuty.objects.for_school(access.school)
    outstanding = [reader.row(duty) for duty in rounds.outstanding().by_due()]
    settled = rounds.filter(state__in=(State.DONE, State.WAIVED), settled_at__gt=at - LOOKED_BACK)
    late = [row for row in outstanding if row.duty.is_late(at)]
    near = [row for row in outstanding if row not in late and _is_near(row.duty, at)]
    return DutyList(
        overdue=late,
        soon=near,
        later=[row for row in outstanding if row not in late and row not in near],
        settled=[reader.row(duty) for duty in settled.select_related("settled_by").order_by("-settled_at")],
        has_policy=adoption is not None,
        stuck=[row for row in outstanding if _is_stuck(row.duty)] if _runs_the_school(access) else [],
    )


def duty_row(access: Access, duty: SchoolDuty, *, at: datetime) -> DutyRow:
    """Return one round as people read it."""
    layers = layers_in_force(access.school, at=at)[1]
    return _Reader(access, [layer.pack for layer in layers]).row(duty)


def due_for(access: Access, *, at: datetime, most: int = MOST) -> list[SchoolDuty]:
    """Return the open rounds that are the user's own and late or near, most urgent first; one statement.

    Nobody's own, no statement: plain staff own no duty of the school.
    """
    owners = owners_held(access)
    if not owners:
        return []
    near = SchoolDuty.objects.for_school(access.school).filter(
        state=State.OPEN, owner_role__in=owners, due_at__lte=at + SOON
    )
    return list(near.order_by("due_at", "duty_key")[:most])


def stuck_rounds(access: Access, *, most: int = MOST) -> list[SchoolDuty]:
    """Return the open rounds at which the sweep fails again and again, for those who run the school; one statement.

    Nobody else is asked for, and no statement made.
    """
    if not _runs_the_school(access):
        return []
    stuck = SchoolDuty.objects.for_school(access.school).filter(failures__gte=STUCK, state=State.OPEN)
    return list(stuck.order_by("due_at", "duty_key")[:most])


def all_due_for(access: Access) -> list[SchoolDuty]:
    """Return every open round that is the user's own, the earliest first."""
    own = SchoolDuty.objects.for_school(access.school).filter(state=State.OPEN, owner_role__in=owners_held(access))
    return list(own.order_by("due_at", "duty_key"))


def owners_held(access: Access) -> list[str]:
    """Return the owners of duties for whom this user acts: their roles, and the bodies that their roles stand for."""
    held = [role.value for role in access.roles if role is not Role.STAFF]
    return sorted({*held, *(owner.value for owner, roles in _ACT_FOR.items() if access.roles & roles)})


def may_settle(access: Access, duty: SchoolDuty) -> bool:
    """Say whether the user may record a round as done or decide that it is not needed: its owner, the headteacher, or
    the Designated Safeguarding Lead and their deputy.
    """
    return duty.is_outstanding and (bool(access.roles & _LEADS) or duty.owner_role in owners_held(access))


def _runs_the_school(access: Access) -> bool:
    return access.has(Permission.SCHOOL_MANAGE) or bool(access.roles & _LEADS)


def _is_stuck(duty: SchoolDuty) -> bool:
    return duty.failures >= STUCK and duty.state == State.OPEN


def _is_near(duty: SchoolDuty, at: datetime) -> bool:
    return duty.due_at is not None and duty.due_at <= at + SOON


class _Reader:
    """Puts rounds into the words of one school, for one reader."""

    def __init__(self, access: Access, packs: Sequence[Pack]) -> None:
        self._access = access
        self._titles = Titles(access.school, packs)
        self._packs = {pack.id for pack in packs}
        self._citations = Citations(tuple(packs))

    def row(self, duty: SchoolDuty) -> DutyRow:
        is_own, is_there = self._citations.is_own(duty.pack_id), duty.pack_id in self._packs
        cited = duty.clause if is_own else self._citations.of(duty.pack_id, duty.clause)
        return DutyRow(
            duty=duty,
            who=self._titles.of(OwnerRole(duty.owner_role)),
            cited=cited if is_there else "",
            is_own=is_own,
            may_settle=may_settle(self._access, duty),
        )
