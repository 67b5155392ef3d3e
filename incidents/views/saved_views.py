"""Keeping a filter of the queue under a name, and taking it away."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from incidents.operations import saved_views as operations
from incidents.views.incidents import KEEPS_VIEWS, READERS, queue_form, queue_of


@sensitive_post_parameters()
@require_POST
@member_view(*READERS)
def save(request: SchoolRequest) -> HttpResponse:
    """Keep the filter under a name, and show the queue as it is filtered."""
    form = queue_form(request)
    try:
        operations.save(
            school=request.school,
            user=request.user,
            name=request.POST.get("view_name", ""),
            chosen=form.chosen(),
            at=request.at,
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        request.session[KEEPS_VIEWS] = True
        messages.success(request, "The view is kept. You find it above the cases.")
    return queue_of(request, form)


@require_POST
@member_view(*READERS)
def drop(request: SchoolRequest, view_id: uuid.UUID) -> HttpResponse:
    """Take a view away."""
    if not operations.drop(school=request.school, user=request.user, view_id=view_id):
        raise Http404
    messages.success(request, "The view is gone. No case changed.")
    return redirect("incident-list", school=request.school.slug)
