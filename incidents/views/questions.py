"""Questions to the reporter, and what the reporter sees: their own words, the questions, their answers."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, access_my_concern, my_concerns
from incidents.forms.workflow import AnswerForm, QuestionForm
from incidents.models import Incident
from incidents.operations import incidents as incident_operations
from incidents.operations import questions as operations
from incidents.queries.chronology import questions_to_reporter
from incidents.queries.people import involved_people
from incidents.statuses import Place, Status
from incidents.views.incidents import case_page
from policies.engine.taxonomy import Category


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def ask(request: SchoolRequest, reference: str) -> HttpResponse:
    """Ask the reporter something."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = QuestionForm(request.POST, prefix="question")
    if not form.is_valid():
        return case_page(request, incident, question_form=form)
    try:
        operations.ask(incident=incident, text=form.cleaned_data["text"], by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return case_page(request, incident, question_form=form)
    messages.success(request, "The question is sent. You are told when it is answered.")
    return redirect(incident)


@require_safe
@member_view(Permission.INCIDENT_LOG)
def mine(request: SchoolRequest) -> HttpResponse:
    """List what this user logged, newest first."""
    concerns = my_concerns(request.access).only(
        "reference", "status", "logged_at", "first_opened_at", "closed_at", "school_id", "handled_by"
    )
    return render(request, "incidents/questions/mine.html", {"concerns": concerns.order_by("-logged_at")})


@require_safe
@member_view(Permission.INCIDENT_LOG)
def my_concern(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show the reporter their own words, how far it is, and what they are asked."""
    return _my_concern_page(request, access_my_concern(request.access, reference))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_LOG)
def answer(request: SchoolRequest, reference: str, question_id: uuid.UUID) -> HttpResponse:
    """Answer a question from those who handle the case."""
    incident = access_my_concern(request.access, reference)
    question = next((asked for asked in questions_to_reporter(incident) if asked.pk == question_id), None)
    if question is None:
        raise Http404
    form = AnswerForm(request.POST, prefix=str(question_id))
    if form.is_valid():
        try:
            operations.answer(
                incident=incident, question=question, text=form.cleaned_data["text"], by=request.user, at=request.at
            )
        except Refused as refusal:
            form.add_error("text", refusal.sentence)
        else:
            messages.success(request, "Your answer is sent.")
            return redirect("my-concern", school=request.school.slug, reference=incident.reference)
    return _my_concern_page(request, incident, refused=form)


def _my_concern_page(request: SchoolRequest, incident: Incident, refused: AnswerForm | None = None) -> HttpResponse:
    incident_operations.open_own_concern(incident=incident, by=request.user, at=request.at)
    asked = questions_to_reporter(incident)
    forms = [
        refused if refused and refused.prefix == str(question.pk) else AnswerForm(prefix=str(question.pk))
        for question in asked
    ]
    context = {
        "incident": incident,
        "status": Status(incident.status),
        "category": Category(incident.category),
        "place": Place(incident.place),
        "people": involved_people(incident),
        "questions": list(zip(asked, forms, strict=True)),
        "refused": refused,
    }
    return render(request, "incidents/questions/my_concern.html", context)
