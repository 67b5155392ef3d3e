"""Dates in our words, the small marks on every row, and GOV.UK markup for Django's form fields.

Half of a page's time is templates and half of that is dates, so what stands on every row of a table is put together
here by hand. No clock is read in this module: the moment is always passed in.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms import BaseForm
from django.forms.boundfield import BoundField, BoundWidget
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.queries.factors import Waiting, own_waiting
from safeguarding.templatetags.controls import control, escaped

register = template.Library()

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MINUTE, HOUR, DAY = 60, 3600, 86400
SOON = 4 * HOUR

# What a tag says and how it looks. The class gives the shape first and the colour second; red is for danger alone.
TAGS: dict[str, tuple[str, str]] = {
    "danger": ("Danger", "danger"),
    "high": ("High", "high"),
    "standard": ("Standard", "standard"),
    "low": ("Low", "low"),
    "reported": ("New", "new"),
    "acknowledged": ("Acknowledged", "seen"),
    "open": ("Open", "open"),
    "monitoring": ("Monitoring", "watch"),
    "closed": ("Closed", "closed"),
    "overdue": ("Overdue", "danger"),
    "draft": ("Draft", "low"),
}

# The first mark found wins: nearly every browser also calls itself Chrome, Safari and Mozilla.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("CrOS", "a Chromebook")),
    *(("Windows", "Windows"), ("Mac OS", "a Mac"), ("Linux", "Linux")),
)

# What `<input type="date">` and `<input type="time">` expect as their value.
NATIVE_FORMATS = {"date": "%Y-%m-%d", "time": "%H:%M"}

OWN_CSS = ("tokens", "base", "frame", "forms", "picker", "components", "queue", "cases", "policy", "duties", "care")
VENDOR_CSS = ("vendor/inter/inter.css", "vendor/govuk/govuk-frontend.min.css", "vendor/moj/moj-frontend.min.css")
# The one file of the typeface that every page needs: asked for early, so that words do not change shape while read.
VENDOR_FONT = "vendor/inter/inter-latin-wght-normal.woff2"
VENDOR_JS = (("govuk", "vendor/govuk/govuk-frontend.min.js"), ("moj", "vendor/moj/moj-frontend.min.js"))


# Dates and times


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(timezone.get_current_timezone())


def _clock(local: dt.datetime) -> str:
    return f"{local.hour}:{local.minute:02d}"


def _long_date(day: dt.date) -> str:
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def _day_word(day: dt.date, today: dt.date) -> str | None:
    """The word for a day near today, or None when only its date will do."""
    away = (day - today).days
    if away == 0:
        return "today"
    if away == -1:
        return "yesterday"
    if away == 1:
        return "tomorrow"
    return WEEKDAYS[day.weekday()] if -7 < away < 7 else None


@register.filter
def when(moment: dt.datetime | dt.date | None, at: dt.datetime) -> str:
    """A moment as people say it: "today 8:26", "Tuesday 8:26", "12 November 2026"."""
    if not moment:
        return ""
    if not isinstance(moment, dt.datetime):
        return _day_word(moment, _local(at).date()) or _long_date(moment)
    return _when(_local(moment), _local(at))


def _when(local: dt.datetime, now: dt.datetime) -> str:
    word = _day_word(local.date(), now.date())
    return f"{word} {_clock(local)}" if word else _long_date(local)


@register.filter
def exact(moment: dt.datetime | dt.date | None) -> str:
    """The whole of it, for a title or a receipt: "Thursday 12 November 2026, 8:26"."""
    if not moment:
        return ""
    if not isinstance(moment, dt.datetime):
        return f"{WEEKDAYS[moment.weekday()]} {_long_date(moment)}"
    return _exact(_local(moment))


def _exact(local: dt.datetime) -> str:
    return f"{WEEKDAYS[local.weekday()]} {_long_date(local)}, {_clock(local)}"


@register.filter
def clock(moment: dt.datetime | None) -> str:
    """The time of day alone: "8:26"."""
    return _clock(_local(moment)) if moment else ""


@register.filter
def long_date(moment: dt.datetime | dt.date | None) -> str:
    """The date alone: "12 November 2026"."""
    if not moment:
        return ""
    return _long_date(_local(moment) if isinstance(moment, dt.datetime) else moment)


@register.filter
def iso(moment: dt.datetime | dt.date | None) -> str:
    """The moment for a machine, in the attribute `datetime`."""
    if not moment:
        return ""
    return _local(moment).isoformat(timespec="seconds") if isinstance(moment, dt.datetime) else moment.isoformat()


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@register.filter
def age(moment: dt.datetime | None, at: dt.datetime) -> str:
    """How old something is, in its largest unit: "3 days", "5 hours", "12 minutes"."""
    if not moment:
        return ""
    seconds = int((at - moment).total_seconds())
    if seconds >= DAY:
        return _plural(seconds // DAY, "day")
    if seconds >= HOUR:
        return _plural(seconds // HOUR, "hour")
    return _plural(seconds // MINUTE, "minute") if seconds >= MINUTE else "less than a minute"


@register.filter
def ago(moment: dt.datetime | None, at: dt.datetime) -> str:
    """The same, looking back: "3 days ago", "just now"."""
    if not moment:
        return ""
    return f"{age(moment, at)} ago" if (at - moment).total_seconds() >= MINUTE else "just now"


def _span(seconds: int) -> str:
    """A length of time in at most two units. `static/js/countdown.js` says the same in the same words."""
    if seconds >= 2 * DAY:
        return f"{seconds // DAY} days"
    if seconds >= DAY:
        hours = seconds % DAY // HOUR
        return f"1 day {hours} h" if hours else "1 day"
    if seconds >= HOUR:
        minutes = seconds % HOUR // MINUTE
        return f"{seconds // HOUR} h {minutes} min" if minutes else f"{seconds // HOUR} h"
    return f"{seconds // MINUTE} min" if seconds >= MINUTE else "less than a minute"


@register.filter
def countdown(due_at: dt.datetime | None, at: dt.datetime) -> str:
    """What is left of a deadline, or by how much it was missed."""
    if not due_at:
        return ""
    seconds = int((due_at - at).total_seconds())
    return f"due in {_span(seconds)}" if seconds >= 0 else f"overdue by {_span(-seconds)}"


@register.filter
def browser(user_agent: str) -> str:
    """A browser's long name for itself in three words: "Chrome on Windows"."""
    name = next((word for mark, word in BROWSERS if mark in user_agent), "A browser")
    system = next((word for mark, word in SYSTEMS if mark in user_agent), "")
    return f"{name} on {system}" if system else name


