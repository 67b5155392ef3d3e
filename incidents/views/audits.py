"""The ledger: who did what and when, narrowed page by page, and taken away as proof. Of a case, its own page tells.

It stands in this app because only here is known which cases somebody may not learn of, and the ledger tells none.
"""

from typing import Any, cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import ends
from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.forms.audits import FILTERS, AuditForm, ExportForm
from accounts.operations import audits as operations
from accounts.operations.audits import Purpose
from accounts.permissions import Permission
from accounts.queries.audits import AuditFilter, audit_page, last_end
from incidents.access import kept_from_ledger


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.AUDIT_READ)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show what was recorded, the newest first; narrowing and turning pages are POST, and all of it is recorded."""
    form = AuditForm(_without_dropped(request))
    chosen, number = form.chosen(), request.POST.get("page", "")
    page = audit_page(
        request.school,
        chosen,
        without=kept_from_ledger(request.access),
        number=int(number) if number.isdecimal() and len(number) < 5 else 1,
    )
    operations.note_read(school=request.school, by=request.user, at=request.at)
    context = {"form": form, "page": page, "chosen": chosen, "chips": _chips(form, chosen)}
    return render(request, "incidents/audits/list.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.AUDIT_READ, fresh=True)
def export(request: SchoolRequest) -> HttpResponse:
    """Take the ledger away: as proof with what checks it, or as a list; what for is recorded."""
    is_sent = request.method == "POST"
    narrowed, form = AuditForm(request.POST if is_sent else None), ExportForm(request.POST if is_sent else None)
    if is_sent and form.is_valid() and narrowed.is_valid():
        purpose = Purpose(form.cleaned_data["purpose"])
        try:
            if form.cleaned_data["form"] == "proof":
                return _proof(request, purpose)
            return _list(request, narrowed.chosen(), purpose)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    context = {"form": form, "narrowed": narrowed, "end": last_end(request.school), "key": ends.public_keys()[0]}
    return render(request, "incidents/audits/export.html", context)


def _proof(request: SchoolRequest, purpose: Purpose) -> HttpResponse:
    file = operations.export_proof(school=request.school, purpose=purpose, by=request.user, at=request.at)
    # It may be large: sent as it is read.
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=f"record-{_today(request)}.zip"))


def _list(request: SchoolRequest, chosen: AuditFilter, purpose: Purpose) -> HttpResponse:
    text = operations.export_list(
        school=request.school,
        chosen=chosen,
        without=kept_from_ledger(request.access),
        purpose=purpose,
        by=request.user,
        at=request.at,
    )
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="record-{_today(request)}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _today(request: SchoolRequest) -> str:
    return f"{timezone.localtime(request.at):%Y-%m-%d}"


def _without_dropped(request: SchoolRequest) -> Any:
    """Return what was sent, less the filter whose chip was pressed; nothing for a plain visit or a cleared form."""
    if request.POST.get("action") == "clear":
        return {}
    sent = request.POST.copy()
    for name in sent.pop("drop", []):
        sent[str(name)] = ""
    return sent


def _chips(form: AuditForm, chosen: AuditFilter) -> list[dict[str, str]]:
    chips = []
    for name in FILTERS:
        value = getattr(chosen, name)
        if value:
            words = dict(getattr(form.fields[name], "choices", [])).get(value)
            day = f"{form.fields[name].label} {value:%-d %b %Y}" if name.endswith("_date") else ""
            chips.append({"label": str(words or day or f"“{value}”"), "name": "drop", "value": name})
    return chips
