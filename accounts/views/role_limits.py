"""What each role may do here, and which clause of the adopted policy takes something from it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from accounts.queries.role_limits import next_change, roles_here


@require_safe
@member_view(Permission.MEMBER_MANAGE, Permission.MEMBER_APPROVE, Permission.AUDIT_READ)
def listing(request: SchoolRequest) -> HttpResponse:
    """List the roles, what each opens at this school, and what the policy takes from it."""
    context = {
        "roles": roles_here(request.school, at=request.at),
        "next_change": next_change(request.school, at=request.at),
    }
    return render(request, "accounts/role_limits/list.html", context)
