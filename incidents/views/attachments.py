"""Files of a case: the list, attaching, downloading, letting through, withdrawing; and the reporter's own."""

import uuid
from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, is_from_elsewhere, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, access_my_concern, row_of_case
from incidents.forms.attachments import FileForm, ReleaseForm, WithdrawForm
from incidents.imagery import Holding, holding_of
from incidents.models import Attachment, Incident
from incidents.operations import attachments as operations
from incidents.operations import incidents
from incidents.queries.attachments import files_by, files_of, takes_files, too_large_sentence
from incidents.uploads.memory import takes_file
from incidents.uploads.verdicts import FileKind

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)
_TYPES = ",".join(f".{ending}" for kind in FileKind for ending in kind.endings[:2])
# What a form is beside its file.
_ENVELOPE = 64 * 1024
_PIECE = 64 * 1024
Page = Callable[[SchoolRequest, Incident, "forms.Form | None"], HttpResponse]


@require_safe
@member_view(*_READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show the files of a case, and the form for another where the case may hold one."""
    return _case_page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@takes_file
@csrf_exempt
@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK, unread=True)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Attach a file to a case. Where it may hold none, not a byte is read: hence the form's token comes second."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    return _refused_unread(request, incident, _case_page) or _attach(request, incident, _case_page, "attachment-list")


@require_safe
@member_view(*_READERS)
def download(request: SchoolRequest, reference: str, attachment_id: uuid.UUID) -> HttpResponse:
    """Hand out the very bytes that came: always whole, always as a download, never kept by the browser."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    row = _row(incident, attachment_id)
    try:
        content = operations.read_file(attachment=row, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("attachment-list", school=request.school.slug, reference=incident.reference)
    response = HttpResponse(content, content_type=row.file_kind.content_type)
    response["Content-Disposition"] = content_disposition_header(True, row.given_name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Accept-Ranges"] = "none"
    return response


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def release(request: SchoolRequest, reference: str, attachment_id: uuid.UUID) -> HttpResponse:
    """Let a file through that no scanner has seen, with the reason."""
    form = ReleaseForm(request.POST, file_id=attachment_id)
    return _settle(request, reference, form, operations.release, "The file is let through. You answer for it.")


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def withdraw(request: SchoolRequest, reference: str, attachment_id: uuid.UUID) -> HttpResponse:
    """Take a file off the case, with the reason."""
    form = WithdrawForm(request.POST, file_id=attachment_id)
    return _settle(request, reference, form, operations.withdraw, "The file is withdrawn. It stays listed.")


@require_POST
@member_view(Permission.INCIDENT_WORK)
def scan(request: SchoolRequest, reference: str, attachment_id: uuid.UUID) -> HttpResponse:
    """Have a file scanned that waits for it."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    try:
        found = operations.scan_again(attachment=_row(incident, attachment_id), by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{found.label}.")
    return redirect("attachment-list", school=request.school.slug, reference=incident.reference)


@require_safe
@member_view(Permission.INCIDENT_LOG)
def mine(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show the reporter what they attached to their own concern, and the form for more."""
    return _own_page(request, access_my_concern(request.access, reference))


@takes_file
@csrf_exempt
@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_LOG, unread=True)
def add_mine(request: SchoolRequest, reference: str) -> HttpResponse:
    """Attach a file to one's own concern."""
    incident = access_my_concern(request.access, reference)
    return _refused_unread(request, incident, _own_page) or _attach(request, incident, _own_page, "my-attachments")


def _refused_unread(request: SchoolRequest, incident: Incident, page: Page) -> HttpResponse | None:
    """Answer at once, without reading what was sent, where the case may hold no file or this one is far too large."""
    if is_from_elsewhere(request):
        raise PermissionDenied
    try:
        operations.refuse_unread(incident=incident, by=request.user, at=request.at)
    except Refused as refusal:
        sentence = refusal.sentence
    else:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= settings.FILE_MOST_BYTES + _ENVELOPE:
            return None
        sentence = too_large_sentence()
    _let_pass(request)
    form = FileForm({}, MultiValueDict())
    form.errors.clear()
    form.add_error("file", sentence)
    return page(request, incident, form)


def _let_pass(request: HttpRequest) -> None:
    """Let what is still coming go by into nothing, so that the browser hears the answer; what is endless is cut off."""
    left = settings.FILE_MOST_BYTES * 4
    while left > 0 and (piece := request.read(_PIECE)):
        left -= len(piece)


@csrf_protect
def _attach(request: SchoolRequest, incident: Incident, page: Page, back: str) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, incident, form)
    try:
        operations.attach(incident=incident, sent=form.sent(), by=request.user, at=request.at)
    except Refused as refusal:
        form.add_error("file", refusal.sentence)
        return page(request, incident, form)
    messages.success(request, "The file is attached.")
    return redirect(back, school=request.school.slug, reference=incident.reference)


def _settle(
    request: SchoolRequest, reference: str, form: ReleaseForm | WithdrawForm, act: Callable[..., None], done: str
) -> HttpResponse:
    """Do it and return to the list; where it is refused, show the sentence and what was typed."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    row = _row(incident, form.file_id)
    if not form.is_valid():
        return _case_page(request, incident, form)
    try:
        act(attachment=row, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    except Refused as refusal:
        form.add_error("reason", refusal.sentence)
        return _case_page(request, incident, form)
    messages.success(request, done)
    return redirect("attachment-list", school=request.school.slug, reference=incident.reference)


def _row(incident: Incident, attachment_id: uuid.UUID) -> Attachment:
    row = row_of_case(incident, Attachment, attachment_id)
    row.incident = incident
    return row


def _case_page(request: SchoolRequest, incident: Incident, refused: forms.Form | None = None) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    holding = holding_of(incident)
    context = _holding_context(incident, holding, refused) | {
        "files": files_of(incident, holding),
        "can_work": request.access.has(Permission.INCIDENT_WORK),
        "may_release": settings.UNSCANNED_FILES,
        "has_scanner": bool(settings.CLAMD_URL),
        "release_form": refused if isinstance(refused, ReleaseForm) else None,
        "withdraw_form": refused if isinstance(refused, WithdrawForm) else None,
    }
    return render(request, "incidents/attachments/list.html", context)


def _own_page(request: SchoolRequest, incident: Incident, refused: forms.Form | None = None) -> HttpResponse:
    incidents.open_own_concern(incident=incident, by=request.user, at=request.at)
    context = _holding_context(incident, holding_of(incident), refused)
    context["files"] = files_by(incident, request.user)
    return render(request, "incidents/attachments/mine.html", context)


def _holding_context(incident: Incident, holding: Holding, refused: forms.Form | None) -> dict[str, object]:
    return {
        "incident": incident,
        "may_hold": holding is not Holding.NOTHING,
        "may_hold_pictures": holding is Holding.FILES,
        "takes_files": takes_files(),
        "most_megabytes": settings.FILE_MOST_BYTES // (1024 * 1024),
        "types": _TYPES,
        "form": refused if isinstance(refused, FileForm) else FileForm(),
        "refused": refused,
    }
