"""Closing with a second person: asked for, agreed to, sent back. All of it stands on the case page."""

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.workflow import CloseForm, DeclineForm
from incidents.operations import closing
from incidents.statuses import Outcome
from incidents.views.incidents import case_page
from incidents.views.workflow import attempt


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_CLOSE)
def ask(request: SchoolRequest, reference: str) -> HttpResponse:
    """Ask a second person to agree that the case is closed, so and for this reason."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_CLOSE)
    form = CloseForm(request.POST, prefix="close")
    if not form.is_valid():
        return case_page(request, incident, close_form=form)
    outcome, reason = Outcome(form.cleaned_data["outcome"]), form.cleaned_data["reason"]
    return attempt(
        request,
        incident,
        lambda: closing.ask(incident=incident, outcome=outcome, reason=reason, by=request.user, at=request.at),
        "A second person is asked to agree. The case stays open until then.",
        {"close_form": form},
    )


@require_POST
@member_view(Permission.INCIDENT_CLOSE)
def agree(request: SchoolRequest, reference: str) -> HttpResponse:
    """Agree, as the second person; the case is closed."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_CLOSE)
    return attempt(
        request,
        incident,
        lambda: closing.agree(incident=incident, by=request.user, at=request.at),
        "The case is closed. The person who logged it is told.",
        {},
    )


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_CLOSE)
def decline(request: SchoolRequest, reference: str) -> HttpResponse:
    """Say why it is not closed yet, or take back what one asked."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_CLOSE)
    form = DeclineForm(request.POST, prefix="decline")
    if not form.is_valid():
        return case_page(request, incident, decline_form=form)
    reason = form.cleaned_data["reason"]
    return attempt(
        request,
        incident,
        lambda: closing.decline(incident=incident, reason=reason, by=request.user, at=request.at),
        "The case stays open. Why is in the chronology.",
        {"decline_form": form},
    )
