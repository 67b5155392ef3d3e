"""Notes on a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.workflow import NoteForm
from incidents.operations import notes as operations
from incidents.views.incidents import case_page


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Add a note to the chronology."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return case_page(request, incident, note_form=form)
    operations.add_note(incident=incident, text=form.cleaned_data["text"], by=request.user, at=request.at)
    messages.success(request, "The note is in the chronology.")
    return redirect(incident)
