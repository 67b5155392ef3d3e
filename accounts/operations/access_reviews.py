"""Looking at who may read cases: noted with a day for the next time, and taken away as a list."""

import csv
import io
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import AccessReview, School, User
from accounts.queries.access_reviews import Review
from accounts.queries.audits import plain_cell

LONGEST = timedelta(days=366)
_HEAD = ["Name", "E-mail address", "Role", "Since", "Last signed in", "Last opened a case", "To ask about"]


@transaction.atomic
def mark_reviewed(*, school: School, review: Review, next_on: date, note: str, by: User, at: datetime) -> AccessReview:
    """Note that somebody looked at who may read cases, what they found, and when they look again.

    Refused: a day that is over, and one more than a year away.
    """
    today = timezone.localtime(at).date()
    if not today < next_on <= today + LONGEST:
        raise Refused("day_wrong", "Choose a day from tomorrow on, a year from now at the most.")
    row = AccessReview(
        school=school,
        reviewed_at=at,
        reviewed_by=by,
        next_on=next_on,
        readers=len(review.readers),
        in_question=review.in_question,
        note=note if note.strip() else None,
    )
    row.save(force_insert=True)
    _record(school, AccountEvent.ACCESS_REVIEWED, f"Reviewed who may read cases, next on {next_on}.", by, at)
    return row


@transaction.atomic
def as_list(*, school: School, review: Review, by: User, at: datetime) -> str:
    """Return who may read cases as a list for spreadsheets, in which nothing is a formula; that it left is recorded."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(_HEAD)
    for reader in review.readers:
        for held in reader.held:
            cells = [
                reader.user.full_name,
                reader.user.email,
                held.title,
                held.membership.starts_on.isoformat(),
                _moment(reader.user.last_login),
                _moment(reader.read_at),
                " ".join(reader.questions),
            ]
            writer.writerow([plain_cell(cell) for cell in cells])
    _record(school, AccountEvent.ACCESS_LISTED, "Took the list of who may read cases away.", by, at)
    # The mark by which spreadsheets know the letters.
    return f"\ufeff{text.getvalue()}"


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _record(school: School, event: AccountEvent, summary: str, by: User, at: datetime) -> None:
    audit.record(school=school, actor=by, event=event, target=f"school:{school.pk}", summary=summary, at=at)
