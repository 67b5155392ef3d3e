"""What the state of a case allows, whoever asks. Each raises `Refused` with a sentence a person can read."""

from dataclasses import dataclass
from datetime import datetime

from accounts.errors import Refused
from incidents.models import DeletionCheck, Incident, Obligation, ReferralAnswer
from incidents.statuses import Decision, Outcome
from policies.engine.gates import POLICE_ADVICE_KEY
from policies.engine.phrases import AGENCY_WORDS
from policies.engine.vocabulary import Agency, Ban, Deed, Gate, Kind
from policies.queries.answers import GATE_WORDS, Citations
from policies.queries.packs import packs_of
from policies.statuses import State

# Who may always be told.
POLICE = (Agency.POLICE, Agency.POLICE_EMERGENCY)
_BAN_KEY = f"{Kind.FORBID}:{Ban.SHARE_BEYOND_SCHOOL}!"
_KEEP_KEY = f"{Kind.FORBID}:{Ban.DELETE_EVIDENCE}!"
_QUARANTINE_KEY, _CONFIRM_KEY = f"{Kind.DO}:{Deed.QUARANTINE_DEVICE}", f"{Kind.DO}:{Deed.CONFIRM_DELETION_ALLOWED}"


@dataclass(frozen=True)
class Standing:
    """What a move hangs on besides the case's own row: how much is open, and how far a second person agreed."""

    still_open: int = 0
    needs_second: bool = False
    has_agreed: bool = False
    # It is about an adult who works or helps here, and nobody wrote down how the allegation ended.
    lacks_ending: bool = False


@dataclass(frozen=True)
class Move:
    """What somebody gave with a move: the reason, how the case ended, when it is looked at again."""

    reason: str = ""
    outcome: Outcome | None = None
    review_at: datetime | None = None


def anything(incident: Incident, standing: Standing) -> None:
    """Nothing."""


def nothing(incident: Incident, move: Move) -> None:
    """Nothing."""


def has_owner(incident: Incident, standing: Standing) -> None:
    """Somebody owns the case."""
    if incident.owner_id is None:
        raise Refused("owner_missing", "Nobody owns this case yet. Choose an owner first.")


def nothing_open(incident: Incident, standing: Standing) -> None:
    """What must be done is done, or decided against."""
    if standing.still_open:
        are = "thing is" if standing.still_open == 1 else "things are"
        one = "it" if standing.still_open == 1 else "each"
        raise Refused(
            "duties_open", f"{standing.still_open} {are} still open. Do {one}, or decide against {one}, first."
        )


def ready_to_close(incident: Incident, standing: Standing) -> None:
    """What must be done is done, or decided against; it is known how an allegation ended; where the policy wants a
    second person, they agreed.
    """
    nothing_open(incident, standing)
    if standing.lacks_ending:
        raise Refused("allegation_open", "It is not written down how this ended. Record the outcome, under Allegation.")
    if standing.needs_second and not standing.has_agreed:
        raise Refused(
            "second_person_needed", "A second person has to agree before this case is closed. Ask for that first."
        )


def outcome_and_reason_given(incident: Incident, move: Move) -> None:
    """How it ended, and why."""
    if move.outcome is None:
        raise Refused("outcome_missing", "Choose how the case ended.")
    is_duplicate = incident.decision == Decision.DUPLICATE
    if move.outcome is Outcome.DUPLICATE and not is_duplicate:
        raise Refused("duplicate_of_nothing", "Say first, at triage, of which case this is a duplicate.")
    if is_duplicate and move.outcome is not Outcome.DUPLICATE:
        raise Refused(
            "is_duplicate",
            f"At triage this was decided to be a duplicate of {incident.duplicate_of}. Close it as that, or decide "
            "otherwise at triage first.",
        )
    reason_given(incident, move)


def review_date_and_reason_given(incident: Incident, move: Move) -> None:
    """When it is looked at again, and why nothing more is done now."""
    if move.review_at is None:
        raise Refused("review_date_missing", "Choose the day on which the case is looked at again.")
    reason_given(incident, move)


def reason_given(incident: Incident, move: Move) -> None:
    """The reason."""
    if not move.reason.strip():
        raise Refused("reason_missing", "Write down the reason. It is kept with the case.")


def beyond_school(incident: Incident, *, to: Agency | None = None) -> None:
    """Allow something of the case to leave the school: to an agency, or (`None`) to anybody else, parents included.

    Refused while the policy forbids it until the police have advised. The police themselves may always be told.
    """
    sentence = why_not_beyond_school(incident, to=to)
    if sentence:
        raise Refused("police_first", sentence)


def why_not_beyond_school(incident: Incident, *, to: Agency | None = None) -> str:
    """Return why nothing of the case may leave the school yet, and what to do; nothing where it may."""
    if to in POLICE:
        return ""
    ban = Obligation.objects.filter(incident=incident, key=_BAN_KEY).outstanding().first()
    if ban is None:
        return ""
    asked = list(Obligation.objects.filter(incident=incident, kind__in=(Kind.CONSULT, Kind.REFER)))
    gate = next((row for row in asked if row.key == POLICE_ADVICE_KEY), None)
    if ban.until == Gate.POLICE_ADVICE and gate is not None and gate.state in (State.DONE, State.WAIVED):
        return ""
    if to is not None and _may_be_told_first(to, ban, gate, asked):
        return ""
    clause = Citations(packs_of(incident.adoption)).of(ban.pack_id, ban.clause)
    return _police_first(clause, ban, gate)


