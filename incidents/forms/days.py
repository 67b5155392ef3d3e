"""Fields for days and times of day, and what is said of one that cannot be meant."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone

IN_THE_FUTURE = "That is in the future. Check the day and the time."
# A clock on a phone may run a little ahead of the server's.
_AHEAD = timedelta(minutes=5)
# Nothing is planned for later, and nothing that is told happened earlier: such a year was mistyped.
_YEARS = 5


def day_field(label: str, *, required: str = "", hint: str = "") -> forms.DateField:
    """Return a field for a day; `required` is the sentence shown when none was given, empty where that is allowed."""
    return forms.DateField(
        label=label,
        required=bool(required),
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": "That is not a date. Write it like 12/11/2026."},
    )


def time_field(label: str, *, required: str = "", hint: str = "") -> forms.TimeField:
    """Return a field for a time of day."""
    return forms.TimeField(
        label=label,
        required=bool(required),
        help_text=hint,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": required, "invalid": "That is not a time. Write it like 8:25."},
    )


def check_ahead(form: forms.Form, name: str, *, at: datetime) -> None:
    """Say so on the form where a day by which something is to be done is over, or is years away."""
    day: date | None = form.cleaned_data.get(name)
    today = timezone.localtime(at).date()
    if day and day < today:
        form.add_error(name, "That day is over. Choose a later one.")
    elif day and day.year > today.year + _YEARS:
        form.add_error(name, "That is years away. Check the year.")


def check_behind(form: forms.Form, name: str, *, at: datetime) -> None:
    """Say so on the form where a day on which something was done is still to come, or is years ago."""
    day: date | None = form.cleaned_data.get(name)
    today = timezone.localtime(at).date()
    if day and day > today:
        form.add_error(name, "That is in the future. Check the date.")
    elif day and day.year < today.year - _YEARS:
        form.add_error(name, "That is years ago. Check the year.")


def moment_of(form: forms.Form, day_name: str, time_name: str, *, at: datetime) -> datetime | None:
    """Return the moment that a day and a time of a form name; nothing, with an error there, where it is to come."""
    day: date | None = form.cleaned_data.get(day_name)
    clock: time | None = form.cleaned_data.get(time_name)
    if day is None or clock is None:
        return None
    check_behind(form, day_name, at=at)
    if form.has_error(day_name):
        return None
    moment = timezone.make_aware(datetime.combine(day, clock))
    if moment > at + _AHEAD:
        form.add_error(day_name, IN_THE_FUTURE)
        return None
    return min(moment, at)


def now_in_fields(form: forms.Form, day_name: str, time_name: str, *, at: datetime) -> None:
    """Fill the moment of the page into a day and a time, as they are most often meant."""
    now = timezone.localtime(at)
    form.fields[day_name].initial, form.fields[time_name].initial = now.date(), f"{now:%H:%M}"
