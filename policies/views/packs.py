"""Our policy: what it says clause by clause, what stands under it, and what is wrong with it."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.permissions import Permission
from policies.catalogue import CataloguedPack
from policies.engine.vocabulary import Layer
from policies.linting import Finding, lint
from policies.queries.documents import Titles, read_document
from policies.queries.packs import layers_in_force
from policies.queries.silences import overridden_clauses, silences


@require_safe
@member_view(Permission.POLICY_READ)
def detail(request: SchoolRequest) -> HttpResponse:
    """Show the school's own policy as a document."""
    context, layers = _frame(request)
    own = layers[-1].pack
    titles = Titles(request.school, [layer.pack for layer in layers])
    overridden = overridden_clauses(_findings(request, layers))
    context["document"] = read_document(own, titles, overridden)
    return render(request, "policies/packs/detail.html", context)


@require_safe
@member_view(Permission.POLICY_READ)
def layers(request: SchoolRequest) -> HttpResponse:
    """Show what the law and the local partnership ask for, and what of it the school's own policy never mentions."""
    context, found = _frame(request)
    packs = [layer.pack for layer in found]
    titles = Titles(request.school, packs)
    under = [pack for pack in packs if pack.layer is not Layer.SCHOOL]
    context["documents"] = [read_document(pack, titles) for pack in under]
    context["silences"] = silences(packs[-1], under, titles)
    return render(request, "policies/packs/layers.html", context)


@require_safe
@member_view(Permission.POLICY_READ)
def findings(request: SchoolRequest) -> HttpResponse:
    """Show what the linter finds in the school's policy."""
    context, found = _frame(request)
    context["findings"] = _findings(request, found)
    return render(request, "policies/packs/findings.html", context)


def _findings(request: SchoolRequest, found: tuple[CataloguedPack, ...]) -> list[Finding]:
    return list(_found(found, timezone.localtime(request.at).date()))


@lru_cache(maxsize=64)
def _found(layers: tuple[CataloguedPack, ...], today: date) -> tuple[Finding, ...]:
    """Return what the linter finds, once a day: it asks the engine about every rule."""
    return tuple(lint(layers[-1], today, below=layers[:-1]))


def _frame(request: SchoolRequest) -> tuple[dict[str, Any], tuple[CataloguedPack, ...]]:
    adoption, found = layers_in_force(request.school, at=request.at)
    return {
        "adoption": adoption,
        "own": found[-1].pack,
        "may_adopt": request.access.has(Permission.POLICY_ADOPT),
        "may_try": request.access.has(Permission.INCIDENT_TRIAGE),
    }, found
