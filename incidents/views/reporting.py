"""Logging a concern: one page, backed by a draft on the server, that loses nothing."""

import uuid

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, SignedInRequest, ask_to_sign_in, member_view
from accounts.errors import Refused
from accounts.middleware import signed_out_answer
from accounts.models import WORKS_OR_HELPS
from accounts.permissions import Permission
from incidents.access import access_draft, access_my_concern, my_drafts, sent_from_draft
from incidents.forms.reporting import UNKNOWN, ConcernForm, Typed, ids_in
from incidents.models import ConcernDraft, Incident
from incidents.operations import drafts
from incidents.operations import incidents as operations
from incidents.queries.people import people_by_id
from incidents.routes import About, concerns_an_adult
from incidents.statuses import Part
from incidents.views.reporting_page import concern_from, render_form

# What each button says of the danger; what the form says of the concern counts as well.
_ALARMS = {"alarm_team": About.NO_ADULT, "alarm_head": About.ADULT, "alarm_chair": About.HEADTEACHER}


def _signed_out(request: SignedInRequest, school: str, draft_id: uuid.UUID) -> HttpResponse:
    kept = request.method == "POST" and _keep_by_token(request, school, draft_id)
    if request.headers.get("X-Autosave"):
        return signed_out_answer()
    if not kept:
        return ask_to_sign_in(request)
    context = {"kept_draft": True, "target": request.path, "not_alerted": request.POST.get("action") in _ALARMS}
    return render(request, "session_ended.html", context, status=403)


@require_safe
@member_view(Permission.INCIDENT_LOG)
def report(request: SchoolRequest) -> HttpResponse:
    """Show an empty form, and what was begun before."""
    return render_form(request, uuid.uuid4(), Typed(fields={}), unfinished=my_drafts(request.access))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_LOG, signed_out=_signed_out)
def draft(request: SchoolRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Continue a draft; keep what was typed; do what the pressed button says."""
    if request.method == "POST":
        return _act(request, draft_id)
    found = access_draft(request.access, draft_id)
    if found is None:
        sent = sent_from_draft(request.access, draft_id)
        return _to_receipt(request, sent) if sent else redirect("incident-report", school=request.school.slug)
    return render_form(request, draft_id, Typed.from_content(found.typed()), draft=found)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_LOG, signed_out=_signed_out)
def save(request: SchoolRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Keep what was typed, for the script that saves every few seconds."""
    _refuse_foreign(request, draft_id)
    content = Typed.from_post(request.POST).content()
    try:
        drafts.save_draft(school=request.school, author=request.user, draft_id=draft_id, content=content, at=request.at)
    except Refused as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=409)
    return HttpResponse(status=204)


