"""Finding people while logging a concern."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from incidents.queries.people import find_people


@sensitive_post_parameters()
@require_POST
@member_view(Permission.PERSON_READ)
def search(request: SchoolRequest) -> HttpResponse:
    """Answer the type-ahead with at most ten people: id, name, and what tells them apart."""
    found = find_people(request.school, request.POST.get("q", ""))
    return JsonResponse(
        [{"id": str(person.pk), "name": person.name, "detail": person.detail} for person in found], safe=False
    )
