"""Devices that are held: the register of the school, those of a case, and what becomes of each.

Whoever has one in hand sees what it is and how it came to them; whose it is and the case only who may open that.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.models import Person
from accounts.permissions import Permission
from incidents import guards
from incidents.access import access_incident
from incidents.devices import DeviceKind, Ending
from incidents.forms.custody import DeviceForm, EndForm, KeepForm, QuarantineForm, ReleaseForm
from incidents.forms.transfers import DeclineTransferForm, HandOverForm, SignForm, TakeOverForm
from incidents.models import Incident
from incidents.operations import custody as operations
from incidents.operations import incidents
from incidents.operations.custody import Taken
from incidents.queries.custody import (
    DeviceRow,
    access_device,
    devices_of_case,
    members_beside,
    of_case,
    receivers,
    register,
    visible_devices,
)
from incidents.queries.deletions import gate_of
from incidents.queries.people import find_people, involved_people, people_by_id
from incidents.queries.searches import searches_of_case
from incidents.queries.transfers import chain_of, decided_about, waiting_transfer

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)
# A hand in the chain may be anybody's who works here.
ANY_HAND = (Permission.DEVICE_WORK, Permission.INCIDENT_LOG)
# Who decides about a device of no case, and about one of a case.
DECIDERS = (Permission.DEVICE_WORK, Permission.INCIDENT_WORK)


@require_safe
@member_view(Permission.DEVICE_WORK)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show the devices that the school holds now, and those it held last."""
    return render(request, "incidents/custody/list.html", {"register": register(request.access, at=request.at)})


