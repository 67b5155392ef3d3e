"""The chronology of a case on paper or as PDF: for whom and why is written down first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.decorators import SchoolRequest, member_view
from accounts.documents import download, write_pdf
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.prints import PrintForm
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import prints as operations
from incidents.queries.people import involved_people
from incidents.queries.prints import Printed, Purpose, Style, Wanted, printed

_DOCUMENT = "incidents/prints/document.html"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK, fresh=True)
def make(request: SchoolRequest, reference: str) -> HttpResponse:
    """Ask what the document holds, for whom and why; give it as PDF, or as a page to print."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = PrintForm(request.POST if request.method == "POST" else None, people=involved_people(incident))
    if not form.is_valid():
        incidents.open_case(incident=incident, by=request.user, at=request.at)
        return render(request, "incidents/prints/make.html", {"incident": incident, "form": form})
    context = _document(request, incident, form)
    if request.POST.get("as") == "page":
        return render(request, _DOCUMENT, context)
    try:
        pdf = write_pdf(_DOCUMENT, context)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return render(request, "incidents/prints/make.html", {"incident": incident, "form": form})
    return download(pdf, f"{incident.reference}.pdf")


def _document(request: SchoolRequest, incident: Incident, form: PrintForm) -> dict[str, Any]:
    """Return what the document shows, after it was written down that it is made."""
    wanted: Wanted = form.wanted()
    purpose, words = Purpose(form.cleaned_data["purpose"]), form.cleaned_data["words"]
    made: Printed = printed(incident, wanted)
    ledger = operations.record(
        incident=incident, wanted=wanted, made=made, purpose=purpose, words=words, by=request.user, at=request.at
    )
    return {
        "school": request.school,
        "at": request.at,
        "incident": incident,
        "made": made,
        "made_by": "" if wanted.style is Style.WITHOUT_STAFF else request.user.full_name,
        "wanted": wanted,
        "purpose": purpose,
        "words": made.redactor.pieces(words),
        "ledger": ledger,
        "is_evidential": wanted.style is Style.EVIDENTIAL,
    }
