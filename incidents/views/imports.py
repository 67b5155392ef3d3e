"""Past incidents from a spreadsheet: looked at, taken over or left, and the account of every line."""

import csv
import io
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.forms.imports import ImportForm
from incidents.models import Import
from incidents.operations import imports as operations
from incidents.queries.imports import account_of, import_of, imports_of, whole_account
from incidents.uploads.memory import takes_file
from policies.engine.taxonomy import Category

# What begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@takes_file
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_READ)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show the files there were, and look at another."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > settings.FILE_MOST_BYTES:
                raise Refused("file_large", "This file is too large. Divide it, and take each part.")
            found = operations.read(
                school=request.school,
                file_name=file.name or "",
                content=file.read(),
                category=Category(form.cleaned_data["category"]),
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect("import-detail", school=request.school.slug, import_id=found.pk)
    return render(request, "incidents/imports/list.html", {"form": form, "imports": imports_of(request.school)})


@require_safe
@member_view(Permission.INCIDENT_READ)
def detail(request: SchoolRequest, import_id: uuid.UUID) -> HttpResponse:
    """Show what became of the lines of a file, or would become of them."""
    found = _found(request, import_id)
    return render(request, "incidents/imports/detail.html", {"found": found, "account": account_of(found)})


@require_POST
@member_view(Permission.INCIDENT_READ)
def take(request: SchoolRequest, import_id: uuid.UUID) -> HttpResponse:
    """Take over what can be taken over, in the background."""
    found = _found(request, import_id)
    try:
        operations.want(taken_from=found, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "It has begun. You can leave this page; nobody has to wait.")
    return redirect("import-detail", school=request.school.slug, import_id=found.pk)


@require_POST
@member_view(Permission.INCIDENT_READ)
def drop(request: SchoolRequest, import_id: uuid.UUID) -> HttpResponse:
    """Leave a file that was only looked at."""
    found = _found(request, import_id)
    try:
        operations.drop(taken_from=found, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Nothing was taken over. The file is forgotten.")
    return redirect("import-list", school=request.school.slug)


@require_safe
@member_view(Permission.INCIDENT_READ)
def account(request: SchoolRequest, import_id: uuid.UUID) -> HttpResponse:
    """Give the account of every line as a file: its number, what became of it and why; nothing of what stood in it."""
    found = _found(request, import_id)
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["Line", "What became of it", "Why", "Case"])
    rows.writerows([[number, state, _plain(why), reference] for number, state, why, reference in whole_account(found)])
    headers = {"Content-Disposition": 'attachment; filename="account.csv"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _found(request: SchoolRequest, import_id: uuid.UUID) -> Import:
    found = import_of(request.school, import_id)
    if found is None:
        raise Http404
    return found
