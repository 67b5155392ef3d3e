"""What a policy asks of a case, in words and grouped as people work."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from accounts.models import School
from incidents.models import Escalation, Incident, Obligation
from incidents.statuses import Undertaking
from policies.engine.durations import IMMEDIATELY
from policies.engine.packs import Pack
from policies.engine.phrases import default_text, target_words
from policies.engine.vocabulary import Kind, OwnerRole, Strength
from policies.queries.answers import GATE_WORDS, Citations
from policies.queries.documents import Titles
from policies.queries.packs import packs_of
from policies.statuses import State

# A reason that is longer than this is folded.
_SHORT = 70
_TITLES = {
    "bans": "Do not",
    "now": "Now",
    "today": "Today",
    "then": "Then",
    "no_clock": "Without a time",
    "decide": "Decide, and write down why",
}
_URGENT = ("bans", "now", "today")
# What must not be done matters most when somebody is about to be spoken to.
_SPEAKING = {"investigate_first", "ask_child_to_share", "tell_subject", "promise_confidentiality"}


@dataclass(frozen=True)
class Cited:
    """A clause as it is cited, and where it stands: in the school's own policy or under it."""

    words: str
    anchor: str
    is_own: bool


@dataclass(frozen=True)
class Duty:
    """One thing that is asked, as people read it. Nothing here tells of the case but `because`."""

    row: Obligation
    text: str
    who: str
    # Nothing where no policy asks for it: people set it themselves.
    clause: Cited | None
    terms: tuple[str, ...]
    # Why it is asked of this case, as the beginning of a sentence.
    because: str = ""
    # Whether it is due at once and was begun so lately that nobody calls it late.
    is_at_once: bool = False
    # What has to be done first, while it still has to be.
    waits_for: str = ""
    # Who was told that it was missed.
    told: tuple[str, ...] = ()

    @property
    def id(self) -> uuid.UUID:
        """The id, of which its place on the page and its form are named."""
        return self.row.pk

    @property
    def is_ban(self) -> bool:
        """Say whether it is kept by not doing it."""
        return self.row.strength == Strength.MUST_NOT

    @property
    def is_decision(self) -> bool:
        """Say whether it is for somebody to weigh, and the answer is what counts."""
        return self.row.strength == Strength.CONSIDER

    @property
    def tells_an_agency(self) -> bool:
        """Say whether somebody outside the school is to be asked or told, which has a page of its own."""
        return self.row.kind in (Kind.CONSULT, Kind.REFER)

    @property
    def is_paused(self) -> bool:
        """Say whether it rests."""
        return self.row.state == State.PAUSED

    @property
    def reviews_a_plan(self) -> bool:
        """Say whether it is done by writing the next version of a plan; a case is looked at again without one."""
        return self.row.kind == Undertaking.REVIEW and self.row.target != str(self.row.incident_id)

    @property
    def can_pause(self) -> bool:
        """Say whether its clause names a condition that may hold it up."""
        return bool(self.row.until or self.row.unless) and not self.is_paused and not self.is_ban

    @property
    def is_one_tap(self) -> bool:
        """Say whether it can be ticked off without a word."""
        return not (self.is_decision or self.waits_for or self.row.evidence)

    @property
    def opens_with(self) -> str:
        """What opens the box to write in."""
        if self.is_decision:
            return "Record the decision"
        if self.waits_for:
            return "Say that it is not needed"
        return "Record it" if self.row.evidence else "With words, or not needed"

    @property
    def asks_for(self) -> str:
        """What to write into the box."""
        if self.is_decision:
            return "What was decided, and why"
        if self.row.evidence:
            return f"What shows that it was done ({self.row.evidence}), or why it is not needed"
        return "Why it is not needed" if self.waits_for else "What was done, or why it is not needed"

    @property
    def state_label(self) -> str:
        """How it stands, in words."""
        return State(self.row.state).label

    @property
    def was_late(self) -> bool:
        """Say whether it was done, but after its time."""
        settled, due = self.row.settled_at, self.row.due_at
        return self.row.state == State.DONE and settled is not None and due is not None and settled > due

    @property
    def settled_words(self) -> str:
        """What was written when it was settled."""
        return self.row.reason or ""

    @property
    def is_short(self) -> bool:
        """Say whether the reason fits into the line."""
        return len(self.because) <= _SHORT and "(" not in self.because


@dataclass(frozen=True)
class Group:
    """Duties that belong together."""

    key: str
    title: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Checklist:
    """What is asked of a case: what cannot wait, the rest, and what is settled."""

    urgent: tuple[Group, ...] = ()
    rest: tuple[Group, ...] = ()
    settled: tuple[Duty, ...] = ()
    open_ids: frozenset[uuid.UUID] = field(default=frozenset())
    # Whether anything that must be done should have been by now; what is due at once is not, while its grace lasts.
    is_late: bool = False

    @property
    def before_speaking(self) -> list[str]:
        """What must not be done when somebody is asked about it."""
        bans = [duty for group in self.urgent if group.key == "bans" for duty in group.duties]
        return [duty.text for duty in bans if duty.row.target in _SPEAKING]


