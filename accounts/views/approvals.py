"""What waits for a second person: the page of it, agreeing, saying no, taking it back."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.forms.approvals import DeclineForm
from accounts.models import Approval
from accounts.operations import approvals as operations
from accounts.permissions import Permission
from accounts.queries.approvals import answered_here, approval_in_reach, asked_here

_MAY_LOOK = (Permission.MEMBER_MANAGE, Permission.MEMBER_APPROVE)


@require_safe
@member_view(*_MAY_LOOK)
def listing(request: SchoolRequest) -> HttpResponse:
    """List what waits for a second person, and what was answered last."""
    return _page(request)


@require_POST
@member_view(Permission.MEMBER_APPROVE, fresh=True)
def agree(request: SchoolRequest, approval_id: uuid.UUID) -> HttpResponse:
    """Agree as the second person: it happens now."""
    approval = _approval(request, approval_id)
    try:
        operations.agree(approval=approval, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "You agreed. It holds from now on, and whoever asked is told.")
    return redirect("approval-list", school=request.school.slug)


@sensitive_post_parameters()
@require_POST
@member_view(*_MAY_LOOK)
def decline(request: SchoolRequest, approval_id: uuid.UUID) -> HttpResponse:
    """Say no, and why; or take back what one asked for oneself."""
    approval = _approval(request, approval_id)
    is_own = approval.asked_by_id == request.user.pk
    form = DeclineForm(request.POST, prefix=str(approval.pk))
    if not is_own and not form.is_valid():
        return _page(request, form, approval)
    reason = "" if is_own else form.cleaned_data["reason"]
    try:
        operations.decline(approval=approval, reason=reason, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "You took it back." if is_own else "You said no. Whoever asked is told why.")
    return redirect("approval-list", school=request.school.slug)


def _approval(request: SchoolRequest, approval_id: uuid.UUID) -> Approval:
    approval = approval_in_reach(request.access, approval_id)
    if approval is None:
        raise Http404
    return approval


def _page(request: SchoolRequest, refused: DeclineForm | None = None, of: Approval | None = None) -> HttpResponse:
    asked = asked_here(request.access, at=request.at)
    rows = [
        (one, refused if of == one.approval else DeclineForm(prefix=str(one.approval.pk)) if one.may_agree else None)
        for one in asked
    ]
    context = {
        "mine": [(one, form) for one, form in rows if one.may_agree],
        "others": [one for one, _ in rows if not one.may_agree],
        "answered": answered_here(request.access),
        "refused": refused,
    }
    return render(request, "accounts/approvals/list.html", context)
