"""The fields of the queue's filter."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string

from incidents.forms.incidents import QueueForm
from incidents.queries.incidents import QueueFilter

register = template.Library()

_FILTERS = "incidents/incidents/_filter_fields.html"


@register.simple_tag
def filter_fields(form: QueueForm, chosen: QueueFilter) -> str:
    """The fields of the queue's filter. While nothing is chosen they are drawn once for each set of owners."""
    if chosen.is_active or form.errors:
        return render_to_string(_FILTERS, {"form": form})
    return _blank_filters(tuple(form.fields["owner"].choices))  # type: ignore[attr-defined]


@lru_cache(maxsize=256)
def _blank_filters(owners: tuple[tuple[str, str], ...]) -> str:
    form = QueueForm({}, owners=[])
    form.fields["owner"].choices = owners  # type: ignore[attr-defined]
    return render_to_string(_FILTERS, {"form": form})