class Words:
    """Puts duties into words: the school's titles for roles, and how its policies are cited."""

    def __init__(self, school: School, packs: tuple[Pack, ...], *, at: datetime) -> None:
        self.at = at
        self.titles = Titles(school, packs)
        self._cite = Citations(packs)

    def duty(self, row: Obligation, **more: object) -> Duty:
        """Return a duty in words."""
        if row.is_undertaking:
            return self._undertaking(row, **more)
        return Duty(
            row=row,
            text=self.text(row),
            who=self.titles.of(OwnerRole(row.owner_role)),
            clause=Cited(
                words=self._cite.of(row.pack_id, row.clause),
                anchor=f"{row.pack_id}--{row.clause}",
                is_own=self._cite.is_own(row.pack_id),
            ),
            terms=tuple(_terms(row)),
            is_at_once=_is_at_once(row, self.at),
            **more,  # type: ignore[arg-type]
        )

    def _undertaking(self, row: Obligation, **more: object) -> Duty:
        who = row.assignee.full_name if row.assignee else self.titles.of(OwnerRole(row.owner_role))
        return Duty(row=row, text=self.text(row), who=who, clause=None, terms=(), **more)  # type: ignore[arg-type]

    def text(self, row: Obligation) -> str:
        """Return what is asked; whom it reaches by the title that the school gives them."""
        if row.is_undertaking:
            return row.asks
        kind = Kind(row.kind)
        if kind in (Kind.NOTIFY, Kind.ACKNOWLEDGE) and row.text == default_text(kind, row.target):
            verb = "Tell" if kind is Kind.NOTIFY else "Seen by"
            return f"{verb} {self.titles.with_article(OwnerRole(row.target))}"
        return row.text


def checklist(incident: Incident, *, at: datetime) -> Checklist:
    """Return everything the policy asks of a case. One query, however much it is."""
    words = Words(incident.school, packs_of(incident.adoption), at=at)
    told = Escalation.objects.filter(obligation=OuterRef("pk"), is_reminder=False).order_by("step")
    rows = Obligation.objects.filter(incident=incident).by_due().select_related("settled_by", "paused_by", "assignee")
    found: list[Obligation] = list(rows.annotate(told_roles=ArraySubquery(told.values("told_role"))))
    duties = _duties(found, words)
    grouped: dict[str, list[Duty]] = {key: [] for key in _TITLES}
    for duty in duties:
        if duty.row.is_outstanding:
            grouped[_group(duty, at)].append(duty)
    groups = {key: Group(key, _TITLES[key], tuple(held)) for key, held in grouped.items() if held}
    settled = [duty for duty in duties if not duty.row.is_outstanding]
    return Checklist(
        urgent=tuple(group for key, group in groups.items() if key in _URGENT),
        rest=tuple(group for key, group in groups.items() if key not in _URGENT),
        settled=tuple(sorted(settled, key=lambda duty: duty.row.settled_at or at, reverse=True)),
        is_late=any(
            duty.row.is_late(at) and duty.row.strength == Strength.MUST and not duty.is_at_once for duty in duties
        ),
        open_ids=frozenset(duty.id for duty in duties if duty.row.is_outstanding and not duty.is_ban),
    )


def duty_alone(obligation: Obligation, *, at: datetime) -> Duty:
    """Return one duty for somebody who may not open its case: what its policy says, and nothing that tells of it."""
    return Words(obligation.school, packs_of(obligation.incident.adoption), at=at).duty(obligation)


def words_of_duties(incident: Incident, rows: Sequence[Obligation], *, at: datetime) -> list[Duty]:
    """Return some of what is asked of a case in words, as its checklist says it."""
    words = Words(incident.school, packs_of(incident.adoption), at=at)
    return [words.duty(row, because=_because(row)) for row in rows]


def has_to_wait(obligation: Obligation) -> bool:
    """Say whether something else has to be done first."""
    if not obligation.after_key:
        return False
    gate = Obligation.objects.filter(incident=obligation.incident_id, key=obligation.after_key)
    return bool(gate.outstanding().exists())


def _duties(rows: Sequence[Obligation], words: Words) -> list[Duty]:
    by_key = {row.key: row for row in rows}
    duties = []
    for row in rows:
        gate = by_key.get(row.after_key)
        waits = gate is not None and gate.is_outstanding and row.is_outstanding
        duties.append(
            words.duty(
                row,
                because=_because(row),
                waits_for=words.text(gate) if waits and gate else "",
                told=_told(row, words.titles),
            )
        )
    return duties


def _because(row: Obligation) -> str:
    if row.is_undertaking:
        return "Set by those who handle this case"
    return "Asked for in every case" if row.why == "always" else f"Because {row.why}"


def _group(duty: Duty, at: datetime) -> str:
    row = duty.row
    if duty.is_ban:
        return "bans"
    if duty.is_decision:
        return "decide"
    if duty.is_paused or duty.waits_for:
        return "then"
    if row.due_at is None:
        return "no_clock"
    if row.due_at <= at or row.within == IMMEDIATELY.unit:
        return "now"
    return "today" if timezone.localtime(row.due_at).date() <= timezone.localtime(at).date() else "then"


def _is_at_once(row: Obligation, at: datetime) -> bool:
    if row.within != IMMEDIATELY.unit or row.state != State.OPEN:
        return False
    # What is to be weighed at once is never late; what has to be done is, once the policy's grace is over.
    return row.strength == Strength.CONSIDER or (row.step == 0 and row.alert_at is not None and row.alert_at > at)


def _told(row: Obligation, titles: Titles) -> tuple[str, ...]:
    if row.state != State.OPEN:
        return ()
    roles: list[str] = row.told_roles  # type: ignore[attr-defined]
    return tuple(titles.with_article(OwnerRole(role)) for role in dict.fromkeys(roles))


def _terms(row: Obligation) -> list[str]:
    terms = []
    if row.until:
        terms.append(f"This holds {GATE_WORDS[row.until]}.")
    if row.unless:
        terms.append(f"Unless {GATE_WORDS[row.unless]}.")
    if row.exception:
        terms.append(f"Exception: {row.exception}")
    if len(row.any_of) > 1:
        others = " or ".join(target_words(Kind(row.kind), word) for word in row.any_of if word != row.target)
        terms.append(f"Instead, this is enough: {others}.")
    return terms
