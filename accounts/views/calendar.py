"""The school's calendar: terms and closed days."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.forms.calendar import ClosedDayForm, TermForm
from accounts.models import ClosedDay, Term
from accounts.operations import schools as operations
from accounts.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.SCHOOL_MANAGE)
def calendar(request: SchoolRequest) -> HttpResponse:
    """Show the terms and closed days, and add one of either."""
    adding = request.POST.get("adding", "")
    term_form = TermForm(request.POST if adding == "term" else None, prefix="term")
    day_form = ClosedDayForm(request.POST if adding == "closed_day" else None, prefix="day")
    form = term_form if adding == "term" else day_form
    if request.method == "POST" and form.is_valid():
        add = operations.add_term if adding == "term" else operations.add_closed_day
        try:
            add(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The calendar is saved.")
            return redirect("calendar-detail", school=request.school.slug)
    context = {
        "terms": Term.objects.for_school(request.school).order_by("-starts_on"),
        "closed_days": ClosedDay.objects.for_school(request.school).order_by("-day")[:60],
        "term_form": term_form,
        "day_form": day_form,
    }
    return render(request, "accounts/calendar/detail.html", context)


@require_POST
@member_view(Permission.SCHOOL_MANAGE)
def remove_term(request: SchoolRequest, term_id: uuid.UUID) -> HttpResponse:
    """Remove a term that was entered by mistake."""
    term = Term.objects.for_school(request.school).filter(pk=term_id).first()
    if term is None:
        raise Http404
    operations.remove_term(term=term, at=request.at, by=request.user)
    messages.success(request, f"{term.name} is removed from the calendar.")
    return redirect("calendar-detail", school=request.school.slug)


@require_POST
@member_view(Permission.SCHOOL_MANAGE)
def remove_closed_day(request: SchoolRequest, day_id: uuid.UUID) -> HttpResponse:
    """Remove a closed day that was entered by mistake."""
    closed_day = ClosedDay.objects.for_school(request.school).filter(pk=day_id).first()
    if closed_day is None:
        raise Http404
    operations.remove_closed_day(closed_day=closed_day, at=request.at, by=request.user)
    messages.success(request, "The day is removed from the closed days.")
    return redirect("calendar-detail", school=request.school.slug)
