"""The school's entries in the directory of agencies: written, and checked once a year."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import School, User
from incidents.agencies import KNOWN, name_of
from incidents.events import Event
from incidents.models import AgencyEntry
from policies.engine.vocabulary import Agency


@dataclass(frozen=True)
class Details:
    """How an agency is reached."""

    contact: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    hours: str = ""
    notes: str = ""


@transaction.atomic
def write(*, school: School, agency: Agency, details: Details, checked_on: date | None, by: User, at: datetime) -> None:
    """Write down how an agency is reached; `checked_on` where whoever writes has made sure of it on that day.

    What is changed and not checked counts as not checked: an old check says nothing of a new number.
    """
    entry = _locked(school, agency) or AgencyEntry(school=school, agency=agency.value)
    values = {name: value.strip() for name, value in asdict(details).items()}
    changed = sorted(name for name, value in values.items() if getattr(entry, name) != value)
    if not changed and checked_on is None:
        return
    for name, value in values.items():
        setattr(entry, name, value)
    entry.changed_at, entry.changed_by = at, by
    entry.verified_on, entry.verified_by = (checked_on, by) if checked_on else (None, None)
    entry.save()
    _record(entry, Event.AGENCY_CHANGED, by, at, changed)


@transaction.atomic
def verify(*, school: School, agency: Agency, on: date, by: User, at: datetime) -> None:
    """Record that somebody made sure that an entry is right. Where nothing was written, what is known everywhere is
    taken over.
    """
    entry = _locked(school, agency)
    if entry is None:
        known = KNOWN[agency]
        if not (known.phone or known.website):
            raise Refused("entry_empty", "There is nothing to check yet. Write down how they are reached.")
        details = Details(phone=known.phone, website=known.website)
        write(school=school, agency=agency, details=details, checked_on=on, by=by, at=at)
        return
    entry.verified_on, entry.verified_by = on, by
    entry.save(update_fields=["verified_on", "verified_by"])
    _record(entry, Event.AGENCY_VERIFIED, by, at, [])


def _locked(school: School, agency: Agency) -> AgencyEntry | None:
    # Two who write the first entry at the same time wait for each other at the school's row.
    School.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=school.pk)
    entry: AgencyEntry | None = AgencyEntry.objects.for_school(school).filter(agency=agency.value).first()
    return entry


def _record(entry: AgencyEntry, event: Event, by: User, at: datetime, changed: list[str]) -> None:
    audit.record(
        school=entry.school,
        actor=by,
        event=event.value,
        target=f"agency:{entry.agency}",
        summary=f"{event.label}: {name_of(entry.agency)}.",
        at=at,
        data={"fields": changed} if changed else None,
    )
