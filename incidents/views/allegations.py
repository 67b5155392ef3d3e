"""The page on which the case manager of an allegation is led, step by step; and the pack for the designated officer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.documents import download, write_pdf
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.allegations import LowLevelKind, Step
from incidents.forms.allegations import BelowForm, CareForm, OutcomeForm, PackForm, PrecautionsForm, ThresholdForm
from incidents.models import Incident
from incidents.operations import allegations as operations
from incidents.operations import incidents
from incidents.queries.allegations import Course, course_of, pack_of, threshold_in_words

_DOCUMENT = "incidents/allegations/document.html"
_DONE = {
    Step.THRESHOLD: "Your answers are kept. What our policy asks was brought up to date.",
    Step.CARE: "It is kept who looks after them.",
    Step.PRECAUTIONS: "It is kept what is done meanwhile.",
    Step.OUTCOME: "The outcome is kept.",
}


@require_safe
@member_view(Permission.ADULT_CASE_MANAGE)
def detail(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show how far an allegation is, what must not be done, and the form of every step."""
    return _page(request, _found(request, reference))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.ADULT_CASE_MANAGE)
def record(request: SchoolRequest, reference: str, step: str) -> HttpResponse:
    """Keep one step as it was written."""
    incident = _found(request, reference)
    if step not in set(Step):
        raise Http404
    chosen = Step(step)
    form = _form(chosen, request, {}, request.POST)
    if form.is_valid():
        try:
            _keep(chosen, incident, form.cleaned_data["said"], request)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _DONE[chosen])
            return _back(incident)
    return _page(request, incident, bound={chosen.value: form})


@sensitive_post_parameters()
@require_POST
@member_view(Permission.ADULT_CASE_MANAGE)
def below(request: SchoolRequest, reference: str) -> HttpResponse:
    """Enter what is below the threshold in the register of low-level concerns."""
    incident = _found(request, reference)
    form = BelowForm(request.POST, prefix="below")
    if form.is_valid():
        kind, what = LowLevelKind(form.cleaned_data["kind"]), form.cleaned_data["what"]
        try:
            operations.keep_as_low_level(incident=incident, kind=kind, what=what, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It stands in the register of low-level concerns. This case can be closed.")
            return _back(incident)
    return _page(request, incident, bound={"below": form})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.ADULT_CASE_MANAGE, fresh=True)
def make_pack(request: SchoolRequest, reference: str) -> HttpResponse:
    """Ask what the designated officer is asked; give everything they need as PDF, or as a page to print."""
    incident = _found(request, reference)
    form = PackForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        incidents.open_case(incident=incident, by=request.user, at=request.at)
        return render(request, "incidents/allegations/pack.html", {"incident": incident, "form": form})
    context = _pack(request, incident, form.cleaned_data["asked"])
    if request.POST.get("as") == "page":
        return render(request, _DOCUMENT, context)
    try:
        pdf = write_pdf(_DOCUMENT, context)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return render(request, "incidents/allegations/pack.html", {"incident": incident, "form": form})
    return download(pdf, f"{incident.reference}.pdf")


def _pack(request: SchoolRequest, incident: Incident, asked: str) -> dict[str, Any]:
    """Return what the pack shows, after it was written down that it is made."""
    found = pack_of(request.access, incident, at=request.at)
    operations.note_pack(incident=incident, asked=asked, by=request.user, at=request.at)
    return {
        "school": request.school,
        "at": request.at,
        "incident": incident,
        "made_by": request.user.full_name,
        "asked": asked,
        "pack": found,
        "verdict": threshold_in_words(found.course.threshold),
    }


def _found(request: SchoolRequest, reference: str) -> Incident:
    """Return the case where it is about an adult who works or helps here; any other has no such page."""
    incident = access_incident(request.access, reference, Permission.ADULT_CASE_MANAGE)
    if not incident.is_about_adult:
        raise Http404
    return incident


def _keep(step: Step, incident: Incident, said: Any, request: SchoolRequest) -> None:
    keepers: dict[Step, Callable[[], object]] = {
        Step.THRESHOLD: lambda: operations.compare(incident=incident, tested=said, by=request.user, at=request.at),
        Step.CARE: lambda: operations.look_after(incident=incident, care=said, by=request.user, at=request.at),
        Step.PRECAUTIONS: lambda: operations.take_precautions(
            incident=incident, taken=said, by=request.user, at=request.at
        ),
        Step.OUTCOME: lambda: operations.end(incident=incident, ending=said, by=request.user, at=request.at),
    }
    keepers[step]()


def _form(step: Step, request: SchoolRequest, said: dict[str, str], data: Any = None) -> forms.Form:
    if step is Step.THRESHOLD:
        return ThresholdForm(data, initial=said)
    if step is Step.CARE:
        return CareForm(data, at=request.at, initial=said)
    if step is Step.PRECAUTIONS:
        return PrecautionsForm(data, initial=said)
    return OutcomeForm(data, initial=said)


def _page(request: SchoolRequest, incident: Incident, *, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    """Render the page; `bound` brings the form that was refused, so that nothing typed is lost."""
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    course = course_of(incident, at=request.at)
    shown = {step.value: _form(step, request, _said(course, step)) for step in Step} | (bound or {})
    context = {
        "incident": incident,
        "course": course,
        "verdict": threshold_in_words(course.threshold),
        "forms": shown,
        "below_form": shown.get("below") or BelowForm(prefix="below", initial={"what": incident.narrative}),
        "bound": next(iter(bound), "") if bound else "",
        "refused": next(iter(bound.values())) if bound else None,
        "can_write": not incident.is_closed,
    }
    return render(request, "incidents/allegations/detail.html", context)


def _said(course: Course, step: Step) -> dict[str, str]:
    recorded = course.recorded.get(step.value)
    return recorded.said if recorded else {}


def _back(incident: Incident) -> HttpResponse:
    return redirect("allegation-detail", school=incident.school.slug, reference=incident.reference)