# The marks that stand on every row


@register.simple_tag
def deadline(due_at: dt.datetime | None, at: dt.datetime) -> str:
    """A deadline: word, countdown, and the exact time on hover, on focus and for a screen reader."""
    if not due_at:
        return mark_safe('<span class="sg-deadline sg-deadline--none">No deadline</span>')
    zone = timezone.get_current_timezone()
    local, seconds = due_at.astimezone(zone), int((due_at - at).total_seconds())
    if due_at < at:
        look, count = "sg-deadline sg-deadline--late", f"Overdue by {_span(-seconds)}"
    else:
        look, count = "sg-deadline sg-deadline--soon" if seconds < SOON else "sg-deadline", f"Due in {_span(seconds)}"
    moment = local.isoformat(timespec="seconds")
    # Nothing here comes from a person: numbers and our own words only, so there is nothing to escape.
    return mark_safe(  # noqa: S308
        f'<time class="{look}" datetime="{moment}" data-deadline="{moment}" title="{_exact(local)}">'
        f'<span class="sg-deadline__count">{count}</span> '
        f'<span class="sg-deadline__exact">{_when(local, at.astimezone(zone))}</span></time>'
    )


def moment_in_words(local: dt.datetime, now: dt.datetime) -> str:
    """A moment as people say it, the exact one behind it; both are local already."""
    moment = local.isoformat(timespec="seconds")
    # Numbers and our own words only.
    return mark_safe(  # noqa: S308
        f'<time datetime="{moment}" title="{_exact(local)}">{_when(local, now)}</time>'
    )


@register.simple_tag
@lru_cache(maxsize=256)
def tag(kind: Any, label: str = "") -> str:
    """A status or level as a word with a shape and a colour; `label` replaces the usual word."""
    word, look = TAGS.get(str(kind), (str(kind).replace("_", " ").capitalize(), "standard"))
    return mark_safe(  # noqa: S308  (the word is escaped here, the look is ours)
        f'<strong class="sg-tag sg-tag--{look}">{escaped(label or word)}</strong>'
    )


@register.simple_tag
def person_chip(name: str, detail: str = "", part: str = "") -> str:
    """A person: name, then year and form, then the part they have in it."""
    html = f'<span class="sg-person"><bdi class="sg-person__name">{escaped(name)}</bdi>'
    if detail:
        html += f' <span class="sg-person__detail">{escaped(detail)}</span>'
    if part:
        html += f' <span class="sg-person__part">{escaped(part)}</span>'
    return mark_safe(html + "</span>")  # noqa: S308  (every value above is escaped)


@register.simple_tag(takes_context=True)
def waiting_factors(context: dict[str, Any]) -> list[Waiting]:
    """What its reader added that opens no case yet, on a page that a library draws."""
    request = context["request"]
    return own_waiting(request.user, at=request.at)


# Form fields as GOV.UK markup