@require_safe
@member_view(*_READERS)
def case_listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show everything about devices and images on a case: held, searched, viewed, deleted."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "devices": devices_of_case(request.access, incident, at=request.at),
        "searches": searches_of_case(incident),
        "viewings": incident.viewings.select_related("decider", "viewed_by", "present").order_by("-viewed_at"),
        "gate": gate_of(incident),
        "policy": of_case(incident, at=request.at),
        "can_work": request.access.has(Permission.INCIDENT_WORK),
    }
    return render(request, "incidents/custody/of_case.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.DEVICE_WORK)
def add(request: SchoolRequest) -> HttpResponse:
    """Enter a device that was taken and belongs to no case."""
    return _add(request, None)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def case_add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Enter a device that was taken, on its case."""
    return _add(request, access_incident(request.access, reference, Permission.INCIDENT_WORK))


@require_safe
@member_view(*ANY_HAND)
def detail(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Show one device, its chain of hands, and what is next."""
    return device_page(request, access_device(request.access, device_id, at=request.at))


@sensitive_post_parameters()
@require_POST
@member_view(*DECIDERS)
def quarantine(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Put a device into quarantine."""
    row, form = _mine(request, device_id), QuarantineForm(request.POST)

    def act(said: dict[str, Any]) -> str:
        operations.quarantine(device=row.device, by=request.user, at=request.at, **said)
        return "It is in quarantine. Only the police may take it."

    return answer(request, row, form, act, name="quarantine_form")


@sensitive_post_parameters()
@require_POST
@member_view(*DECIDERS)
def release(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Let a device out of quarantine."""
    row, form = _mine(request, device_id), ReleaseForm(request.POST)

    def act(said: dict[str, Any]) -> str:
        operations.end_quarantine(device=row.device, by=request.user, at=request.at, **said)
        return "It is out of quarantine."

    return answer(request, row, form, act, name="release_form")


@sensitive_post_parameters()
@require_POST
@member_view(*DECIDERS)
def keep(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Decide that a device stays longer."""
    row, form = _mine(request, device_id), KeepForm(request.POST, at=request.at)

    def act(said: dict[str, Any]) -> str:
        operations.keep_longer(device=row.device, by=request.user, at=request.at, **said)
        return "It stays until then."

    return answer(request, row, form, act, name="keep_form")


@sensitive_post_parameters()
@require_POST
@member_view(*DECIDERS)
def end(request: SchoolRequest, device_id: uuid.UUID) -> HttpResponse:
    """Record that the school holds a device no longer."""
    row = _mine(request, device_id)
    form = EndForm(request.POST, at=request.at, is_outside=row.device.is_outside)

    def act(said: dict[str, Any]) -> str:
        operations.end(
            device=row.device,
            ending=Ending(said["ending"]),
            words=said["words"],
            ended_at=said["ended_at"],
            by=request.user,
            at=request.at,
        )
        return "It is recorded. The school holds it no longer."

    return answer(request, row, form, act, name="end_form")


def answer(
    request: SchoolRequest, row: DeviceRow, form: forms.Form, act: Callable[[dict[str, Any]], str], *, name: str
) -> HttpResponse:
    """Do what a form of the device's page says, and show the page again: with what was wrong, or with what was done."""
    if form.is_valid():
        try:
            said = act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, said)
            # Whoever has it in hand no longer may not see it any more.
            if not visible_devices(request.access).filter(pk=row.device.pk).exists():
                return redirect("school-home", school=request.school.slug)
            return redirect("custody-detail", school=request.school.slug, device_id=row.device.pk)
    return device_page(request, row, **{name: form})


def device_page(request: SchoolRequest, row: DeviceRow, **bound: forms.Form) -> HttpResponse:
    """Show the page of a device; `bound` is a form that was refused."""
    device, held = row.device, row.device.is_held
    waiting = waiting_transfer(device) if held else None
    is_mine = device.holder_id == request.user.pk
    why_stays = guards.why_device_stays(device.incident) if held and row.opens and device.incident else ""
    context: dict[str, Any] = {
        "row": row,
        "device": device,
        "chain": chain_of(device),
        "decided": decided_about(device) if row.opens else [],
        "waiting": waiting,
        "may_sign": waiting is not None and waiting.to_user_id == request.user.pk,
        "may_take_back": waiting is not None and waiting.given_by_id == request.user.pk,
        "may_hand_over": held and is_mine and waiting is None,
        "may_take_over": held and row.manages and not is_mine,
        "may_decide": held and row.manages,
        "why_stays": why_stays,
        "hand_form": None,
        "sign_form": SignForm(seal=waiting.seal if waiting else ""),
        "decline_form": DeclineTransferForm(),
        "take_form": TakeOverForm(seal=device.seal),
        "quarantine_form": QuarantineForm(),
        "release_form": ReleaseForm(),
        "keep_form": KeepForm(at=request.at),
        "end_form": EndForm(at=request.at, is_outside=device.is_outside),
        "refused": next(iter(bound.values()), None),
    }
    if context["may_hand_over"]:
        users = receivers(request.school, device, at=request.at, without=request.user)
        context["hand_form"] = HandOverForm(receivers=users, seal=device.seal)
    return render(request, "incidents/custody/detail.html", context | bound)


def people_offered(request: SchoolRequest, incident: Incident | None) -> list[Person]:
    """Return whom a form offers: the people of its case, whoever was chosen before, and whom a typed name finds."""
    known = [row.person for row in involved_people(incident) if row.person] if incident else []
    if request.method == "POST":
        known += people_by_id(request.school, _chosen(request)).values()
        known += find_people(request.school, request.POST.get("whose_query", ""))
    return list({person.pk: person for person in known}.values())


def is_looking(request: SchoolRequest) -> bool:
    """Say whether somebody is only looking for a name, and has not sent the form."""
    return request.method == "POST" and request.POST.get("action") == "find"


def _chosen(request: SchoolRequest) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(request.POST.get("whose", ""))]
    except ValueError:
        return []


def _mine(request: SchoolRequest, device_id: uuid.UUID) -> DeviceRow:
    row = access_device(request.access, device_id, at=request.at)
    if not row.manages:
        raise Http404
    return row


def _add(request: SchoolRequest, incident: Incident | None) -> HttpResponse:
    form = _form(request, incident)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            row = operations.take(
                school=request.school,
                device_id=said["device_id"],
                taken=_taken(said),
                by=request.user,
                at=request.at,
                incident=incident,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is in the register, in your hands.")
            return redirect("custody-detail", school=request.school.slug, device_id=row.pk)
    if incident is not None:
        incidents.open_case(incident=incident, by=request.user, at=request.at)
    return render(request, "incidents/custody/add.html", {"form": form, "incident": incident})


def _form(request: SchoolRequest, incident: Incident | None) -> DeviceForm:
    is_sent = request.method == "POST" and not is_looking(request)
    initial = request.POST.dict() if is_looking(request) else {"device_id": uuid.uuid4()}
    return DeviceForm(
        request.POST if is_sent else None,
        people=people_offered(request, incident),
        takers=members_beside(incident, request.school, at=request.at),
        me=request.user,
        at=request.at,
        is_of_case=incident is not None,
        initial=initial,
    )


def _taken(said: dict[str, Any]) -> Taken:
    return Taken(
        kind=DeviceKind(said["kind"]),
        description=said["description"],
        why=said["why"],
        taken_at=said["taken_at"],
        taken_by=said["taker"],
        place=said["place"],
        review_on=said["review_on"],
        owner=said["owner"],
        owner_words="" if said["owner"] else said["whose_words"],
        seal=said["seal"],
        police_reference=said["police_reference"],
        is_quarantined=said["is_quarantined"],
    )
