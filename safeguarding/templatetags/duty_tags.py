"""What a policy asks of a case, written as strings: twenty duties with a form each are what a case page costs.

Everything that comes from a person or a pack is escaped here.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from incidents.queries.obligations import Duty, Group
from safeguarding.templatetags.controls import escaped
from safeguarding.templatetags.page_tags import deadline, when

register = template.Library()

_NOBODY = uuid.UUID(int=0)
_LINE = '<p class="sg-duty__line">'
_TERM = '<p class="sg-duty__line sg-duty__term">'
_SMALL = "govuk-button govuk-button--secondary sg-button--small"


@dataclass(frozen=True)
class _Page:
    """What all duties of a page have in common."""

    school: str
    reference: str
    at: dt.datetime
    can_work: bool
    # The proof that a form is ours, and the one that was refused.
    token: str
    refused: Any
    back: str = ""

    def settle(self, duty: Duty, deed: str) -> str:
        """Return where a duty is settled so."""
        return _settling(self.school, deed).replace(str(_NOBODY), str(duty.id))


@register.simple_tag(takes_context=True)
def asked_groups(context: dict[str, Any], groups: Iterable[Group]) -> str:
    """Write what is asked of a case, group by group: what must not be done, then everything with its form."""
    page = _page(context)
    return mark_safe("".join(_bans(one, page) if one.key == "bans" else _group(one, page) for one in groups))  # noqa: S308


@register.simple_tag(takes_context=True)
def duty_form(context: dict[str, Any], duty: Duty, back: str = "") -> str:
    """Write the form that settles one duty: one tap where nothing has to be written, a box where something may be."""
    return mark_safe(_form(duty, _page(context, back)))  # noqa: S308


def _page(context: dict[str, Any], back: str = "") -> _Page:
    incident = context["incident"]
    return _Page(
        school=context["school"].slug,
        reference=incident.reference,
        at=context["at"],
        can_work=bool(context.get("can_work")),
        token=f'<input type="hidden" name="csrfmiddlewaretoken" value="{context["csrf_token"]}">',
        refused=context.get("duty_form"),
        back=back,
    )


def _group(group: Group, page: _Page) -> str:
    key = escaped(group.key)
    return (
        f'<section class="sg-asked" aria-labelledby="asked-{key}">\n'
        f'<h3 class="govuk-heading-s sg-asked__title" id="asked-{key}">{escaped(group.title)}</h3>\n'
        f'<ul class="sg-asked__list">{"".join(_duty(duty, page) for duty in group.duties)}</ul>\n</section>\n'
    )


def _bans(group: Group, page: _Page) -> str:
    key = escaped(group.key)
    items = "".join(
        f'<li class="sg-bans__item" id="duty-{duty.id}">\n<p class="sg-bans__text">{escaped(duty.text)}</p>\n'
        f"{_terms(duty, _LINE)}{_LINE}{_because(duty, page)}</p>\n{_why(duty)}</li>\n"
        for duty in group.duties
    )
    return (
        f'<section class="sg-bans" aria-labelledby="asked-{key}">\n'
        f'<h3 class="govuk-heading-s sg-bans__title" id="asked-{key}">{escaped(group.title)}</h3>\n'
        f'<ul class="sg-bans__list">\n{items}</ul>\n</section>\n'
    )


def _duty(duty: Duty, page: _Page) -> str:
    agency = form = ""
    if page.can_work:
        agency = _agency(duty, page) if duty.tells_an_agency else ""
        form = _form(duty, page)
    waits = f"{_TERM}Waits until this is done: {escaped(duty.waits_for)}.</p>\n" if duty.waits_for else ""
    told = f"{_TERM}Told that it is late: {', '.join(map(escaped, duty.told))}.</p>\n" if duty.told else ""
    return (
        f'<li class="sg-duty" id="duty-{duty.id}">\n<p class="sg-duty__text">{escaped(duty.text)}</p>\n'
        f"{_clock(duty, page.at)}{waits}{told}{_terms(duty, _TERM)}{_LINE}For: {escaped(duty.who)}</p>\n"
        f"{_LINE}{_because(duty, page)}</p>\n{_why(duty)}{agency}{form}</li>\n"
    )


def _clock(duty: Duty, at: dt.datetime) -> str:
    row = duty.row
    if duty.is_paused:
        who = escaped(row.paused_by.full_name if row.paused_by else "")
        since = when(row.paused_at, at) if row.paused_at else ""
        return f"{_LINE}<strong>Paused</strong> by {who}, {since}. The clock stands still.</p>\n"
    if not row.due_at:
        return ""
    if not duty.is_at_once:
        return f"{_LINE}{deadline(row.due_at, at)}</p>\n"
    return (
        f'{_LINE}<span class="sg-deadline sg-deadline--soon"><span class="sg-deadline__count">At once</span> '
        f'<span class="sg-deadline__exact">since {when(row.due_at, at)}</span></span></p>\n'
    )


def _terms(duty: Duty, opening: str) -> str:
    return "".join(f"{opening}{escaped(term)}</p>\n" for term in duty.terms)


def _because(duty: Duty, page: _Page) -> str:
    if duty.clause is None:
        return escaped(duty.because)
    before = f"{escaped(duty.because)}: " if duty.is_short else "Because: "
    own = "pack-detail" if duty.clause.is_own else "pack-layers"
    silent = ' <span class="sg-met sg-met--recorded">Added by the law</span>' if duty.row.is_silent else ""
    link = f"{_policy(page.school, own)}#{escaped(duty.clause.anchor)}"
    return f'{before}<a class="govuk-link" href="{link}">{escaped(duty.clause.words)}</a>{silent}'


def _why(duty: Duty) -> str:
    if duty.is_short:
        return ""
    return (
        f'<details class="sg-means sg-duty__more">\n<summary class="sg-means__summary">Why{_hidden(duty)}</summary>\n'
        f"{_LINE}{escaped(duty.because)}.</p>\n</details>\n"
    )


def _agency(duty: Duty, page: _Page) -> str:
    path = reverse("referral-list", kwargs={"school": page.school, "reference": page.reference})
    return (
        f'{_LINE}<a class="govuk-link" href="{path}#duty-{duty.id}">'
        f"Record whom you told, or why not{_hidden(duty)}</a></p>\n"
    )


def _form(duty: Duty, page: _Page) -> str:
    back = f'<input type="hidden" name="back" value="{escaped(page.back)}">' if page.back else ""
    is_refused = getattr(page.refused, "duty_id", None) == duty.id
    return (
        f'<form method="post" action="{page.settle(duty, "done")}" class="sg-duty__form" novalidate>\n'
        f"{page.token}{back}{_tap(duty, page)}"
        f'<details class="sg-details sg-duty__box"{" open" if is_refused else ""}>\n'
        f'<summary class="sg-details__summary">{escaped(duty.opens_with)}{_hidden(duty)}</summary>\n'
        f'<div class="sg-details__body">{_box(duty, page) if is_refused else _empty_box(duty)}'
        f'<div class="sg-duty__buttons">{_buttons(duty, page)}</div></div></details></form>\n'
    )


def _tap(duty: Duty, page: _Page) -> str:
    if duty.is_paused:
        to = page.settle(duty, "resume")
        words = f"Let the clock go on{_hidden(duty)}"
        return f'<button type="submit" class="{_SMALL}" formaction="{to}">{words}</button>\n'
    return f'<button type="submit" class="{_SMALL}">Done{_hidden(duty)}</button>\n' if duty.is_one_tap else ""


def _empty_box(duty: Duty) -> str:
    name = f"duty-{duty.id}-words"
    return (
        f'<div class="govuk-form-group"><label class="govuk-label" for="id_{name}">{escaped(duty.asks_for)}</label>\n'
        f'<textarea class="govuk-textarea" id="id_{name}" name="{name}" rows="3"></textarea></div>\n'
    )


def _box(duty: Duty, page: _Page) -> str:
    """Write the box as it was sent and refused, with what is wrong."""
    said = {"field": page.refused["words"], "label_text": duty.asks_for, "rows": 3, "unmarked": True}
    return render_to_string("components/textarea.html", said)


def _buttons(duty: Duty, page: _Page) -> str:
    found = ""
    if not duty.waits_for:
        words = "Decided to do it" if duty.is_decision else "Done"
        hidden = f'<span class="govuk-visually-hidden">, with these words: {escaped(duty.text)}</span>'
        found += f'<button type="submit" class="govuk-button sg-button--small">{words}{hidden}</button>\n'
    words = "Decided not to" if duty.is_decision else "Not needed"
    found += _other(page.settle(duty, "waive"), words, duty)
    return found + (_other(page.settle(duty, "pause"), "Pause the clock", duty) if duty.can_pause else "")


def _other(to: str, words: str, duty: Duty) -> str:
    return f'<button type="submit" class="{_SMALL}" formaction="{to}">{words}{_hidden(duty)}</button>\n'


def _hidden(duty: Duty) -> str:
    """Return what tells a screen reader which duty a control is about."""
    return f'<span class="govuk-visually-hidden">: {escaped(duty.text)}</span>'


@lru_cache(maxsize=512)
def _settling(school: str, deed: str) -> str:
    return reverse("obligation-settle", kwargs={"school": school, "obligation_id": _NOBODY, "deed": deed})


@lru_cache(maxsize=256)
def _policy(school: str, page: str) -> str:
    return reverse(page, kwargs={"school": school})
