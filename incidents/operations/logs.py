"""That the incident log was printed: written down before it leaves."""

from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.models import School, User
from incidents.events import Event


@transaction.atomic
def record_print(*, school: School, first: date, last: date, number: int | None, by: User, at: datetime) -> None:
    """Record who printed which period of the log, and how many lines it had; `None` where the number would tell."""
    data: dict[str, object] = {"first": first.isoformat(), "last": last.isoformat()}
    audit.record(
        school=school,
        actor=by,
        event=Event.LOG_PRINTED.value,
        target=f"school:{school.pk}",
        summary=f"{Event.LOG_PRINTED.label}.",
        at=at,
        data=data if number is None else {**data, "lines": number},
    )
