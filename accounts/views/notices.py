"""Messages on one's first page: opened one at a time, or put away together."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import outbox
from accounts.decorators import SchoolRequest, member_view
from accounts.models import OutboxMessage
from accounts.permissions import Permission


@require_POST
@member_view(Permission.INCIDENT_LOG)
def open_notice(request: SchoolRequest, message_id: uuid.UUID) -> HttpResponse:
    """Take one for read and lead to the page it is about."""
    own = OutboxMessage.objects.for_school(request.school).filter(pk=message_id, recipient=request.user)
    path = own.values_list("path", flat=True).first()
    if path is None:
        raise Http404
    outbox.mark_read(school=request.school, user=request.user, at=request.at, message_id=message_id)
    return redirect(path)


@require_POST
@member_view(Permission.INCIDENT_LOG)
def read_all(request: SchoolRequest) -> HttpResponse:
    """Take all of them for read."""
    outbox.mark_read(school=request.school, user=request.user, at=request.at)
    messages.success(request, "The messages are put away. What needs you still stands on your day.")
    return redirect("school-home", school=request.school.slug)
