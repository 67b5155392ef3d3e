"""The register of checks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.forms.filtering_checks import CheckForm
from incidents.operations import filtering_checks as operations
from incidents.queries.filtering_checks import latest_checks
from incidents.queries.filtering_tickets import reporter_role
from policies.statuses import CheckKind, UserGroup


@require_safe
@member_view(Permission.FILTERING_READ)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show the latest checks."""
    rows = [
        (check, CheckKind(check.kind).label, UserGroup(check.user_group).label)
        for check in latest_checks(request.school)
    ]
    return render(request, "incidents/filtering_checks/list.html", {"rows": rows})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.FILTERING_READ)
def add(request: SchoolRequest) -> HttpResponse:
    """Enter a check; one that failed opens a ticket."""
    form = CheckForm(request.POST or None, at=request.at)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = operations.enter(
                school=request.school,
                checked=form.cleaned_data["checked"],
                role=reporter_role(request.access).value,
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if ticket is None:
                messages.success(request, "The check is in the register.")
                return redirect("filtering-check-list", school=request.school.slug)
            messages.success(
                request, "The check is in the register. A ticket is open, and the safeguarding team is told."
            )
            return redirect("filtering-ticket-detail", school=request.school.slug, ticket_id=ticket.pk)
    return render(request, "incidents/filtering_checks/add.html", {"form": form})
