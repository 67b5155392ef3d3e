"""How somebody wants to hear of what can wait. What cannot wait asks nobody: see `accounts.outbox.MAY_WAIT`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.base import Identified
from accounts.models.users import User
from accounts.privacy import Retention

_DAY = timedelta(days=1)
_SATURDAY = 5
# A quiet night and a quiet weekend follow each other; more than a week of them in a row cannot be.
_LONGEST_QUIET = 8


class Mail(models.TextChoices):
    """When somebody hears of what can wait."""

    AT_ONCE = "at_once", "By e-mail, at once"
    DIGEST = "digest", "By one e-mail a day"
    IN_APP = "in_app", "Only here, on my day"


class Preference(Identified):
    """One person's choice, at whatever school. Without a row: at once, and no quiet hours."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="preference")
    mail = models.CharField(max_length=8, default=Mail.AT_ONCE)
    digest_time = models.TimeField(default=time(7, 30))
    # Local time; a night's quiet ends on the day after it began.
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    is_quiet_at_weekends = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_begin_and_end",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
            )
        ]

    class Privacy:
        public = ("id", "mail")
        personal = ("user", "digest_time", "quiet_from", "quiet_until", "is_quiet_at_weekends")
        special = ()
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return f"{self.mail} {self.pk}"

    def after_quiet(self, at: datetime) -> datetime:
        """Return the first moment from `at` on that is not quiet: `at` itself unless it lies in a quiet time."""
        for _ in range(_LONGEST_QUIET):
            end = self._end_of_quiet(at)
            if end is None:
                return at
            at = end
        return at

    def is_quiet_time(self, of_day: time) -> bool:
        """Say whether a time of day lies in the quiet hours."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= of_day < self.quiet_until
        return of_day >= self.quiet_from or of_day < self.quiet_until

    def next_digest(self, at: datetime) -> datetime:
        """Return when the next daily message goes out, later than `at`, on a day that is not quiet."""
        times = list(self._digest_times(at))
        return next((moment for moment in times if self._end_of_quiet(moment) is None), self.after_quiet(times[0]))

    def _digest_times(self, at: datetime) -> Iterator[datetime]:
        day = timezone.localtime(at).date()
        for number in range(_LONGEST_QUIET):
            moment = _moment(day + number * _DAY, self.digest_time)
            if moment > at:
                yield moment

    def _end_of_quiet(self, at: datetime) -> datetime | None:
        local = timezone.localtime(at)
        if self.is_quiet_at_weekends and local.weekday() >= _SATURDAY:
            return _moment(local.date() + _DAY, time(), after=at)
        if self.quiet_until is None or not self.is_quiet_time(local.time()):
            return None
        is_over_tomorrow = local.time() >= self.quiet_until
        return _moment(local.date() + is_over_tomorrow * _DAY, self.quiet_until, after=at)


def _moment(day: date, at_time: time, *, after: datetime | None = None) -> datetime:
    """Return the moment of a local time; where summer time's end brings it twice, the first one after `after`."""
    local = datetime.combine(day, at_time, tzinfo=timezone.get_default_timezone())
    # Told in UTC: moments of the hour that is there twice, or not at all, equal nothing told in local time.
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if after is not None and first <= after else first
