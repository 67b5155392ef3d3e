"""The concern form's page: what it shows, and how what was typed becomes a concern."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import SchoolRequest
from accounts.models import Person
from incidents.forms.reporting import MOST_PEOPLE, UNKNOWN, ConcernForm, Typed, description
from incidents.imagery import IMAGERY_WORDS
from incidents.models import ConcernDraft
from incidents.operations.drafts import author_token
from incidents.operations.incidents import Concern, Involved
from incidents.queries.people import find_people, people_by_id
from incidents.routes import About, concerns_an_adult
from incidents.statuses import Part, Place
from policies.engine.taxonomy import Category

NOBODY_NAMED = "Say who it is about. If you do not know, choose “I do not know who it is”."
NOT_HERE_ANY_MORE = "Somebody you chose is not in this school’s list any more. Remove them and choose again."
CHOSEN_TWICE = "Somebody is in the list twice. Remove one of the two, and choose the part that fits best."
TOO_MANY = f"You can name {MOST_PEOPLE} people. Remove some from the list, and mention them in what happened."
WHICH_ADULT = (
    "You said it is about an adult who works or helps here. Choose “Said to have caused harm” as the part of that "
    "adult, so that it does not go to them. If they are not in the list, choose “I do not know who it is”."
)


def concern_from(form: ConcernForm, typed: Typed, found: dict[str, Person]) -> tuple[Concern | None, list[str]]:
    """Return the concern, or nothing and the sentences about people that the form itself cannot say."""
    sentences = _about_people(typed, found)
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
    is_saved: bool = True,
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
        "results": find_people(request.school, typed.query) if typed.query else [],
        "unfinished": unfinished or [],
        "sentences": sentences or [],
        "is_saved": is_saved,
        "imagery_words": ",".join(IMAGERY_WORDS),
    }
    return render(request, "incidents/reporting/form.html", context)


def _about_people(typed: Typed, found: dict[str, Person]) -> list[str]:
    known = [row.person for row in typed.people if row.person != UNKNOWN]
    sentences = []
    if not typed.people:
        sentences.append(NOBODY_NAMED)
    if len(typed.people) > MOST_PEOPLE:
        sentences.append(TOO_MANY)
    if any(person not in found for person in known):
        sentences.append(NOT_HERE_ANY_MORE)
    if len(set(known)) < len(known):
        sentences.append(CHOSEN_TWICE)
    if typed.fields.get("adult") == About.ADULT and _is_adult_missing(typed, found):
        sentences.append(WHICH_ADULT)
    return sentences + _about_descriptions(typed)


def _is_adult_missing(typed: Typed, found: dict[str, Person]) -> bool:
    """Say whether adults are named and the part of none of them is what the concern says an adult did."""
    accused = [row.person for row in typed.people if row.part == Part.ALLEGED]
    if UNKNOWN in accused:
        return False
    return concerns_an_adult([*found.values()]) and not concerns_an_adult(
        [found[person] for person in accused if person in found]
    )


def _about_descriptions(typed: Typed) -> list[str]:
    sentences: list[str] = []
    for row in typed.people:
        try:
            description.clean(row.description)
        except ValidationError as wrong:
            sentences += [f"In who somebody is: {text[0].lower()}{text[1:]}" for text in wrong.messages]
    return sentences


def _fresh_form(request: SchoolRequest, typed: Typed) -> ConcernForm:
    now = timezone.localtime(request.at)
    initial = {"aware_date": now.date().isoformat(), "aware_time": f"{now:%H:%M}"}
    kept = {name: value for name, value in typed.fields.items() if value}
    return ConcernForm(initial=initial | kept, at=request.at, late_was_asked=bool(typed.fields.get("late_was_asked")))


def _involved(person: str, part: str, described: str, found: dict[str, Person]) -> Involved:
    try:
        chosen = Part(part)
    except ValueError:
        chosen = Part.NAMED
    if person == UNKNOWN:
        return Involved(part=chosen, description=described if described.strip() else "Somebody unknown")
    return Involved(part=chosen, person=found[person])