@register.simple_tag
def govuk_widget(field: BoundField, classes: str = "", **attrs: str) -> str:
    """The field's own widget with GOV.UK classes, tied to its hint and error; `data_x=` becomes `data-x`."""
    if picker := NATIVE_FORMATS.get(attrs.get("type", "")):
        # A browser's picker wants its own format whatever the language; each form has its own copy of the widget.
        field.field.widget.input_type = attrs.pop("type")
        field.field.widget.format = picker
    # Words inside the box vanish while typing, and read as an answer already given.
    field.field.widget.attrs.pop("placeholder", None)
    described = described_by(field)
    extra: dict[str, Any] = {name.replace("_", "-"): value for name, value in attrs.items() if value not in ("", None)}
    extra["class"] = " ".join(filter(None, (field.field.widget.attrs.get("class", ""), classes)))
    # Django would name ids of its own rendering here; ours are the ones on the page.
    extra["aria-describedby"] = " ".join(filter(None, (described, attrs.get("aria_describedby", "")))) or None
    if field.errors:
        extra["class"] += f" {classes.split(' ')[0]}--error"
        extra["aria-invalid"] = "true"
    return control(field, {name: value for name, value in extra.items() if value is not None})


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of a field's hint and error, in the order they are read out."""
    ids = [f"{field.auto_id}-hint"] if field.help_text else []
    if field.errors:
        ids.append(f"{field.auto_id}-error")
    return " ".join(ids)


@register.filter
def choice_hint(field: BoundField, value: Any) -> str:
    """The line under one choice, from `choice_hints` on the form's field when it has any."""
    hints: dict[str, str] = getattr(field.field, "choice_hints", {})
    return hints.get(str(value), "")


@register.simple_tag
def opens(choice: BoundWidget, value: Any = "") -> bool:
    """Whether this is the choice that reveals more of the form."""
    return value not in ("", None) and str(choice.data["value"]) == str(value)


def first_control(field: BoundField) -> str:
    """The id of the control that takes the focus: for radios, checkboxes and date with time that is the first one."""
    return field.id_for_label or f"{field.auto_id}_0"


def _errors(forms: tuple[BaseForm, ...]) -> Iterator[dict[str, str]]:
    for form in forms:
        for error in form.non_field_errors():
            yield {"text": str(error), "href": ""}
        for bound in form:
            for error in bound.errors:
                yield {"text": str(error), "href": "" if bound.is_hidden else f"#{first_control(bound)}"}


@register.simple_tag
def govuk_errors(*forms: BaseForm) -> list[dict[str, str]]:
    """Every error of these forms as text and the place on the page to mend it, in the order of the page."""
    return list(_errors(tuple(form for form in forms if form and form.is_bound)))


@register.simple_tag
def error_prefix(*forms: BaseForm) -> str:
    """Put first in a page's title, so that a screen reader hears of a problem before anything else."""
    return "Error: " if any(form and form.is_bound and form.errors for form in forms) else ""


# Files of others, which a machine without npm does not have


@lru_cache(maxsize=16)
def vendor_url(path: str) -> str:
    """The address of a file fetched at set-up, or nothing when it was never fetched: pages then stay plain."""
    if finders.find(path) is None and not staticfiles_storage.exists(path):
        return ""
    try:
        return static(path)
    except ValueError:  # present on disk, but collected before it was: the manifest does not know it
        return ""


@register.simple_tag
@lru_cache(maxsize=1)
def vendor_css() -> str:
    """The style sheets of GOV.UK, MoJ and the typeface, as far as they are there."""
    links: list[SafeString] = []
    if font := vendor_url(VENDOR_FONT):
        links.append(format_html('<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>', font))
    links += [format_html('<link rel="stylesheet" href="{}">', url) for url in map(vendor_url, VENDOR_CSS) if url]
    return mark_safe("\n    ".join(links))  # noqa: S308


@register.simple_tag
@lru_cache(maxsize=1)
def vendor_typeface() -> str:
    """The style sheet of the typeface for documents, if it is there: all that they take from others."""
    url = vendor_url("vendor/inter/inter-document.css")
    return format_html('<link rel="stylesheet" href="{}">', url) if url else ""


@register.simple_tag
@lru_cache(maxsize=1)
def vendor_js() -> str:
    """Points `static/js/app.js` to the scripts of GOV.UK and MoJ that are there; it imports nothing else."""
    links: list[SafeString] = []
    for name, path in VENDOR_JS:
        if url := vendor_url(path):
            links.append(format_html('<link rel="modulepreload" href="{}" data-vendor="{}">', url, name))
    return mark_safe("\n    ".join(links))  # noqa: S308


@register.simple_tag
@lru_cache(maxsize=1)
def own_css() -> str:
    """Our style sheets, in their order. Put together once: they are on every page."""
    links = [format_html('<link rel="stylesheet" href="{}">', static(f"css/{name}.css")) for name in OWN_CSS]
    links.append(format_html('<link rel="stylesheet" href="{}" media="print">', static("css/print.css")))
    return mark_safe("\n    ".join(links))  # noqa: S308


@register.simple_tag
@lru_cache(maxsize=64)
def place(name: str) -> str:
    """The address of a page that needs no more than its name, or nothing when there is no such page here."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