def _may_be_told_first(to: Agency, ban: Obligation, gate: Obligation | None, asked: list[Obligation]) -> bool:
    """Say whether an agency may hear of the case before the police have advised.

    Who may advise instead of the police; whom the clause excepts; and whoever protects children or investigates, where
    the policy itself asks to tell them in this very case without waiting.
    """
    if AGENCY_WORDS[to] in ban.exception or (gate is not None and to in gate.any_of):
        return True
    if to in (Agency.OTHER_SETTING_DSL, Agency.EXAM_BOARD):
        return False
    named = [row for row in asked if (row.target == to or to in row.any_of) and row.state != State.WITHDRAWN]
    return any(not row.after_key for row in named)


def _police_first(clause: str, ban: Obligation, gate: Obligation | None) -> str:
    until = f" {GATE_WORDS[ban.until]}" if ban.until else ""
    others = [AGENCY_WORDS[Agency(word)] for word in (gate.any_of if gate else ()) if Agency(word) not in POLICE]
    whom = " or ".join(["the police (101; 999 where somebody is in danger now)", *others])
    return (
        f"The police first. Nothing of this case may go beyond the school{until}: {clause}. "
        f"Speak with {whom} and record here what they advised. "
        "Was it shared already? Write that down as a note on the case."
    )


def why_device_stays(incident: Incident) -> str:
    """Return why no device of a case may leave quarantine yet, on which clause; nothing where it may.

    Where the policy asks for quarantine, it lasts until the police have advised, or until it was decided against.
    """
    rows = _rows(incident, _QUARANTINE_KEY, POLICE_ADVICE_KEY)
    asked, police = rows.get(_QUARANTINE_KEY), rows.get(POLICE_ADVICE_KEY)
    if asked is None or asked.state == State.WAIVED:
        return ""
    if police is not None and not police.is_outstanding:
        return ""
    advised = ReferralAnswer.objects.filter(referral__incident=incident, referral__agency__in=POLICE)
    if police is None and advised.exists():
        return ""
    clause = Citations(packs_of(incident.adoption)).of(asked.pack_id, asked.clause)
    return (
        f"It stays in quarantine {GATE_WORDS[Gate.POLICE_ADVICE]}: {clause}. Speak with the police and record under "
        "Referrals what they advised."
    )


def out_of_quarantine(incident: Incident | None) -> None:
    """Allow a device to leave quarantine, and the school; one of no case always may."""
    sentence = why_device_stays(incident) if incident is not None else ""
    if sentence:
        raise Refused("quarantine_lasts", sentence)


def why_not_deleted(incident: Incident) -> str:
    """Return why nothing of a case may be deleted yet, on which clause where one says so; nothing where it may.

    First the three questions are answered, so that nothing speaks against it; then the policy has to have it confirmed,
    and what it forbids until then must no longer be forbidden.
    """
    rows = _rows(incident, _CONFIRM_KEY, _KEEP_KEY, POLICE_ADVICE_KEY)
    confirm, ban, police = rows.get(_CONFIRM_KEY), rows.get(_KEEP_KEY), rows.get(POLICE_ADVICE_KEY)
    on = _clause_of(incident, ban if ban is not None and ban.is_outstanding else confirm)
    check = DeletionCheck.objects.filter(incident=incident).order_by("-checked_at").first()
    if check is None:
        return f"Nothing may be deleted before the three questions are answered{on}."
    if not check.is_allowed:
        why = "an agency needs it" if check.is_needed else "a child is not safe yet"
        again = "Answer the three questions again when that changed."
        return f"Nothing may be deleted: the answers say that {why}{on}. {again}"
    if confirm is not None and confirm.state != State.DONE:
        return f"Nothing may be deleted before it is confirmed that deleting is allowed{on}."
    is_closed = police is not None and police.is_outstanding
    if ban is not None and ban.is_outstanding and ban.until == Gate.POLICE_ADVICE and is_closed:
        return f"Nothing may be deleted {GATE_WORDS[Gate.POLICE_ADVICE]}{on}."
    return ""


def may_be_ticked_off(row: Obligation) -> None:
    """Allow a duty to be recorded as done, where what it asks for is shown first: deleting, and confirming it."""
    if row.kind != Kind.DO:
        return
    if row.target == Deed.CONFIRM_DELETION_ALLOWED:
        check = DeletionCheck.objects.filter(incident=row.incident_id).order_by("-checked_at").first()
        if check is None or not check.is_allowed:
            raise Refused(
                "three_questions",
                "Those who handle the case answer three questions first, under Devices: does an agency need it, who "
                "holds it, and is the child safe?",
            )
    elif row.target == Deed.DELETE_COPIES:
        sentence = why_not_deleted(row.incident)
        if sentence:
            raise Refused("not_to_delete", sentence)


def _rows(incident: Incident, *keys: str) -> dict[str, Obligation]:
    """Return what is or was asked of a case under some keys, without what is no longer asked."""
    rows = Obligation.objects.filter(incident=incident, key__in=keys).exclude(state=State.WITHDRAWN)
    return {row.key: row for row in rows}


def _clause_of(incident: Incident, row: Obligation | None) -> str:
    if row is None:
        return ""
    return f" ({Citations(packs_of(incident.adoption)).of(row.pack_id, row.clause)})"
