"""The queue and the case page."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Access
from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, possible_owners
from incidents.events import Event
from incidents.forms.incidents import QueueForm
from incidents.forms.workflow import (
    CloseForm,
    DeclineForm,
    LevelForm,
    NoteForm,
    OwnerForm,
    QuestionForm,
    ReasonForm,
    WatchForm,
)
from incidents.models import Incident
from incidents.operations import incidents as operations
from incidents.operations import ownership
from incidents.queries.allegations import next_of
from incidents.queries.chronology import timeline
from incidents.queries.incidents import PAGE, QueueFilter, queue_mark, queue_owners, queue_page
from incidents.queries.moves import Moves, moves_of
from incidents.queries.obligations import Checklist, checklist
from incidents.queries.people import involved_people
from incidents.queries.saved_views import KeptView, views_of
from incidents.statuses import Decision, Level, Outcome, Place, Status
from incidents.views.sentences import summary_sentence, who_can_see
from policies.engine.taxonomy import Category

KEEPS_VIEWS = "keeps_views"
READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(*READERS, in_emergency=True)
def queue(request: SchoolRequest) -> HttpResponse:
    """Show what is due first; narrowing and turning pages are POST, so that no search stands in an address."""
    return queue_of(request, queue_form(request))


@require_POST
@member_view(*READERS, in_emergency=True)
def pulse(request: SchoolRequest) -> HttpResponse:
    """Answer the page that asks whether its list changed: a mark that is another one whenever it did."""
    chosen = queue_form(request).chosen()
    return JsonResponse({"mark": queue_mark(request.access, chosen)})


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_TRIAGE)
def assign_many(request: SchoolRequest) -> HttpResponse:
    """Give the ticked cases to one owner, and say of each that could not be given why; then show the same list."""
    form = queue_form(request)
    owners = {str(user.pk): user for user in queue_owners(request.access, at=request.at)}
    owner = owners.get(request.POST.get("new_owner", ""))
    references = list(dict.fromkeys(request.POST.getlist("case")))[:PAGE]
    if owner is None or not references:
        messages.error(request, "Tick at least one case and choose whom to give it to.")
        return queue_of(request, form)
    given = 0
    for reference in references:
        incident = access_incident(request.access, reference, Permission.INCIDENT_TRIAGE)
        try:
            ownership.assign(incident=incident, owner=owner, by=request.user, at=request.at)
        except Refused as refusal:
            messages.error(request, f"{incident.reference}: {refusal.sentence}")
        else:
            given += 1
    if given:
        noun = "case belongs" if given == 1 else "cases belong"
        messages.success(request, f"{given} {noun} to {owner.full_name} now.")
    return queue_of(request, form)


def queue_form(request: SchoolRequest) -> QueueForm:
    """Return the filter that was sent, or that of the kept view that was asked for."""
    owners = queue_owners(request.access, at=request.at)
    wanted = request.POST.get("view", "")
    if wanted:
        kept = next((view for view in views_of(request.school, request.user) if str(view.id) == wanted), None)
        if kept is not None:
            return QueueForm(asdict(kept.chosen), owners=owners)
    return QueueForm(_without_dropped(request), owners=owners)


def queue_of(request: SchoolRequest, form: QueueForm) -> HttpResponse:
    """Show the queue as a form filters it."""
    chosen = form.chosen()
    page = queue_page(request.access, chosen, number=_page_number(request.POST.get("page", "")))
    if chosen.text.strip():
        # How many a case manager found, or that they searched at all, would tell every reader of the ledger that there
        # is a case about an adult; how many somebody found who is named on a case, that there is that one.
        is_apart = request.access.has(Permission.ADULT_CASE_MANAGE)
        found = None if is_apart or request.access.may_be_named else page.total
        operations.note_search(school=request.school, by=request.user, found=found, at=request.at, is_apart=is_apart)
    if request.access.emergency is not None:
        emergency = request.access.emergency
        operations.note_emergency_list(school=request.school, emergency=emergency, by=request.user, at=request.at)
    base = reverse("incident-list", kwargs={"school": request.school.slug})
    context = {
        "form": form,
        "page": page,
        "chosen": chosen,
        "chips": _chips(form, chosen),
        "base": base,
        "views": _views(request),
        # Those who handle the cases of one office have nobody to share them with.
        "can_assign": request.access.has(Permission.INCIDENT_READ) and request.access.has(Permission.INCIDENT_TRIAGE),
    }
    return render(request, "incidents/incidents/list.html", context)


@require_safe
@member_view(*READERS, or_named=True)
def detail(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show the case to somebody who may read it."""
    return case_page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


