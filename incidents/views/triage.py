"""The triage page: what a concern is, what is known of it, what is decided; later the same page for what is learnt."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, find_incident, possible_owners
from incidents.facts import flags_of, in_words, least_level
from incidents.forms.triage import TriageForm
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import triage as operations
from incidents.operations.triage import Difference, Facts, Triage
from incidents.queries.people import involved_people
from incidents.queries.triage import as_seen, first_questions, known_of_case, last_decision
from incidents.statuses import Decision, Level
from incidents.views.sentences import summary_sentence
from policies.engine.taxonomy import Category

# Where a refusal belongs on the form; everything else stands above it.
_FIELDS = {"level_too_low": "level", "reason_missing": "reason", "duplicate_of_itself": "duplicate_of"}
_FIELDS |= {"duplicate_missing": "duplicate_of", "duplicate_of_nothing": "duplicate_of", "adults_elsewhere": "types"}
_FIELDS |= {"owner_cannot_read": "owner"}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_TRIAGE)
def detail(request: SchoolRequest, reference: str) -> HttpResponse:
    """Ask what the case is, and only as much as its policy makes matter; save it, with what is decided and why."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_TRIAGE)
    form = _form(request, incident)
    if request.method != "POST" or request.POST.get("action") == "look":
        return _page(request, incident, form)
    if form.is_valid():
        said = _said(request, incident, form)
        if said is not None and _saved(request, incident, form, said):
            return redirect(incident)
        # Somebody may have been quicker: the page shows the case as it is now, and the form as it was sent.
        incident = access_incident(request.access, reference, Permission.INCIDENT_TRIAGE)
    return _page(request, incident, form)


def _form(request: SchoolRequest, incident: Incident) -> TriageForm:
    people = involved_people(incident)
    owners = possible_owners(incident, people, at=request.at)
    is_look = request.POST.get("action") == "look"
    data = request.POST if request.method == "POST" else None
    form = TriageForm(data, incident=incident, owners=owners, seen=as_seen(incident), me=request.user)
    if is_look:
        # Only the questions are asked for anew: nothing is wrong yet.
        form.only_look()
    return form


def _said(request: SchoolRequest, incident: Incident, form: TriageForm) -> Triage | None:
    given = form.cleaned_data
    original = find_incident(request.access, given["duplicate_of"]) if given["duplicate_of"] else None
    if given["duplicate_of"] and original is None:
        form.add_error("duplicate_of", "No case of this reference is found. Check the letters and numbers.")
        return None
    return Triage(
        facts=Facts(Category(given["category"]), form.types_chosen(), form.known()),
        decision=Decision(given["decision"]),
        reason=given["reason"],
        duplicate_of=original,
        level=Level(int(given["level"])),
        level_reason=given["level_reason"],
        owner=form.users.get(given["owner"]),
    )


def _saved(request: SchoolRequest, incident: Incident, form: TriageForm, said: Triage) -> bool:
    """Save it and say what changed; where it is refused, say why on the form and keep everything that was typed."""
    seen = form.cleaned_data["seen"]
    try:
        found = operations.save(incident=incident, said=said, seen=seen, by=request.user, at=request.at)
    except Refused as refusal:
        form.add_error(_FIELDS.get(refusal.code), ValidationError(refusal.sentence, code=refusal.code))
        return False
    messages.success(request, f"Saved. {what_changed(found)}")
    return True


def what_changed(found: Difference) -> str:
    """Return in one or two sentences what the policy asks now that it did not ask before."""
    sentences = []
    if found.more:
        things = "1 more thing" if found.more == 1 else f"{found.more} more things"
        at_once = f"; {found.at_once} {'is' if found.at_once == 1 else 'are'} due at once" if found.at_once else ""
        sentences.append(f"The policy now asks {things}{at_once}.")
    if found.forbidden:
        things = "1 more thing" if found.forbidden == 1 else f"{found.forbidden} more things"
        sentences.append(f"It forbids {things}." if sentences else f"The policy now forbids {things}.")
    if found.fewer:
        things = "1 thing" if found.fewer == 1 else f"{found.fewer} things"
        sentences.append(f"It asks {things} no more." if sentences else f"The policy asks {things} no more.")
    return " ".join(sentences) or "The policy asks what it asked before."


def _page(request: SchoolRequest, incident: Incident, form: TriageForm) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    # What was sent may be older than what somebody else saved meanwhile: from here on, this is what was seen.
    if form.is_bound:
        data = request.POST.copy()
        data["seen"] = as_seen(incident)
        form.data = data
    people = involved_people(incident)
    flags = flags_of(people)
    types = form.types_chosen() if form.is_bound else None
    context: dict[str, Any] = {
        "incident": incident,
        "form": form,
        "groups": form.type_groups(),
        "questions": form.questions(first_questions(incident, types=types)),
        "summary": summary_sentence(incident, people),
        "decided": last_decision(incident),
        "flags": in_words(flags),
        "least": least_level(flags).label.lower(),
        "is_new": not incident.decision,
        "known": known_of_case(incident),
        "is_overtaken": form.has_error(NON_FIELD_ERRORS, "changed_meanwhile"),
    }
    return render(request, "incidents/triage/detail.html", context)
