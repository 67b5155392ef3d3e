"""What was sent, as it was sent. Only in a demonstration, where nobody's mailbox is there to look into."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from accounts.queries.messages import sent_messages


@require_safe
@member_view(Permission.SCHOOL_MANAGE)
def sent(request: SchoolRequest) -> HttpResponse:
    """List the latest messages; outside a demonstration the page does not exist."""
    if not settings.DEMONSTRATION:
        raise Http404
    return render(request, "accounts/messages/list.html", {"sent": sent_messages(request.school, at=request.at)})
