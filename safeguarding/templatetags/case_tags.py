"""Rows of cases and entries of a chronology, written as strings: they are what a full page costs.

Everything that comes from a person is escaped here.
"""

import datetime as dt
from collections.abc import Iterable

from django import template
from django.utils import timezone
from django.utils.safestring import mark_safe

from incidents.queries.chronology import Entry
from incidents.queries.rows import CaseRow, RowPerson
from safeguarding.templatetags.controls import escaped
from safeguarding.templatetags.page_tags import age, deadline, moment_in_words, person_chip, tag, when

register = template.Library()

# What is due the moment it was logged is not late as soon as it is seen: the grace of the packs that we ship.
AT_ONCE = dt.timedelta(minutes=60)


@register.simple_tag
def queue_rows(rows: Iterable[CaseRow], base: str, at: dt.datetime, can_tick: bool = False) -> str:
    """The rows of the queue; `base` is the address of the queue itself. Those that can be ticked belong to its form."""
    return mark_safe("\n".join(_queue_row(row, base, at, can_tick) for row in rows))  # noqa: S308


@register.simple_tag
def short_rows(rows: Iterable[CaseRow], base: str, at: dt.datetime) -> str:
    """The rows of a short list on the first page."""
    return mark_safe("\n".join(_short_row(row, base, at) for row in rows))  # noqa: S308


@register.simple_tag
def timeline_entries(entries: Iterable[Entry], at: dt.datetime) -> str:
    """The entries of a chronology as MoJ's timeline has them."""
    zone = timezone.get_current_timezone()
    return mark_safe("".join(_entry(entry, at.astimezone(zone), zone) for entry in entries))  # noqa: S308


def _queue_row(row: CaseRow, base: str, at: dt.datetime, can_tick: bool) -> str:
    due = _due(row, at)
    return (
        f"{_first_cells(row, base, _tick(row) if can_tick else '')}"
        f'<td data-label="Level"><span class="sg-queue__stack">{tag(row.level_key)}{due}</span></td>\n'
        f'<td data-label="Category">{row.category_label}</td>\n<td data-label="Status">{tag(row.status)}</td>\n'
        f'<td data-label="Owner">{escaped(row.owner_name or "Nobody yet")}</td>\n'
        f'<td data-label="Age">{age(row.logged_at, at)}</td>\n</tr>'
    )


def _due(row: CaseRow, at: dt.datetime) -> str:
    if not row.next_due_at:
        return ""
    if row.next_due_at <= row.logged_at and row.next_due_at <= at < row.next_due_at + AT_ONCE:
        return '<span class="sg-deadline sg-deadline--soon"><span class="sg-deadline__count">At once</span></span>'
    return deadline(row.next_due_at, at)


def _short_row(row: CaseRow, base: str, at: dt.datetime) -> str:
    marks = f'<span class="sg-queue__stack">{tag(row.level_key)} {tag(row.status)}</span>'
    return (
        f'{_first_cells(row, base)}<td data-label="Status">{marks}</td>\n'
        f'<td data-label="Logged">{when(row.logged_at, at)}</td>\n</tr>'
    )


def _tick(row: CaseRow) -> str:
    return (
        f'<input type="checkbox" class="sg-queue__tick" name="case" value="{row.reference}" form="filters"'
        f' aria-label="Tick case {row.reference}"> '
    )


def _first_cells(row: CaseRow, base: str, before: str = "") -> str:
    link = f'<a class="sg-queue__link" href="{base}{row.reference}/">{row.reference}</a>'
    return (
        f'<tr data-row-link data-level="{row.level_key}">\n<th scope="row">{before}{link}</th>\n'
        f"<td>{_chips(row.people)}</td>\n"
    )


def _chips(people: list[RowPerson]) -> str:
    return "".join(person_chip(one.name, one.detail, one.part_label) for one in people) or "Nobody named"


def _entry(entry: Entry, now: dt.datetime, zone: dt.tzinfo) -> str:
    more = f'<p class="govuk-body sg-words" dir="auto">Why: {escaped(entry.reason)}</p>' if entry.reason else ""
    earlier = f", about {when(entry.happened_at, now)}" if entry.happened_at else ""
    return (
        f'<div class="moj-timeline__item"><div class="moj-timeline__header">'
        f'<h3 class="moj-timeline__title">{entry.label}</h3>\n'
        f'<p class="moj-timeline__byline">by {escaped(entry.by_name)}</p></div>\n'
        f'<p class="moj-timeline__date">{moment_in_words(entry.at.astimezone(zone), now)}{earlier}</p>\n'
        f'<div class="moj-timeline__description"><p class="govuk-body sg-words" dir="auto">{escaped(entry.text)}</p>'
        f"{more}</div></div>\n"
    )
