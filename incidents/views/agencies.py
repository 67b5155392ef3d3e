"""The directory of agencies: read by everybody who may read the policy, kept by those who handle cases."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.forms.agencies import AgencyForm
from incidents.operations import agencies as operations
from incidents.queries.agencies import directory, line_of
from policies.engine.vocabulary import Agency


@require_safe
@member_view(Permission.POLICY_READ)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show how each agency is reached, and what nobody has checked for a year."""
    lines = directory(request.school, at=request.at)
    context = {
        "lines": lines,
        "unchecked": sum(bool(line.standing) for line in lines),
        "may_edit": request.access.has(Permission.INCIDENT_WORK),
    }
    return render(request, "incidents/agencies/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def edit(request: SchoolRequest, agency: str) -> HttpResponse:
    """Write down how an agency is reached."""
    chosen = _agency(agency)
    line = line_of(request.school, chosen, at=request.at)
    named = {name: getattr(line, name) for name in ("contact", "phone", "email", "website", "hours", "notes")}
    form = AgencyForm(request.POST if request.method == "POST" else None, initial=named)
    if request.method == "POST" and form.is_valid():
        checked_on = timezone.localtime(request.at).date() if form.cleaned_data["is_checked"] else None
        operations.write(
            school=request.school,
            agency=chosen,
            details=form.details(),
            checked_on=checked_on,
            by=request.user,
            at=request.at,
        )
        messages.success(request, f"Written down: {line.name}.")
        return redirect("agency-list", school=request.school.slug)
    return render(request, "incidents/agencies/edit.html", {"form": form, "line": line})


@require_POST
@member_view(Permission.INCIDENT_WORK)
def verify(request: SchoolRequest, agency: str) -> HttpResponse:
    """Record that an entry was checked today and is right."""
    chosen = _agency(agency)
    try:
        operations.verify(
            school=request.school,
            agency=chosen,
            on=timezone.localtime(request.at).date(),
            by=request.user,
            at=request.at,
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Checked today. We ask again in a year.")
    return redirect("agency-list", school=request.school.slug)


def _agency(key: str) -> Agency:
    found = next((agency for agency in Agency if agency == key), None)
    if found is None:
        raise Http404
    return found
