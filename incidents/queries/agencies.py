"""The directory of agencies: what the school wrote down, and what is the same everywhere where it has not."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import School
from incidents.agencies import KNOWN, KnownAgency
from incidents.models import AgencyEntry
from policies.engine.vocabulary import Agency


@dataclass(frozen=True)
class Line:
    """One agency as people read it."""

    key: str
    known: KnownAgency
    contact: str
    phone: str
    email: str
    website: str
    hours: str
    notes: str
    # Whether these are the school's own words; otherwise they are to be checked.
    is_own: bool
    verified_on: date | None
    verified_by: str
    is_verified: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.known.name

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all is known of how to reach it."""
        return not any((self.contact, self.phone, self.email, self.website, self.hours, self.notes))

    @property
    def dial(self) -> str:
        """The digits to dial; nothing where more than one number was written."""
        digits = "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
        is_number = bool(re.fullmatch(r"\+?[\d ()\-]{3,20}", self.phone))
        return digits if is_number else ""

    @property
    def standing(self) -> str:
        """Whether it can be relied on, in a word or two; nothing where there is nothing to rely on."""
        if self.is_empty:
            return ""
        if not self.is_own:
            return "Check this"
        if self.verified_on is None:
            return "Never checked"
        return "" if self.is_verified else "Not checked for a year"


def directory(school: School, *, at: datetime) -> list[Line]:
    """Return every agency, in the order in which they are known. One query."""
    rows = AgencyEntry.objects.for_school(school).select_related("verified_by")
    entries = {row.agency: row for row in rows}
    return [_line(school, agency, entries.get(agency.value), at) for agency in KNOWN]


def line_of(school: School, agency: Agency, *, at: datetime) -> Line:
    """Return one agency. One query."""
    entry = AgencyEntry.objects.for_school(school).filter(agency=agency.value).select_related("verified_by").first()
    return _line(school, agency, entry, at)


def _line(school: School, agency: Agency, entry: AgencyEntry | None, at: datetime) -> Line:
    known = KNOWN[agency]
    if entry is None:
        return _unwritten(school, agency)
    return Line(
        key=agency.value,
        known=known,
        contact=entry.contact,
        phone=entry.phone,
        email=entry.email,
        website=entry.website,
        hours=entry.hours,
        notes=entry.notes,
        is_own=True,
        verified_on=entry.verified_on,
        verified_by=entry.verified_by.full_name if entry.verified_by else "",
        is_verified=entry.is_verified(timezone.localtime(at).date()),
    )


def _unwritten(school: School, agency: Agency) -> Line:
    known, is_lado = KNOWN[agency], agency is Agency.LADO
    # The school's settings name the local authority's contact: whoever receives what nobody here may.
    return Line(
        key=agency.value,
        known=known,
        contact=school.external_contact_name if is_lado else "",
        phone=school.external_contact_phone if is_lado else known.phone,
        email=school.external_contact_email if is_lado else "",
        website=known.website,
        hours="",
        notes="",
        is_own=False,
        verified_on=None,
        verified_by="",
        is_verified=False,
    )