@require_POST
@member_view(Permission.INCIDENT_LOG)
def drop(request: SchoolRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Forget a draft its author no longer wants."""
    found = access_draft(request.access, draft_id)
    if found is not None:
        try:
            drafts.drop_draft(draft=found, by=request.user)
        except Refused as refusal:
            return render_form(
                request, draft_id, Typed.from_content(found.typed()), draft=found, sentences=[refusal.sentence]
            )
    return redirect("school-home", school=request.school.slug)


@require_safe
@member_view(Permission.INCIDENT_LOG)
def receipt(request: SchoolRequest, reference: str) -> HttpResponse:
    """Say that it arrived, and what happens next. It tells nothing of the concern itself."""
    incident = access_my_concern(request.access, reference)
    return render(request, "incidents/reporting/receipt.html", {"incident": incident})


def _refuse_foreign(request: SchoolRequest, draft_id: uuid.UUID) -> None:
    """Raise 404 for somebody else's form, left open on a shared computer; what they typed is kept for them."""
    is_own = drafts.is_proved(token=request.POST.get("author", ""), user=request.user, draft_id=draft_id)
    if is_own is None:
        access_draft(request.access, draft_id)
    elif not is_own:
        _keep_by_token(request, request.school.slug, draft_id)
        raise Http404


def _keep_by_token(request: SignedInRequest, school: str, draft_id: uuid.UUID) -> bool:
    return drafts.keep_by_token(
        token=request.POST.get("author", ""),
        school=school,
        draft_id=draft_id,
        content=Typed.from_post(request.POST).content(),
        at=request.at,
    )


def _act(request: SchoolRequest, draft_id: uuid.UUID) -> HttpResponse:
    _refuse_foreign(request, draft_id)
    action = request.POST.get("action", "send")
    typed = _changed(request, Typed.from_post(request.POST), action)
    if action == "send":
        return _send(request, draft_id, typed)
    kept, sentences = _keep(request, draft_id, typed)
    if kept is None:
        return _not_kept(request, draft_id, typed, sentences)
    if action in _ALARMS:
        try:
            _call(request, kept, typed, _ALARMS[action])
        except Refused as refusal:
            return render_form(request, draft_id, typed, draft=kept, sentences=[refusal.sentence])
    anchor = "#people" if "person" in action or action == "add_chosen" else "#danger" if action in _ALARMS else ""
    return redirect(f"{request.path}{anchor}")


def _call(request: SchoolRequest, kept: ConcernDraft, typed: Typed, said: About) -> None:
    """Call for help, past everybody whom the draft is about so far."""
    found = people_by_id(request.school, typed.person_ids())
    alleged = [found[row.person] for row in typed.people if row.part == Part.ALLEGED and row.person in found]
    written = next((about for about in About if about == typed.fields.get("adult")), About.NO_ADULT)
    about = max(said, written, key=list(About).index)
    if about is About.NO_ADULT and concerns_an_adult(alleged):
        about = About.ADULT
    drafts.raise_alarm(draft=kept, about=about, alleged_ids=frozenset(person.pk for person in alleged), at=request.at)


def _keep(request: SchoolRequest, draft_id: uuid.UUID, typed: Typed) -> tuple[ConcernDraft | None, list[str]]:
    """Save what was typed; return the draft, or nothing and why not."""
    try:
        kept = drafts.save_draft(
            school=request.school, author=request.user, draft_id=draft_id, content=typed.content(), at=request.at
        )
    except Refused as refusal:
        return None, [refusal.sentence]
    return kept, []


def _not_kept(request: SchoolRequest, draft_id: uuid.UUID, typed: Typed, sentences: list[str]) -> HttpResponse:
    sent = sent_from_draft(request.access, draft_id)
    if sent is not None:
        return _to_receipt(request, sent)
    return render_form(request, draft_id, typed, sentences=sentences, is_saved=False)


def _changed(request: SchoolRequest, typed: Typed, action: str) -> Typed:
    verb, _, what = action.partition(":")
    if verb in ("add_chosen", "add_person"):
        return _with_chosen(request, typed, what or request.POST.get("person", ""))
    if verb == "add_unknown_person":
        return typed.with_person(UNKNOWN)
    if verb == "remove_person" and what.isdecimal() and len(what) < 4:
        return typed.without_person(int(what))
    return typed


def _with_chosen(request: SchoolRequest, typed: Typed, chosen: str) -> Typed:
    if not chosen:
        return typed
    person = people_by_id(request.school, ids_in([chosen])).get(chosen)
    return typed.with_person(chosen, is_staff=person is not None and person.kind in WORKS_OR_HELPS)


def _send(request: SchoolRequest, draft_id: uuid.UUID, typed: Typed) -> HttpResponse:
    """Log what can be logged, in one transaction; what cannot is kept first, and then shown with what is missing."""
    form = ConcernForm(typed.fields, at=request.at, late_was_asked=bool(typed.fields.get("late_was_asked")))
    found = people_by_id(request.school, typed.person_ids())
    concern, sentences = concern_from(form, typed, found)
    if concern is not None:
        try:
            incident = operations.report_concern(
                school=request.school, by=request.user, at=request.at, draft_id=draft_id, concern=concern
            )
        except Refused as refusal:
            return render_form(
                request, draft_id, typed, form=form, found=found, sentences=[refusal.sentence], is_saved=False
            )
        except Exception:
            # Whatever went wrong, every word is kept before anybody is told.
            _keep(request, draft_id, typed)
            raise
        else:
            return _to_receipt(request, incident)
    kept, refused = _keep(request, draft_id, typed)
    if kept is None:
        return _not_kept(request, draft_id, typed, refused)
    return render_form(request, draft_id, typed, form=form, found=found, sentences=sentences)


def _to_receipt(request: SchoolRequest, incident: Incident) -> HttpResponse:
    return redirect("incident-receipt", school=request.school.slug, reference=incident.reference)
