"""The feed for calendar programs. Nobody is signed in there: the address itself is the key, and says only when."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.decorators import public_view
from incidents.queries.feeds import events_for
from policies.icalendar import write_calendar
from policies.queries.feeds import access_by_token


@require_safe
@public_view
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the moments at which something is due of whoever made this address; a 404 for any other."""
    at = request.at  # type: ignore[attr-defined]
    access = access_by_token(token, at=at)
    text = write_calendar(f"Duties: {access.school.name}", events_for(access), at=at)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
