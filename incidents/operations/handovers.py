"""A message that does not arrive goes to the next person as well: up the same ladder, past whom the case is about.

Once for each message. Where somebody on the way up has the very same message already, nobody else has to. While no mail
gets through at all it climbs no further: the next person finds it on their first page. Reminders to a writer are not
passed on here: what they did not write climbs the ladder by itself.
"""

import logging
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import Resolver404, resolve, reverse

from accounts import audit, outbox
from accounts.models import OutboxMessage, School, User
from accounts.queries.members import Holder, conflicted, holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import named_people, taken_off
from incidents.events import Event
from incidents.models import NAMED_PEOPLE, ConcernDraft, Incident, InvolvedPerson
from incidents.routes import EXTERNAL_CONTACT, headteachers, may_learn, opens_to
from incidents.statuses import Part
from policies.engine.packs import Pack
from policies.engine.vocabulary import OwnerRole
from policies.ladders import rungs
from policies.queries.packs import adoption_in_force, packs_of

log = logging.getLogger(__name__)

# To those who logged something, or are to write it up: nobody else can do what these ask for.
_TO_REPORTERS = frozenset(
    {
        "incidents/concern_closed",
        "incidents/question_asked",
        "incidents/told_opened",
        "incidents/told_reminder",
        "incidents/told_overdue",
    }
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PASSED_ON = Event.MESSAGE_PASSED_ON
NOBODY = "nobody"
_HANDOVER = "handover:"
_REFUSED = "SMTPRecipientsRefused"


@dataclass(frozen=True)
class _Matter:
    """What a message is about: who handles it, whom it is about, and where it is recorded."""

    school: School
    handled_by: str
    packs: tuple[Pack, ...]
    alleged_ids: frozenset[uuid.UUID]
    chain: str
    target: str
    called: str
    draft: ConcernDraft | None = None
    # Who has nothing to do with it for another reason; of a sealed case, who is named on it.
    off: frozenset[uuid.UUID] = frozenset()
    named: tuple[User, ...] | None = None


@dataclass(frozen=True)
class _Next:
    """Who is told instead: the role, and those who hold it; nobody new where one of them has the message already."""

    role: str
    users: Sequence[User] = ()


def pass_on_failing(*, now: datetime) -> int:
    """Pass on what bounced or failed twice; return how much was. One that cannot be passed on holds up no other."""
    passed = 0
    for message in outbox.failing(now):
        try:
            passed += pass_on(message=message, at=now)
        except Exception as problem:  # noqa: BLE001 - whatever is wrong with one message, the others must not wait
            log.error("handover.failed message=%s problem=%s", message.pk, type(problem).__name__)  # noqa: TRY400
            outbox.put_aside(message=message, at=now)
    return passed


@transaction.atomic
def pass_on(*, message: OutboxMessage, at: datetime) -> bool:
    """Tell the next person of one message, with an audit row; False where somebody was told before, or nobody has to
    be.
    """
    if not outbox.pass_on(message=message, at=at):
        return False
    matter = _matter(message, at)
    if matter is None:
        return False
    found = _next(message, matter, at)
    _tell(message, matter, found, at)
    audit.record(
        school=matter.school,
        actor=None,
        event=_PASSED_ON.value,
        target=matter.target,
        summary=f"{_PASSED_ON.label}: {matter.called}.",
        at=at,
        data={"role": found.role, "message": str(message.pk), "kind": message.kind, "had_it": not found.users},
        chain=matter.chain,
    )
    return True


def _matter(message: OutboxMessage, at: datetime) -> _Matter | None:
    if message.kind in _TO_REPORTERS:
        return None
    ids = [uuid.UUID(text) for text in _UUID.findall(message.dedupe_key)[:1]]
    if message.dedupe_key.startswith(_HANDOVER):
        # Only an address that is refused is a reason to climb further: with no mail at all, nobody is reached by it.
        origin = OutboxMessage.objects.for_school(message.school).filter(pk__in=ids).first()
        return _matter(origin, at) if origin and message.last_problem == _REFUSED else None
    cases = Incident.objects.for_school(message.school).select_related("school", "adoption")
    known = Q(pk__in=ids) | Q(obligations__in=ids) | Q(draft_id__in=ids) | Q(reference=_reference(message.path))
    case = cases.filter(known).first()
    if case is not None:
        return _of_case(case, at)
    draft = ConcernDraft.objects.for_school(message.school).filter(pk__in=ids, alerted_at__isnull=False).first()
    return _of_draft(draft, message.school, at) if draft else None


def _reference(path: str) -> str:
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    return str(found.kwargs.get("reference", "")) if found.url_name == "incident-detail" else ""


def _of_case(case: Incident, at: datetime) -> _Matter:
    parts = InvolvedPerson.objects.filter(incident=case, part=Part.ALLEGED, person__isnull=False)
    alleged = frozenset(parts.values_list("person_id", flat=True))
    target, called = f"incident:{case.pk}", case.reference
    packs, off = packs_of(case.adoption), taken_off([case.pk]).get(case.pk, frozenset())
    named = tuple(named_people(case, at=at)) if case.is_sealed else None
    return _Matter(case.school, case.handled_by, packs, alleged, case.audit_chain, target, called, None, off, named)


def _of_draft(draft: ConcernDraft, school: School, at: datetime) -> _Matter:
    """Return a call for help before anything was sent: past everybody whom the draft is about so far."""
    named = draft.typed().get("people", [])
    alleged = [row["person"] for row in named if row["part"] == Part.ALLEGED and _UUID.fullmatch(row["person"])]
    people = frozenset(uuid.UUID(text) for text in alleged)
    if draft.alert_role not in (*SAFEGUARDING_TEAM, Role.HEADTEACHER):
        people |= frozenset(headteachers(school, at=at))
    adoption = adoption_in_force(school, at=at)
    packs = packs_of(adoption) if adoption else ()
    chain = audit.SCHOOL_CHAIN if draft.alert_role == Role.DSL else f"case:{draft.pk}"
    return _Matter(school, draft.alert_role, packs, people, chain, f"draft:{draft.pk}", "a call for help", draft)


def _next(message: OutboxMessage, matter: _Matter, at: datetime) -> _Next:
    """Return the first rung, from the reader's own upwards, on which somebody is here who can be told."""
    held = holders(matter.school, frozenset(Role) - {Role.STAFF}, at=at, even_absent=True)
    asked = [*(holder.user.pk for holder in held), *(user.pk for user in matter.named or ())]
    barred = conflicted(asked, matter.alleged_ids) | matter.off
    has, has_not = _siblings(message)
    if matter.named is not None:
        # Nobody else may know of it.
        known = [user for user in matter.named if user.pk not in {message.recipient_id, *barred, *has, *has_not}]
        return _Next(NAMED_PEOPLE, known)
    away_from = {message.recipient_id, matter.draft.author_id if matter.draft else None} | has_not
    ladder = rungs(matter.packs, OwnerRole(matter.handled_by))
    own = {holder.role.value for holder in held if holder.user.pk == message.recipient_id}
    start = next((number for number, role in enumerate(ladder) if role in own), 0)
    if message.recipient_id is None:
        return _Next(NOBODY)
    for role in ladder[start:]:
        if role.value == EXTERNAL_CONTACT:
            break
        if not may_learn(matter.handled_by, role):
            continue
        free = _free(role.value, [holder for holder in held if holder.role.value == role.value], barred)
        users = [holder.user for holder in free if holder.is_present and holder.user.pk not in away_from]
        if any(user.pk in has for user in users):
            return _Next(role.value)
        if users:
            return _Next(role.value, users)
    return _Next(EXTERNAL_CONTACT)


def _free(role: str, on_rung: list[Holder], barred: frozenset[uuid.UUID]) -> list[Holder]:
    """Return those whom it is not about; an office above the team is passed over where it is about one who holds it."""
    free = [holder for holder in on_rung if holder.user.pk not in barred]
    return free if role in SAFEGUARDING_TEAM or len(free) == len(on_rung) else []


def _siblings(message: OutboxMessage) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Return who has the very same message, or is about to, and who does not get it either."""
    same, _, _ = message.dedupe_key.rpartition(":")
    rows = OutboxMessage.objects.for_school(message.school).filter(dedupe_key__startswith=f"{same}:")
    has, has_not = set[uuid.UUID](), set[uuid.UUID]()
    for user_id, failing_at in rows.exclude(recipient=None).values_list("recipient_id", "failing_at"):
        (has_not if failing_at else has).add(user_id)
    return has, has_not


def _tell(message: OutboxMessage, matter: _Matter, found: _Next, at: datetime) -> None:
    school, key = matter.school, f"{_HANDOVER}{message.pk}"
    if found.role == EXTERNAL_CONTACT:
        address = school.external_contact_email
        outbox.queue(
            school=school, kind="incidents/not_reached_outside", path="/", dedupe_key=key, at=at, address=address
        )
        return
    if not found.users:
        return
    home = reverse("school-home", kwargs={"school": school.slug})
    team = school.safeguarding_team(at=at)
    if matter.draft or found.role == NAMED_PEOPLE or opens_to(matter.handled_by, found.role, team=team):
        kind, path = message.kind, message.path
    else:
        kind, path = "incidents/not_reached", home
    outbox.queue(school=school, kind=kind, path=path, dedupe_key=key, at=at, recipients=found.users)
    if matter.draft:
        matter.draft.alerted_users = [*matter.draft.alerted_users, *(user.pk for user in found.users)]
        matter.draft.save(update_fields=["alerted_users"])