def case_page(request: SchoolRequest, incident: Incident, **bound: Any) -> HttpResponse:
    """Render the case and record that it was read; `bound` brings a form that was refused, so that nothing typed is
    lost.
    """
    operations.open_case(incident=incident, by=request.user, at=request.at)
    access = request.access
    people = involved_people(incident)
    owners = possible_owners(incident, people, at=request.at)
    entries = timeline(incident)
    asked = checklist(incident, at=request.at)
    moves = moves_of(incident, asked, owners, by=request.user)
    answered = {entry.answers_id for entry in entries if entry.answers_id}
    context = {
        "incident": incident,
        "people": people,
        "entries": entries,
        "checklist": asked,
        "open_questions": [
            entry for entry in entries if entry.event == Event.QUESTION_ASKED and entry.id not in answered
        ],
        "status": Status(incident.status),
        "level": Level(incident.level),
        "category": Category(incident.category),
        "place": Place(incident.place),
        "summary": summary_sentence(incident, people),
        "who_can_see": who_can_see(incident, access, owners),
        "owner_form": OwnerForm(owners=owners, initial={"owner": str(incident.owner_id or "")}),
        "level_form": LevelForm(initial={"level": str(incident.level)}),
        "note_form": NoteForm(prefix="note"),
        "question_form": QuestionForm(prefix="question"),
        "moves": moves,
        "close_form": CloseForm(prefix="close", initial=_likely_end(incident)),
        "decline_form": DeclineForm(prefix="decline"),
        "watch_form": WatchForm(prefix="watch", at=request.at),
        "reopen_form": ReasonForm(prefix="reopen"),
        "refused": next(iter(bound.values()), None),
        "left_over": _left_over(incident, asked, moves, bound),
        # Somebody who can no longer open the case owns it no longer.
        "owner": incident.owner if incident.owner in owners else None,
        "outcome": Outcome(incident.outcome) if incident.outcome else None,
        # Who is let in by name and holds no role in cases reads this page and the chronology, and adds nothing; so does
        # whoever it is open to in an emergency, whatever their role.
        "is_by_name": reads_alone(incident, access),
        "allegation_next": next_of(incident) if access.has(Permission.ADULT_CASE_MANAGE) else "",
        "can_triage": not incident.emergency_id and access.has(Permission.INCIDENT_TRIAGE),
        "can_work": not incident.emergency_id and access.has(Permission.INCIDENT_WORK),
        "can_close": not incident.emergency_id and access.has(Permission.INCIDENT_CLOSE),
    }
    return render(request, "incidents/incidents/detail.html", context | bound)


def reads_alone(incident: Incident, access: Access) -> bool:
    """Say whether a case is open to somebody for reading and nothing else."""
    return bool(incident.emergency_id) or not any(access.has(permission) for permission in READERS)


def _likely_end(incident: Incident) -> dict[str, str]:
    """Return how a case most likely ended, from what was decided at triage; open where work was done on it."""
    return {} if incident.decision in ("", Decision.SAFEGUARDING) else {"outcome": incident.decision}


def _left_over(incident: Incident, asked: Checklist, moves: Moves, bound: dict[str, forms.Form]) -> list[str]:
    """Return what was typed into a form that the case does not show any more, since somebody else was quicker."""
    is_shown = {
        "level_form": not incident.is_closed,
        "question_form": not incident.is_closed,
        "close_form": not (incident.is_closed or moves.why_not_close or moves.is_asked),
        "decline_form": moves.is_asked,
        "watch_form": not (incident.is_closed or moves.why_not_watch),
        "reopen_form": incident.status in (Status.CLOSED, Status.MONITORING),
        "duty_form": "duty_form" in bound and getattr(bound["duty_form"], "duty_id", None) in asked.open_ids,
    }
    typed = [field for name, form in bound.items() if not is_shown.get(name, True) for field in form]
    return [str(box.value()) for box in typed if isinstance(box.field.widget, forms.Textarea) and box.value()]


def _views(request: SchoolRequest) -> list[KeptView]:
    """Return the views that the user keeps. Whoever keeps none is asked for once a session, not with every page."""
    if not request.session.get(KEEPS_VIEWS, True):
        return []
    views = views_of(request.school, request.user)
    if not views:
        request.session[KEEPS_VIEWS] = False
    return views


def _page_number(text: str) -> int:
    # `isdigit` takes more for a digit than `int` does, and `int` refuses a very long one.
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _without_dropped(request: SchoolRequest) -> Any:
    """Return what was sent, less the filter whose chip was pressed; nothing for a plain visit or a cleared form."""
    if request.POST.get("action") == "clear":
        return {}
    sent = request.POST.copy()
    dropped = sent.pop("drop", [])
    for name in dropped:
        sent[str(name)] = ""
    return sent


def _chips(form: QueueForm, chosen: QueueFilter) -> list[dict[str, str]]:
    chips = []
    for name in ("text", "status", "category", "year_group", "owner"):
        value = getattr(chosen, name)
        if value:
            labels = dict(getattr(form.fields[name], "choices", []))
            chips.append({"label": str(labels.get(value, f"“{value}”")), "name": "drop", "value": name})
    return chips
