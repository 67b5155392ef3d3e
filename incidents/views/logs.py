"""On paper: the incident log of a period, and the blank form for when the system is down."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.decorators import SchoolRequest, member_view
from accounts.documents import download, write_pdf
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.forms.logs import LogForm
from incidents.operations import logs as operations
from incidents.queries.logs import log_of
from policies.engine.taxonomy import Category

_LOG, _BLANK = "incidents/logs/document.html", "incidents/logs/blank.html"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_READ, fresh=True)
def log(request: SchoolRequest) -> HttpResponse:
    """Give the log of a period as PDF, or as a page to print."""
    today = timezone.localtime(request.at).date()
    period = {"first": today - timedelta(days=90), "last": today}
    form = LogForm(request.POST if request.method == "POST" else None, initial=period)
    if not form.is_valid():
        return render(request, "incidents/logs/list.html", {"form": form})
    found = log_of(request.access, **form.cleaned_data)
    # How many a case manager reads besides would tell every reader of the ledger that there is a case about an adult.
    number = None if request.access.has(Permission.ADULT_CASE_MANAGE) else len(found.lines)
    operations.record_print(school=request.school, number=number, by=request.user, at=request.at, **form.cleaned_data)
    context = {"school": request.school, "at": request.at, "log": found, "made_by": request.user.full_name}
    return _given(request, _LOG, context, "incident-log.pdf", "incidents/logs/list.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_LOG)
def blank(request: SchoolRequest) -> HttpResponse:
    """Give the blank concern form, to lie in the office for the day on which nothing works."""
    context = {"school": request.school, "at": request.at, "categories": list(Category)}
    if request.method != "POST":
        return render(request, _BLANK, context)
    return _given(request, _BLANK, context, "concern-form.pdf", _BLANK, context)


def _given(
    request: SchoolRequest, template: str, context: dict[str, Any], name: str, back: str, shown: dict[str, Any]
) -> HttpResponse:
    if request.POST.get("as") == "page":
        return render(request, template, context)
    try:
        return download(write_pdf(template, context), name)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return render(request, back, shown)
