"""One's own calendar: an address that tells a calendar program when duties are due, and nothing else."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from policies.operations import feeds as operations
from policies.queries.feeds import feed_of


@require_safe
@member_view(Permission.REGISTER_MANAGE, Permission.REPORT_READ)
def feed(request: SchoolRequest) -> HttpResponse:
    """Say whether an address is on, and offer to make, renew or end it. The address itself is not known any more."""
    return render(request, "policies/feeds/detail.html", {"feed": feed_of(request.school, request.user)})


@require_POST
@member_view(Permission.REGISTER_MANAGE, Permission.REPORT_READ)
def make(request: SchoolRequest) -> HttpResponse:
    """Make a new address and show it, this once."""
    token = operations.make_feed(school=request.school, user=request.user, at=request.at)
    address = f"{settings.SITE_URL}{reverse('duty-calendar', kwargs={'token': token})}"
    context = {"feed": feed_of(request.school, request.user), "address": address}
    return render(request, "policies/feeds/detail.html", context)


@require_POST
@member_view(Permission.REGISTER_MANAGE, Permission.REPORT_READ)
def end(request: SchoolRequest) -> HttpResponse:
    """Switch the address off."""
    operations.end_feed(school=request.school, user=request.user, at=request.at)
    messages.success(request, "The address is switched off. Calendars that used it find nothing there any more.")
    return redirect("feed-detail", school=request.school.slug)
