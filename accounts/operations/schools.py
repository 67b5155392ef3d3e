"""Schools and their calendar."""

import re
from datetime import date, datetime, time

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import ClosedDay, School, Term, Trust, User
from accounts.operations import keys


@transaction.atomic
def create_school(
    *,
    name: str,
    slug: str,
    reference_prefix: str,
    phase: str,
    safeguarding_phone: str,
    external_contact_name: str,
    external_contact_phone: str,
    external_contact_email: str,
    at: datetime,
    by: User | None = None,
    trust: Trust | None = None,
    urn: str = "",
    opens_at_time: time = time(8, 0),
    closes_at_time: time = time(16, 0),
    role_titles: dict[str, str] | None = None,
) -> School:
    """Create a school with its audit chains and its first data key; nothing can be kept for a school without them."""
    slug = slug.lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,39}", slug):
        raise Refused("slug_wrong", "The short name may hold only letters, digits and hyphens. Leave out the rest.")
    if not re.fullmatch(r"[A-Za-z0-9]{2,4}", reference_prefix):
        raise Refused("prefix_wrong", "The beginning of references is two to four letters or digits, such as OAK.")
    if School.objects.filter(slug__iexact=slug).exists():
        raise Refused("slug_taken", "Another school already uses that short name in its addresses. Choose another one.")
    school = School(
        trust=trust,
        name=name,
        slug=slug,
        reference_prefix=reference_prefix.upper(),
        phase=phase,
        urn=urn,
        opens_at_time=opens_at_time,
        closes_at_time=closes_at_time,
        safeguarding_phone=safeguarding_phone,
        external_contact_name=external_contact_name,
        external_contact_phone=external_contact_phone,
        external_contact_email=external_contact_email,
        role_titles=role_titles or {},
    )
    school.save(force_insert=True)
    audit.open_chains(school=school, at=at)
    _record(school, AccountEvent.SCHOOL_CREATED, "Created the school.", by, at)
    keys.make_data_key(school=school, at=at)
    return school


@transaction.atomic
def add_term(
    *, school: School, name: str, starts_on: date, ends_on: date, at: datetime, by: User | None = None
) -> Term:
    """Add a term; terms of one school never overlap."""
    if starts_on >= ends_on:
        raise Refused("term_backwards", "The last day must be after the first day. Check the dates.")
    if Term.objects.for_school(school).filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refused("term_overlaps", "These dates overlap another term. Check the first and the last day.")
    term = Term(school=school, name=name, starts_on=starts_on, ends_on=ends_on)
    term.save(force_insert=True)
    _record(school, AccountEvent.TERM_ADDED, f"Added the term {name}.", by, at)
    return term


@transaction.atomic
def remove_term(*, term: Term, at: datetime, by: User) -> None:
    """Remove a term from the calendar."""
    _record(term.school, AccountEvent.TERM_REMOVED, f"Removed the term {term.name}.", by, at)
    term.delete()


@transaction.atomic
def add_closed_day(*, school: School, day: date, reason: str, at: datetime, by: User | None = None) -> ClosedDay:
    """Add a day on which the school is closed; the same day twice is refused."""
    if ClosedDay.objects.for_school(school).filter(day=day).exists():
        raise Refused("day_already_closed", "That day is already in the list of closed days.")
    closed = ClosedDay(school=school, day=day, reason=reason)
    closed.save(force_insert=True)
    _record(school, AccountEvent.CLOSED_DAY_ADDED, f"Added {day.isoformat()} as a closed day.", by, at)
    return closed


@transaction.atomic
def remove_closed_day(*, closed_day: ClosedDay, at: datetime, by: User) -> None:
    """Remove a closed day from the calendar."""
    day = closed_day.day.isoformat()
    _record(closed_day.school, AccountEvent.CLOSED_DAY_REMOVED, f"Removed {day} from the closed days.", by, at)
    closed_day.delete()


def _record(school: School, event: AccountEvent, summary: str, by: User | None, at: datetime) -> None:
    audit.record(school=school, actor=by, event=event, target=f"school:{school.pk}", summary=summary, at=at)
