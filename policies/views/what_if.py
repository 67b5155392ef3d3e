"""What if: choose facts, and see what the policy would ask for. Nothing is kept."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from policies.calendars import calendar_for
from policies.engine.evaluate import explain
from policies.forms.what_if import WhatIfForm
from policies.queries.answers import Answers, answers_of
from policies.queries.documents import Titles
from policies.queries.packs import layers_in_force


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_TRIAGE)
def what_if(request: SchoolRequest) -> HttpResponse:
    """Show the form, and after sending it what the policy in force would ask for."""
    form = WhatIfForm(request.POST if request.method == "POST" else None)
    answers = _answers(request, form) if request.method == "POST" and form.is_valid() else None
    return render(request, "policies/what_if/form.html", {"form": form, "answers": answers})


def _answers(request: SchoolRequest, form: WhatIfForm) -> Answers:
    packs = tuple(layer.pack for layer in layers_in_force(request.school, at=request.at)[1])
    decision = explain(packs, form.facts())
    return answers_of(decision, packs, Titles(request.school, packs), calendar_for(request.school), request.at)
