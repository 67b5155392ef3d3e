"""Duties: done, decided against, let rest; on the case, or alone for somebody who sees nothing else of the case."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.models import User
from accounts.permissions import Permission
from incidents.access import DutyInReach, access_duty, access_incident
from incidents.forms.obligations import DutyForm
from incidents.models import Obligation
from incidents.operations import obligations as operations
from incidents.queries import workload
from incidents.queries.obligations import duty_alone, has_to_wait
from incidents.views.actions import actions_page
from incidents.views.incidents import case_page
from incidents.views.lessons import lessons_page
from policies.statuses import State

# Everybody has duties and may read what the policy says of them. Asking for more than a concern does, these pages want
# the second factor of whoever reads what others wrote.
_MEMBERS = Permission.POLICY_READ
MOST = 100


@dataclass(frozen=True)
class _Deed:
    """What a button does, and what is said afterwards."""

    act: Callable[[Obligation, User, datetime, str], None]
    said: str


def _done(row: Obligation, by: User, at: datetime, words: str) -> None:
    operations.discharge(obligation=row, by=by, at=at, evidence=words)


def _waived(row: Obligation, by: User, at: datetime, words: str) -> None:
    operations.waive(obligation=row, by=by, at=at, reason=words)


def _paused(row: Obligation, by: User, at: datetime, words: str) -> None:
    operations.pause(obligation=row, by=by, at=at, reason=words)


def _resumed(row: Obligation, by: User, at: datetime, words: str) -> None:
    operations.resume(obligation=row, by=by, at=at)


_DEEDS = {
    "done": _Deed(_done, "Recorded as done"),
    "waive": _Deed(_waived, "Recorded as not needed, with your reason"),
    "pause": _Deed(_paused, "The clock rests"),
    "resume": _Deed(_resumed, "The clock goes on"),
}


@dataclass(frozen=True)
class _Page:
    """A page of a case with buttons of its own, and what draws it again."""

    name: str
    draw: Callable[..., HttpResponse]


_ORIGINS = {"actions": _Page("action-list", actions_page), "lessons": _Page("lesson-list", lessons_page)}


@require_safe
@member_view(_MEMBERS)
def mine(request: SchoolRequest) -> HttpResponse:
    """List what waits for this user, what is due first at the top."""
    found = workload.duties(request.access, at=request.at, most=MOST)
    return render(request, "incidents/obligations/list.html", {"sections": found.sections})


@require_safe
@member_view(_MEMBERS)
def detail(request: SchoolRequest, obligation_id: uuid.UUID) -> HttpResponse:
    """Lead to the duty on its case; to somebody who may not open the case, show the duty alone."""
    reach = access_duty(request.access, obligation_id)
    if reach.opens_case:
        return redirect(f"{reach.obligation.incident.get_absolute_url()}#duty-{obligation_id}")
    return _alone(request, reach.obligation, DutyForm(duty_id=obligation_id, is_alone=True))


@sensitive_post_parameters()
@require_POST
@member_view(_MEMBERS)
def settle(request: SchoolRequest, obligation_id: uuid.UUID, deed: str) -> HttpResponse:
    """Record that a duty is done; on a case one may open, also that it is not needed, or rests."""
    reach = access_duty(request.access, obligation_id)
    chosen = _DEEDS.get(deed)
    if chosen is None or (deed != "done" and not reach.opens_case):
        raise Http404
    form = DutyForm(request.POST, duty_id=obligation_id, is_alone=not reach.opens_case)
    if not form.is_valid():
        return _again(request, reach, form)
    try:
        chosen.act(reach.obligation, request.user, request.at, form.cleaned_data["words"])
    except Refused as refusal:
        form.add_error("words", refusal.sentence)
        return _again(request, reach, form)
    messages.success(request, f"{chosen.said}: {reach.obligation.text}.")
    if origin := _origin(request, reach):
        return redirect(origin.name, school=request.school.slug, reference=reach.obligation.incident.reference)
    return (
        redirect(reach.obligation.incident)
        if reach.opens_case
        else redirect("obligation-list", school=request.school.slug)
    )


def _again(request: SchoolRequest, reach: DutyInReach, form: DutyForm) -> HttpResponse:
    """Show the page as it was, with everything that was typed and why it was refused."""
    if not reach.opens_case:
        return _alone(request, reach.obligation, form)
    reference = reach.obligation.incident.reference
    origin = _origin(request, reach)
    show = origin.draw if origin else case_page
    return show(request, access_incident(request.access, reference, Permission.INCIDENT_WORK), duty_form=form)


def _origin(request: SchoolRequest, reach: DutyInReach) -> _Page | None:
    """Return the page of the case on which the button stood, where it is not the case's own."""
    if not (reach.opens_case and reach.obligation.is_undertaking):
        return None
    return _ORIGINS.get(request.POST.get("back", ""))


def _alone(request: SchoolRequest, obligation: Obligation, form: DutyForm) -> HttpResponse:
    waits = has_to_wait(obligation)
    context = {
        "duty": duty_alone(obligation, at=request.at),
        # What was typed stays on the page, also where somebody else was quicker.
        "form": form,
        "state": State(obligation.state),
        "waits": waits,
        "may_do": obligation.is_outstanding and not waits,
    }
    return render(request, "incidents/obligations/detail.html", context)
