"""What is wrong with the filtering: reported, put right, tested again by somebody else, and open again when it returns.

Where a ticket came from a case, what happens to it is told there too, and discharges what the policy asks of the case.
Nothing flows the other way: no row, message or audit entry of a ticket tells of a case.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.errors import Refused
from accounts.fingerprints import fingerprint
from accounts.models import School, User
from incidents import notifications
from incidents.events import Event
from incidents.models import FilteringSighting, FilteringStep, FilteringTicket, Incident
from incidents.models.filtering_tickets import LONGEST_ADDRESS, normal_address
from incidents.operations import chronology, filtering_changes, obligations
from incidents.queries.filtering_tickets import who_fixes, who_leads
from incidents.statuses import TicketKind, TicketState
from incidents.words import as_typed
from policies.engine.vocabulary import Deed
from policies.models import FilteringCheck
from policies.statuses import UserGroup


@dataclass(frozen=True)
class Met:
    """What was met: where, on what, by which group, when. No person."""

    kind: TicketKind
    user_group: UserGroup
    seen_at: datetime
    url: str = ""
    device: str = ""
    # What the filter said, or which category it named.
    said: str = ""
    is_illegal: bool = False


@transaction.atomic
def report(
    *,
    school: School,
    met: Met,
    role: str,
    by: User,
    at: datetime,
    incident: Incident | None = None,
    check: FilteringCheck | None = None,
) -> FilteringTicket:
    """Add what was met to the ticket of its address, or open one. One that was put right opens again.

    `role` is all that is shown of whoever reports it. A failure of the filtering is told to the safeguarding team at
    once. Refused: a moment to come, a breach or a blocked page without its address.
    """
    if met.seen_at > at:
        raise Refused("in_the_future", "That is in the future. Check the day and the time.")
    address = normal_address(met.url)
    if (met.url.strip() and not address) or (not address and met.kind is not TicketKind.FAILURE):
        raise Refused("no_address", "Give the address of the page, as it stands in the browser’s address line.")
    if len(address) > LONGEST_ADDRESS:
        raise Refused("address_too_long", "That address is too long. Leave out what follows the question mark.")
    ticket, was = _of_address(school, met, address, check, by, at)
    sighting = FilteringSighting(
        school=school,
        ticket=ticket,
        incident=incident,
        device=as_typed(met.device),
        user_group=met.user_group.value,
        said=as_typed(met.said),
        seen_at=met.seen_at,
        reported_at=at,
        reported_by=by,
        reporter_role=role,
    )
    sighting.save(force_insert=True)
    returns = was in (TicketState.FIXED, TicketState.VERIFIED)
    if was != TicketState.OPEN:
        _wake(ticket, f"reported:{sighting.pk}", by, at)
    if met.kind is TicketKind.FAILURE:
        recipients = [user for user in who_leads(school, at=at) if user.pk != by.pk]
        key = f"filtering_failed:{sighting.pk}"
        notifications.filtering_failed(school=school, path=_path(ticket), dedupe_key=key, recipients=recipients, at=at)
    _record(ticket, Event.FILTERING_REOPENED if returns else Event.FILTERING_REPORTED, by, at)
    if returns:
        _tell_cases(ticket, Event.FILTERING_REOPENED, "The same address was reported again.", (), by, at)
    return ticket


@transaction.atomic
def fix(*, ticket: FilteringTicket, changed: str, risk: str, by: User, at: datetime) -> None:
    """Record that it was put right: what was changed goes into the log of changes, and somebody else tests it again."""
    row = _locked(ticket)
    if row.state != TicketState.OPEN:
        raise Refused("not_to_fix", f"There is nothing to put right any more: {row.state_label.lower()}.")
    filtering_changes.log(school=row.school, what=changed, why=row.kind_label, risk=risk, by=by, at=at, ticket=row)
    row.state, row.fixed_at, row.fixed_by = TicketState.FIXED, at, by
    row.save(update_fields=["state", "fixed_at", "fixed_by"])
    _step(row, Event.FILTERING_FIXED, changed, by, at)
    reporters = {one.reported_by for one in row.sightings.select_related("reported_by")} - {by}
    notifications.filtering_waits(
        school=row.school,
        path=_path(row),
        dedupe_key=f"filtering_fixed:{row.pk}:{at.isoformat()}",
        recipients=sorted(reporters, key=lambda user: user.full_name),
        at=at,
    )
    _record(row, Event.FILTERING_FIXED, by, at)
    deeds = (Deed.REPORT_URL_TO_ICT, Deed.BLOCK_ACCESS, Deed.LOG_CHANGE)
    _tell_cases(row, Event.FILTERING_FIXED, changed, deeds, by, at)


@transaction.atomic
def verify(*, ticket: FilteringTicket, works: bool, words: str, by: User, at: datetime) -> None:
    """Record a second look: it works, or it has to be put right again. Never by whoever put it right."""
    row = _locked(ticket)
    if row.state != TicketState.FIXED:
        raise Refused("not_to_test", f"There is nothing to test now: {row.state_label.lower()}.")
    if row.fixed_by_id == by.pk:
        raise Refused("own_fix", "You put this right yourself. Somebody else has to look again.")
    if not works and not words.strip():
        raise Refused("words_missing", "Write down what you found, so that it can be put right.")
    if not works:
        _reopen(row)
        _step(row, Event.FILTERING_REOPENED, words, by, at)
        _wake(row, f"untrue:{row.pk}:{at.isoformat()}", by, at)
        _record(row, Event.FILTERING_REOPENED, by, at)
        _tell_cases(row, Event.FILTERING_REOPENED, words, (), by, at)
        return
    row.state, row.verified_at, row.verified_by = TicketState.VERIFIED, at, by
    row.save(update_fields=["state", "verified_at", "verified_by"])
    _step(row, Event.FILTERING_VERIFIED, words, by, at)
    _record(row, Event.FILTERING_VERIFIED, by, at)
    _tell_cases(row, Event.FILTERING_VERIFIED, words, (Deed.VERIFY_FIX,), by, at)


def _of_address(
    school: School, met: Met, address: str, check: FilteringCheck | None, by: User, at: datetime
) -> tuple[FilteringTicket, str]:
    """Return the ticket of an address, locked and open now, and the state it was in; a new one was in none."""
    # Two reports of the same address at once are one ticket.
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    mark = fingerprint(address, of=f"filtering_{met.kind}", school_id=school.pk) if address else None
    tickets = FilteringTicket.objects.for_school(school).select_for_update(of=("self",), no_key=True)
    found: FilteringTicket | None = tickets.filter(kind=met.kind.value, fingerprint=mark).first() if mark else None
    if found is None:
        found, was = _new(school, met, mark, check, by, at), ""
    else:
        was = found.state
        _reopen(found)
    found.school, found.reported_at, found.reported_by = school, at, by
    found.is_illegal = found.is_illegal or met.is_illegal
    found.save()
    return found, was


def _new(
    school: School, met: Met, mark: bytes | None, check: FilteringCheck | None, by: User, at: datetime
) -> FilteringTicket:
    return FilteringTicket(
        school=school,
        kind=met.kind.value,
        url=as_typed(met.url),
        fingerprint=mark,
        check_failed=check,
        opened_at=at,
        opened_by=by,
    )


def _reopen(row: FilteringTicket) -> None:
    row.state, row.fixed_at, row.fixed_by = TicketState.OPEN, None, None
    row.verified_at, row.verified_by = None, None
    row.save(update_fields=["state", "fixed_at", "fixed_by", "verified_at", "verified_by"])


def _wake(ticket: FilteringTicket, key: str, by: User, at: datetime) -> None:
    """Let those who look after the filtering know that there is something to put right."""
    recipients = [user for user in who_fixes(ticket.school, at=at) if user.pk != by.pk]
    notifications.filtering_waits(
        school=ticket.school, path=_path(ticket), dedupe_key=f"filtering:{key}", recipients=recipients, at=at
    )


def _step(ticket: FilteringTicket, event: Event, words: str, by: User, at: datetime) -> None:
    step = FilteringStep(school=ticket.school, ticket=ticket, event=event.value, words=words or None, at=at, by=by)
    step.save(force_insert=True)


def _tell_cases(
    ticket: FilteringTicket, event: Event, words: str, deeds: tuple[Deed, ...], by: User, at: datetime
) -> None:
    """Let the cases it came from know, and discharge what they owe."""
    cases = Incident.objects.for_school(ticket.school).filter(filtering_sightings__ticket=ticket)
    for case in cases.distinct().order_by("pk"):
        case.school = ticket.school
        chronology.append(incident=case, event=event, by=by, at=at, text=words)
        obligations.settle_deeds(incident=case, deeds=deeds, words=words or event.label, by=by, at=at)


def _locked(ticket: FilteringTicket) -> FilteringTicket:
    rows = FilteringTicket.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    row: FilteringTicket = rows.get(pk=ticket.pk)
    return row


def _path(ticket: FilteringTicket) -> str:
    return reverse("filtering-ticket-detail", kwargs={"school": ticket.school.slug, "ticket_id": ticket.pk})


def _record(ticket: FilteringTicket, event: Event, by: User, at: datetime) -> None:
    target = f"filtering_ticket:{ticket.pk}"
    audit.record(school=ticket.school, actor=by, event=event, target=target, summary=f"{event.label}.", at=at)
