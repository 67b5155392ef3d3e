"""The log of changes to the filtering, and the consent of leadership to each."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from accounts.roles import Role
from incidents.forms.filtering_changes import AGREED, AnswerForm, ChangeForm
from incidents.models import FilteringChange
from incidents.operations import filtering_changes as operations
from incidents.queries.filtering_changes import change_log, consenting_role, may_consent, where_asked


@require_safe
@member_view(Permission.FILTERING_READ)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show the changes that wait for consent, and those that were answered."""
    return _page(request)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.FILTERING_WORK)
def add(request: SchoolRequest) -> HttpResponse:
    """Write down a change."""
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.log(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The change is in the log. It waits for the consent of leadership.")
            return redirect("filtering-change-list", school=request.school.slug)
    return render(request, "incidents/filtering_changes/add.html", {"form": form})


@sensitive_post_parameters()
@require_POST
@member_view(Permission.FILTERING_READ)
def answer(request: SchoolRequest, change_id: uuid.UUID) -> HttpResponse:
    """Record whether leadership consents."""
    change = FilteringChange.objects.for_school(request.school).filter(pk=change_id).first()
    if change is None:
        raise Http404
    if not may_consent(request.access):
        raise PermissionDenied
    form = AnswerForm(request.POST, prefix=str(change_id))
    if form.is_valid():
        is_agreed, words = form.cleaned_data["answer"] == AGREED, form.cleaned_data["words"]
        role = consenting_role(request.access)
        try:
            operations.answer(
                change=change, is_agreed=is_agreed, words=words, role=role, by=request.user, at=request.at
            )
        except Refused as refusal:
            form.add_error("words" if refusal.code == "words_missing" else None, refusal.sentence)
        else:
            messages.success(request, "Leadership consents." if is_agreed else "The change is to be taken back.")
            return redirect("filtering-change-list", school=request.school.slug)
    return _page(request, form, change_id)


def _page(request: SchoolRequest, bound: AnswerForm | None = None, of: uuid.UUID | None = None) -> HttpResponse:
    found, consents = change_log(request.access), may_consent(request.access)
    waiting: list[tuple[FilteringChange, Any]] = []
    for change in found.waiting:
        form = bound if change.pk == of else AnswerForm(prefix=str(change.pk))
        waiting.append((change, form if consents and change.changed_by_id != request.user.pk else None))
    context = {
        "waiting": waiting,
        "answered": [(change, request.school.title_of(Role(change.answered_role))) for change in found.answered],
        "cited": where_asked(request.access, at=request.at),
        "works": request.access.has(Permission.FILTERING_WORK),
        "refused": bound,
    }
    return render(request, "incidents/filtering_changes/list.html", context)
