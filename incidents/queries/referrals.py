"""Who outside the school was told of a case, what came of it, and what the policy still asks for."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from incidents.agencies import KNOWN
from incidents.models import Incident, Obligation, Referral, ReferralAnswer
from incidents.queries.obligations import Duty, Words
from incidents.statuses import Undertaking
from policies.engine.vocabulary import Agency, Kind, Strength
from policies.queries.packs import packs_of

_ASKED = (Kind.CONSULT.value, Kind.REFER.value, Kind.FORBID.value, Undertaking.CHASE.value)
# What must not be done does not always concern whoever speaks with an agency.
_WHILE_SPEAKING = {
    "share_beyond_school",
    "tell_subject",
    "investigate_first",
    "share_imagery",
    "copy_imagery",
    "view_imagery",
    "delete_evidence",
}


@dataclass(frozen=True)
class Made:
    """One referral with its answers, the oldest first, and what still asks what became of it."""

    row: Referral
    answers: tuple[ReferralAnswer, ...]
    chase: Obligation | None

    @property
    def last_answer(self) -> ReferralAnswer | None:
        """The latest of the answers."""
        return self.answers[-1] if self.answers else None

    @property
    def is_late(self) -> bool:
        """Say whether somebody was told that nobody asked in time."""
        return self.chase is not None and self.chase.step > 0


@dataclass(frozen=True)
class Asked:
    """A duty to ask or to refer, and which agencies would do."""

    duty: Duty
    agencies: tuple[Agency, ...]
    says: str

    @property
    def kind(self) -> str:
        """Whether advice is to be asked or the case to be handed over."""
        return self.duty.row.kind

    @property
    def is_advice(self) -> bool:
        """Say whether advice is to be asked."""
        return self.kind == Kind.CONSULT

    @property
    def names(self) -> list[dict[str, str]]:
        """The agencies by key and name."""
        return [{"key": agency.value, "name": KNOWN[agency].name} for agency in self.agencies]


@dataclass(frozen=True)
class Referrals:
    """Everything about a case that went, or has to go, to somebody outside the school."""

    made: tuple[Made, ...]
    asked: tuple[Asked, ...]
    # What was decided against, or done in another way.
    settled: tuple[Duty, ...]
    bans: tuple[Duty, ...]


def referrals_of(incident: Incident, *, at: datetime) -> Referrals:
    """Return all of it, the latest referral first. Three queries, however much it is."""
    rows = Referral.objects.filter(incident=incident).select_related("made_by", "recorded_by", "closed_by")
    answers: dict[uuid.UUID, list[ReferralAnswer]] = {}
    found = ReferralAnswer.objects.filter(referral__incident=incident).select_related("recorded_by")
    for given in found.order_by("given_at", "recorded_at"):
        answers.setdefault(given.referral_id, []).append(given)
    owed = (
        Obligation.objects.filter(incident=incident, kind__in=_ASKED).by_due().select_related("settled_by", "assignee")
    )
    duties = list(owed)
    chases = {row.target: row for row in duties if row.kind == Undertaking.CHASE and row.is_outstanding}
    made = [
        Made(row, tuple(answers.get(row.pk, ())), chases.get(str(row.pk)))
        for row in rows.order_by("-made_at", "-recorded_at")
    ]
    return _with_duties(incident, tuple(made), duties, at)


def _with_duties(incident: Incident, made: tuple[Made, ...], rows: list[Obligation], at: datetime) -> Referrals:
    packs = packs_of(incident.adoption)
    words = Words(incident.school, packs, at=at)
    says = {(pack.id, clause.id): clause.says for pack in packs for clause in pack.clauses}
    texts = {row.key: words.text(row) for row in rows if row.is_outstanding}
    asked, settled, bans = [], [], []
    for row in rows:
        duty = words.duty(row, waits_for=texts.get(row.after_key, "") if row.is_outstanding else "")
        if row.kind == Undertaking.CHASE:
            continue
        if row.strength == Strength.MUST_NOT:
            bans += [duty] if row.is_outstanding and row.target in _WHILE_SPEAKING else []
        elif row.is_outstanding:
            asked.append(Asked(duty, _agencies(row), says.get((row.pack_id, row.clause), "")))
        else:
            settled.append(duty)
    return Referrals(made, tuple(asked), tuple(settled), tuple(bans))


def _agencies(row: Obligation) -> tuple[Agency, ...]:
    """Return which agencies would do; the one that is named comes first."""
    return tuple(dict.fromkeys([Agency(row.target), *(Agency(word) for word in row.any_of)]))
