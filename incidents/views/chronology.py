"""The chronology of a case: read in either order and by kind, added to, and put right without changing a word of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, row_of_case
from incidents.entry_kinds import EntryKind
from incidents.forms.chronology import CorrectionForm, EntryForm, chosen_order
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology as operations
from incidents.operations import incidents, notes
from incidents.queries.chronology import Item, chronology_of
from incidents.views.incidents import reads_alone

READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*READERS, or_named=True)
def detail(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show everything that was done on a case, or one kind of it, in the order of writing or of happening."""
    return _page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Add a note, about now or about something earlier."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = EntryForm(request.POST, at=request.at)
    if not form.is_valid():
        return _page(request, incident, form)
    note = notes.add_note(incident=incident, by=request.user, at=request.at, **form.cleaned_data)
    messages.success(request, "It is in the chronology.")
    return redirect(f"{_address(incident)}#entry-{note.pk}")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def correct(request: SchoolRequest, reference: str, entry_id: uuid.UUID) -> HttpResponse:
    """Put an entry right: the words that were written stay, and the right ones stand beside them."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    entry = row_of_case(incident, ChronologyEntry, entry_id)
    item = next(item for item in chronology_of(incident).items if entry.pk in {one.id for one in item.versions})
    if not operations.may_be_corrected(entry=entry):
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None, at=request.at, entry=item.now)
    if form.is_valid():
        try:
            operations.correct(entry=entry, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", refusal.sentence)
        else:
            messages.success(request, "The correction stands beside what was written.")
            return redirect(f"{_address(incident)}#entry-{item.first.id}")
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {"incident": incident, "item": item, "form": form, "is_newest": item.now.id == entry.pk}
    return render(request, "incidents/chronology/correct.html", context)


def _page(request: SchoolRequest, incident: Incident, form: EntryForm | None = None) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    kind = next((kind for kind in EntryKind if kind == request.GET.get("kind")), None)
    order = chosen_order(request.GET.get("order", ""))
    found = chronology_of(incident, kind=kind, order=order)
    can_work = not incident.emergency_id and request.access.has(Permission.INCIDENT_WORK)
    context: dict[str, Any] = {
        "incident": incident,
        "found": found,
        "kind": kind,
        "order": order,
        "can_work": can_work,
        "is_by_name": reads_alone(incident, request.access),
        "may_correct": {item.first.id for item in found.items if can_work and _may_be_corrected(item)},
        "form": form or EntryForm(at=request.at),
        "refused": form,
    }
    return render(request, "incidents/chronology/detail.html", context)


def _may_be_corrected(item: Item) -> bool:
    return item.first.by_id is not None and item.first.event not in operations.NEVER_CORRECTED


def _address(incident: Incident) -> str:
    kwargs = {"school": incident.school.slug, "reference": incident.reference}
    return reverse("chronology-detail", kwargs=kwargs)
