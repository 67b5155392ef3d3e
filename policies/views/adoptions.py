"""Which policy the school follows, since when, and on whose decision."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from policies.forms.adoptions import AdoptionForm
from policies.models import PackAdoption
from policies.operations import adoptions as operations
from policies.queries.packs import adoptions_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.POLICY_ADOPT)
def adoptions(request: SchoolRequest) -> HttpResponse:
    """Show what was adopted when, and adopt another policy."""
    today = timezone.localtime(request.at).date()
    form = AdoptionForm(request.POST if request.method == "POST" else None, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            operations.adopt(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The policy is adopted. Open cases keep the edition they were judged by.")
            return redirect("adoption-list", school=request.school.slug)
    found = adoptions_of(request.school)
    return render(request, "policies/adoptions/list.html", {"form": form, "adoptions": found})


@require_POST
@member_view(Permission.POLICY_ADOPT)
def withdraw(request: SchoolRequest, adoption_id: uuid.UUID) -> HttpResponse:
    """Take back a policy that has not begun to apply."""
    adoption = PackAdoption.objects.for_school(request.school).filter(pk=adoption_id).select_related("edition").first()
    if adoption is None:
        raise Http404
    try:
        operations.withdraw(adoption=adoption, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "It is taken back. What applies now goes on applying.")
    return redirect("adoption-list", school=request.school.slug)
