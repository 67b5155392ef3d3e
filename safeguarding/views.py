"""Pages that belong to no app: home, the choice of a school, health, and what is shown when something fails."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from accounts import heartbeats
from accounts.access import schools_for
from accounts.decorators import (
    SchoolRequest,
    SignedInRequest,
    keep_typed,
    lacks_second_factor,
    member_view,
    public_view,
    signed_in_view,
)
from accounts.models import OutboxMessage
from accounts.outbox import dead_count
from accounts.permissions import Permission
from accounts.queries.approvals import number_to_agree
from accounts.queries.notices import unread_notices
from incidents.queries import workload
from incidents.queries.approvals import waiting_for
from incidents.queries.custody import my_devices
from incidents.queries.escalations import missed_elsewhere, stuck_duties
from incidents.queries.filtering_tickets import waiting
from incidents.queries.silences import silences
from incidents.queries.told_concerns import waiting_to_be_written
from policies.queries.duties import due_for, stuck_rounds
from safeguarding.nav import registers_for


@require_safe
@signed_in_view
def home(request: SignedInRequest) -> HttpResponse:
    """Lead to the user's school, or let them choose among several."""
    schools = schools_for(request.user, at=request.at)
    if len(schools) == 1:
        return redirect("school-home", school=schools[0].slug)
    return render(request, "safeguarding/choose_school.html", {"schools": schools})


@require_safe
@member_view(Permission.INCIDENT_LOG)
def school_home(request: SchoolRequest) -> HttpResponse:
    """Show what waits for this user: drafts, questions, and for those who handle cases what comes first."""
    access = request.access
    # The page stays open to log a concern from; what others wrote does not stand on it until then.
    lacks_factor = lacks_second_factor(request)
    told = waiting_to_be_written(access, most=workload.MOST)
    context = {
        "lacks_second_factor": lacks_factor,
        "reporting": workload.reporting(access),
        "silences": [] if lacks_factor else silences(access, at=request.at),
        "told": told,
        "notices": unread_notices(access, at=request.at),
        "handling": None if lacks_factor else workload.handling(access, at=request.at),
        "by_name": [] if lacks_factor else workload.by_name(access),
        "duties": None if lacks_factor else workload.duties(access, at=request.at),
        "stuck": [] if lacks_factor else stuck_duties(access, told=[*told.mine, *told.others]),
        "stuck_rounds": [] if lacks_factor else stuck_rounds(access),
        "missed_elsewhere": [] if lacks_factor else missed_elsewhere(access, at=request.at),
        "filtering": None if lacks_factor else waiting(access),
        "devices": [] if lacks_factor else my_devices(access, at=request.at),
        "roles_to_agree": 0 if lacks_factor else number_to_agree(access, at=request.at),
        "cases_to_agree": [] if lacks_factor else waiting_for(access),
        "school_duties": [] if lacks_factor else due_for(access, at=request.at),
        # Not for the safeguarding team: a message may be about a case that one of them must not know of.
        "undelivered": dead_count(request.school) if access.has(Permission.SCHOOL_MANAGE) else 0,
    }
    return render(request, "safeguarding/home.html", context)


@require_safe
@member_view(Permission.POLICY_READ)
def registers(request: SchoolRequest) -> HttpResponse:
    """List what the school keeps beside its cases, as far as the user may open it."""
    return render(request, "safeguarding/registers.html", {"registers": registers_for(request.access)})


@require_GET
@public_view
def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and the sweep runs: 200, or 503 with what is wrong. It names nothing else."""
    try:
        return _health()
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "late", "problems": ["database"], "sweep_at": None}, status=503)


def _health() -> JsonResponse:
    problems = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now = cursor.fetchone()[0]
    beats = heartbeats.last_beats()
    last = beats.get(f"{heartbeats.DUTIES}:timer")
    for name, problem in (("deliver_outbox:timer", "sweep"), (f"{heartbeats.DUTIES}:timer", "duties")):
        if name not in beats or now - beats[name] > heartbeats.LIMIT:
            problems.append(problem)
    waiting = OutboxMessage.objects.due(now - heartbeats.LIMIT).order_by().filter(tries=0)[:1]
    if waiting:
        problems.append("outbox")
    status = "ok" if not problems else "late"
    body = {"status": status, "problems": problems, "sweep_at": last.isoformat() if last else None}
    return JsonResponse(body, status=200 if not problems else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the mark that ties it to this browser: keep what was typed, and let the user send it
    again.
    """
    return keep_typed(request)
