"""Websites and filtering: what is wrong, reported by anybody, put right by ICT, tested again by somebody else.

No page here tells of a child or of a case, except to whoever may open that case.
"""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.forms.filtering_tickets import WORKS, FixForm, TestForm, TicketForm
from incidents.models import FilteringTicket
from incidents.operations import filtering_tickets as operations
from incidents.queries.filtering_tickets import access_ticket, cases_of_ticket, reporter_role, ticket_list, ticket_page
from incidents.statuses import TicketKind

ANYBODY = (Permission.INCIDENT_LOG,)
READERS = (Permission.FILTERING_READ, Permission.INCIDENT_LOG)
# What somebody in a classroom meets; a breach that a pupil met is logged as a concern, which tells ICT of it.
_OF_STAFF = (TicketKind.OVER_BLOCKING, TicketKind.FAILURE)


@require_safe
@member_view(*ANYBODY)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show what has to be put right and tested again; to whoever only reports, what they reported themselves."""
    context = {"tickets": ticket_list(request.access), "reads": request.access.has(Permission.FILTERING_READ)}
    return render(request, "incidents/filtering_tickets/list.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(*ANYBODY)
def add(request: SchoolRequest) -> HttpResponse:
    """Report that something is blocked without need, or that the filtering does not work; and to ICT and those who
    handle cases also what was let through.
    """
    knows = request.access.has(Permission.FILTERING_WORK) or request.access.has(Permission.INCIDENT_WORK)
    kinds = tuple(TicketKind) if knows else _OF_STAFF
    form = TicketForm(request.POST or None, at=request.at, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = operations.report(
                school=request.school,
                met=form.cleaned_data["met"],
                role=reporter_role(request.access).value,
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is with those who look after the filtering.")
            return redirect("filtering-ticket-detail", school=request.school.slug, ticket_id=ticket.pk)
    return render(request, "incidents/filtering_tickets/add.html", {"form": form, "knows": knows})


@require_safe
@member_view(*READERS)
def detail(request: SchoolRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Show one ticket: the address, where it was met, what became of it, and what is next."""
    return _page(request, access_ticket(request.access, ticket_id))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.FILTERING_WORK)
def fix(request: SchoolRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Record that it was put right, and what was changed."""
    ticket = access_ticket(request.access, ticket_id)
    form = FixForm(request.POST, prefix="fix")
    if form.is_valid():
        try:
            operations.fix(ticket=ticket, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is written down. Somebody else tests it again.")
            return redirect("filtering-ticket-detail", school=request.school.slug, ticket_id=ticket.pk)
    return _page(request, ticket, fix_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(*READERS)
def test(request: SchoolRequest, ticket_id: uuid.UUID) -> HttpResponse:
    """Record what a second look found."""
    ticket = access_ticket(request.access, ticket_id)
    form = TestForm(request.POST, prefix="test")
    if form.is_valid():
        works, words = form.cleaned_data["found"] == WORKS, form.cleaned_data["words"]
        try:
            operations.verify(ticket=ticket, works=works, words=words, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error("words" if refusal.code == "words_missing" else None, refusal.sentence)
        else:
            said = "It is fixed and tested." if works else "It is open again, and those who put it right are told."
            messages.success(request, said)
            return redirect("filtering-ticket-detail", school=request.school.slug, ticket_id=ticket.pk)
    return _page(request, ticket, test_form=form)


def _page(request: SchoolRequest, ticket: FilteringTicket, **bound: forms.Form) -> HttpResponse:
    context: dict[str, Any] = {
        "ticket": ticket,
        "page": ticket_page(request.access, ticket),
        "cases": cases_of_ticket(request.access, ticket),
        "fix_form": FixForm(prefix="fix"),
        "test_form": TestForm(prefix="test"),
        "refused": next(iter(bound.values()), None),
    }
    return render(request, "incidents/filtering_tickets/detail.html", context | bound)
