"""The register of low-level concerns about adults: entered, looked at together, decided."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.models import PersonKind
from accounts.permissions import Permission
from incidents.access import find_incident
from incidents.allegations import LowLevelDecision
from incidents.forms.low_level_concerns import ConcernForm, DecisionForm
from incidents.models import LowLevelConcern
from incidents.operations import low_level_concerns as operations
from incidents.queries.low_level_concerns import about_the_same, access_low_level, register_of, visible_low_level
from incidents.views.custody import is_looking, people_offered


@require_safe
@member_view(Permission.LOW_LEVEL_MANAGE, fresh=True)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show what is entered, what comes again, and what is still to be decided."""
    register = register_of(request.access, at=request.at)
    return render(request, "incidents/low_level_concerns/list.html", {"register": register})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.LOW_LEVEL_MANAGE, fresh=True)
def add(request: SchoolRequest) -> HttpResponse:
    """Enter one concern; it may belong to another office than that of whoever enters it."""
    people = [one for one in people_offered(request, None) if one.kind != PersonKind.PUPIL]
    if request.method != "POST" or is_looking(request):
        return _form_page(request, ConcernForm(people=people, at=request.at, initial=request.POST.dict()))
    form = ConcernForm(request.POST, people=people, at=request.at)
    if form.is_valid():
        try:
            row = operations.enter(
                school=request.school, told=form.cleaned_data["told"], by=request.user, at=request.at
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _entered(request, row)
    return _form_page(request, form)


@require_safe
@member_view(Permission.LOW_LEVEL_MANAGE, fresh=True)
def detail(request: SchoolRequest, concern_id: uuid.UUID) -> HttpResponse:
    """Show one concern, and what else stands here about the same person."""
    return _detail(request, access_low_level(request.access, concern_id), DecisionForm())


@sensitive_post_parameters()
@require_POST
@member_view(Permission.LOW_LEVEL_MANAGE, fresh=True)
def decide(request: SchoolRequest, concern_id: uuid.UUID) -> HttpResponse:
    """Keep what was decided; what may meet the threshold becomes a case, which opens next."""
    concern = access_low_level(request.access, concern_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, concern, form)
    decision = LowLevelDecision(form.cleaned_data["decision"])
    try:
        row = operations.decide(
            concern=concern, decision=decision, reason=form.cleaned_data["reason"], by=request.user, at=request.at
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _detail(request, concern, form)
    opened = find_incident(request.access, row.became.reference) if row.became else None
    if opened is not None:
        messages.success(request, "This is the case. Begin with the four tests, under Allegation.")
        return redirect(opened)
    messages.success(request, "The decision is kept.")
    return redirect("low-level-detail", school=request.school.slug, concern_id=concern.pk)


def _entered(request: SchoolRequest, row: LowLevelConcern) -> HttpResponse:
    if visible_low_level(request.access).filter(pk=row.pk).exists():
        messages.success(request, "The concern is entered. Decide about it here, now or later.")
        return redirect("low-level-detail", school=request.school.slug, concern_id=row.pk)
    messages.success(request, "The concern is entered. It went to somebody else, because of whom it is about.")
    return redirect("low-level-list", school=request.school.slug)


def _form_page(request: SchoolRequest, form: ConcernForm) -> HttpResponse:
    return render(request, "incidents/low_level_concerns/add.html", {"form": form})


def _detail(request: SchoolRequest, concern: LowLevelConcern, form: DecisionForm) -> HttpResponse:
    operations.note_read(concern=concern, by=request.user, at=request.at)
    became = find_incident(request.access, concern.became.reference) if concern.became else None
    context = {
        "concern": concern,
        "form": form,
        "others": about_the_same(request.access, concern),
        "became": became,
        "came_from": find_incident(request.access, concern.came_from.reference) if concern.came_from else None,
    }
    return render(request, "incidents/low_level_concerns/detail.html", context)
