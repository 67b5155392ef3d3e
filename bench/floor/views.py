"""One page, one statement (the case page takes two), for anybody who is signed in."""

import os
import uuid
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import render

_ROWS = """
    SELECT i.reference, i.category, i.status, i.level, i.logged_at, i.next_due_at, u.full_name AS owner
    FROM incidents_incident i LEFT JOIN accounts_user u ON u.id = i.owner_id
    WHERE i.school_id = (SELECT id FROM accounts_school WHERE slug = %s) AND i.handled_by = 'dsl'
"""
_IN_ORDER = " ORDER BY i.level, i.next_due_at NULLS LAST, i.logged_at DESC, i.id LIMIT 25"
_QUEUE = f"{_ROWS} AND NOT i.status = 'closed' {_IN_ORDER}"
_BY_STATUS = f"{_ROWS} AND i.status = %s {_IN_ORDER}"
_CASE = """
    SELECT i.id, i.reference, i.category, i.status, i.level, i.logged_at, i.next_due_at, u.full_name AS owner,
        encode(i.narrative, 'base64') AS narrative
    FROM incidents_incident i LEFT JOIN accounts_user u ON u.id = i.owner_id
    WHERE i.school_id = (SELECT id FROM accounts_school WHERE slug = %s) AND i.reference = %s
"""
# Sealed text is printed as the bytes it is.
_ENTRIES = """
    SELECT e.at, e.event, u.full_name AS by, encode(e.text, 'base64') AS text
    FROM incidents_chronologyentry e JOIN accounts_user u ON u.id = e.by_id
    WHERE e.incident_id = %s ORDER BY e.at DESC
"""
_INSERT = """
    INSERT INTO incidents_incident (
        id, school_id, reference, draft_id, status, status_changed_at, level, category, handled_by, is_about_adult,
        is_danger_reported, happened_precision, became_aware_at, logged_at, logged_by_id, place, online_service,
        narrative, action_taken, outcome, adoption_id)
    SELECT %s, s.id, %s, %s, 'reported', now(), 2, %s, 'dsl', false,
        false, 'unknown', now(), now(), %s, %s, NULL, %s, %s, '', a.id
    FROM accounts_school s JOIN policies_packadoption a ON a.school_id = s.id WHERE s.slug = %s LIMIT 1
"""


def alive(request: HttpRequest) -> HttpResponse:
    """Answer that the server runs."""
    return HttpResponse("ok")


def bare(request: HttpRequest) -> HttpResponse:
    """Answer somebody who is signed in, and nothing more."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    return HttpResponse("ok")


def queue(request: HttpRequest, school: str) -> HttpResponse:
    """Show the first 25 open cases in the order of the queue."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    return render(request, "floor/queue.html", {"rows": _rows(_QUEUE, [school])})


def by_status(request: HttpRequest, school: str) -> HttpResponse:
    """Show the first 25 of a status in the same order."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    rows = _rows(_BY_STATUS, [school, request.POST["status"]])
    return render(request, "floor/queue.html", {"rows": rows})


def detail(request: HttpRequest, school: str, reference: str) -> HttpResponse:
    """Show a case and everything in its chronology."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    case = _rows(_CASE, [school, reference])[0]
    return render(request, "floor/detail.html", {"case": case, "entries": _rows(_ENTRIES, [case["id"]])})


def create(request: HttpRequest, school: str) -> HttpResponse:
    """Insert one case and lead away."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    sent = request.POST
    # A reference of a form ours never take, so that it can stand in the way of none.
    reference = f"FL-{os.urandom(4).hex()}"
    row: list[Any] = [
        uuid.uuid4(), reference, uuid.uuid4(), sent["category"], request.user.pk, sent["place"],
        sent["narrative"].encode(), sent["action_taken"].encode(), school,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row)
    return HttpResponseRedirect(f"/{school}/detail/{reference}/")


def _rows(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
