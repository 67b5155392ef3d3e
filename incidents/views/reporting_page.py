"""The concern form's page: what it shows, and how what was typed becomes a concern."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import SchoolRequest
from accounts.models import Person
from accounts.queries.people import search_people
from incidents.forms.reporting import UNKNOWN, ConcernForm, Typed
from incidents.models import ConcernDraft
from incidents.operations.drafts import author_token
from incidents.operations.incidents import Concern, Involved
from incidents.queries.people import people_by_id
from incidents.routes import About
from incidents.statuses import Part, Place
from policies.engine.taxonomy import Category

NOBODY_NAMED = "Say who it is about. If you do not know, choose “I do not know who it is”."
NOT_HERE_ANY_MORE = "Somebody you chose is not in this school’s list any more. Remove them and choose again."
IMAGERY_WORDS = "nude,nudes,naked,sext,sexting,indecent,topless,underwear,intimate,dick pic,private parts,genital,porn"


def concern_from(form: ConcernForm, typed: Typed, found: dict[str, Person]) -> tuple[Concern | None, list[str]]:
    """Return the concern, or nothing and the sentences about people that the form itself cannot say."""
    sentences = []
    if not typed.people:
        sentences.append(NOBODY_NAMED)
    if any(row.person != UNKNOWN and row.person not in found for row in typed.people):
        sentences.append(NOT_HERE_ANY_MORE)
    if not form.is_valid() or sentences:
        return None, sentences
    said = form.cleaned_data
    return Concern(
        category=Category(said["category"]),
        narrative=said["narrative"],
        action_taken=said["action_taken"],
        place=Place(said["place"]),
        became_aware_at=said["became_aware_at"],
        happened_at=said["happened_at"],
        happened_precision=said["happened_precision"],
        place_detail=said["place_detail"],
        online_service=said["online_service"],
        late_reason=said["late_reason"],
        about=About(said["adult"]),
        is_danger_reported=said["danger"] == "yes",
        people=[_involved(row.person, row.part, row.description, found) for row in typed.people],
    ), []


def render_form(
    request: SchoolRequest,
    draft_id: uuid.UUID,
    typed: Typed,
    *,
    form: ConcernForm | None = None,
    found: dict[str, Person] | None = None,
    draft: ConcernDraft | None = None,
    unfinished: list[ConcernDraft] | None = None,
    sentences: list[str] | None = None,
) -> HttpResponse:
    """Show the form with everything that was typed, whatever state it is in."""
    found = found if found is not None else people_by_id(request.school, typed.person_ids())
    context: dict[str, Any] = {
        "form": form or _fresh_form(request, typed),
        "draft_id": draft_id,
        "draft": draft,
        "author": author_token(user=request.user, draft_id=draft_id),
        "people": [
            {"row": row, "number": number, "person": found.get(row.person), "is_unknown": row.person == UNKNOWN}
            for number, row in enumerate(typed.people)
        ],
        "parts": list(Part),
        "query": typed.query,
        "results": search_people(request.school, typed.query) if typed.query else [],
        "unfinished": unfinished or [],
        "sentences": sentences or [],
        "imagery_words": IMAGERY_WORDS,
    }
    return render(request, "incidents/reporting/form.html", context)


def _fresh_form(request: SchoolRequest, typed: Typed) -> ConcernForm:
    now = timezone.localtime(request.at)
    initial = {"aware_date": now.date().isoformat(), "aware_time": f"{now:%H:%M}"}
    kept = {name: value for name, value in typed.fields.items() if value}
    return ConcernForm(initial=initial | kept, at=request.at, late_was_asked=bool(typed.fields.get("late_was_asked")))


def _involved(person: str, part: str, description: str, found: dict[str, Person]) -> Involved:
    try:
        chosen = Part(part)
    except ValueError:
        chosen = Part.NAMED
    if person == UNKNOWN:
        return Involved(part=chosen, description=description.replace("\x00", "").strip()[:500] or "Somebody unknown")
    return Involved(part=chosen, person=found[person])
