"""Being away and being back. It changes who is told; what somebody may see and handle stays theirs."""

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, outbox
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import Absence, Membership, School, User

# Nobody plans to be away for longer; a farther day is a slip of the pen.
_FARTHEST = timedelta(days=731)


@transaction.atomic
def add_absence(
    *, school: School, user: User, starts_on: date, ends_on: date | None, by: User, at: datetime
) -> Absence:
    """Mark somebody as away from a day on, to the end of another or until they are back.

    From today means from this moment. Whoever is marked by somebody else gets a message. Raise Refused for days that
    are past or the wrong way round, for somebody who holds no role here, and where they are marked already.
    """
    today = timezone.localtime(at).date()
    _refuse_wrong_days(starts_on, ends_on, today)
    if not Membership.objects.for_school(school).filter(user=user).held_on(starts_on).exists():
        raise Refused("no_member", "They hold no role here on that day.")
    absence = Absence(
        school=school,
        user=user,
        starts_at=at if starts_on == today else _first_minute(starts_on),
        ends_at=_first_minute(ends_on + timedelta(days=1)) if ends_on else None,
        added_at=at,
        added_by=by,
    )
    try:
        with transaction.atomic():
            absence.save(force_insert=True)
    except IntegrityError as clash:
        if "absence_never_overlaps" not in str(clash):
            raise
        raise Refused(
            "away_already", "Some of these days are marked already. End that absence first, or choose other days."
        ) from clash
    _record(absence, AccountEvent.ABSENCE_ADDED, f"Marked {user.full_name} as away.", by, at)
    if by.pk != user.pk:
        path, key = f"/s/{school.slug}/settings/absences/", f"absence:{absence.pk}"
        outbox.queue(school=school, kind="accounts/absence_set", recipients=[user], path=path, dedupe_key=key, at=at)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """End an absence now: they are back. One that has not begun is taken back; one that is over stays as it is."""
    found = Absence.objects.select_for_update(of=("self",)).select_related("school", "user").filter(pk=absence.pk)
    locked = found.first()
    if locked is None or (locked.ends_at is not None and locked.ends_at <= at):
        return
    _record(locked, AccountEvent.ABSENCE_ENDED, f"Marked {locked.user.full_name} as back.", by, at)
    if locked.starts_at >= at:
        locked.delete()
        return
    locked.ends_at = at
    locked.save(update_fields=["ends_at"])


def _refuse_wrong_days(starts_on: date, ends_on: date | None, today: date) -> None:
    if starts_on < today:
        raise Refused("starts_in_the_past", "That day has passed. Choose today or a day to come.")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("ends_before_it_starts", "The last day lies before the first. Check the dates.")
    if max(starts_on, ends_on or starts_on) > today + _FARTHEST:
        raise Refused("too_far", "That is more than two years away. Check the year.")


def _first_minute(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _record(absence: Absence, event: AccountEvent, summary: str, by: User, at: datetime) -> None:
    audit.record(school=absence.school, actor=by, event=event, target=f"absence:{absence.pk}", summary=summary, at=at)
