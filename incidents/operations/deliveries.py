"""What was to be told is done when the message got through; what waited for it begins to run."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from accounts import audit, outbox
from accounts.models import OutboxMessage
from incidents.events import Event
from incidents.models import Incident, Obligation
from incidents.operations import obligations
from policies.engine.vocabulary import Kind, Strength
from policies.statuses import OUTSTANDING, State

_DONE = """
    UPDATE incidents_obligation o
    SET state = %s, settled_at = n.at, settled_by_id = NULL, alert_at = NULL, paused_at = NULL, paused_by_id = NULL
    FROM unnest(%s::uuid[], %s::timestamptz[]) AS n (id, at)
    WHERE o.id = n.id
"""
_NEXT_DUE = """
    UPDATE incidents_incident i SET next_due_at = (
        SELECT min(o.due_at) FROM incidents_obligation o
        WHERE o.incident_id = i.id AND o.state = %s AND o.strength = %s AND o.kind <> 'notify')
    WHERE i.id = ANY (%s)
"""


def settle_delivered(*, now: datetime) -> int:
    """Record as done what was to be told and got through by now; return how much. One statement where nothing did.

    A case on which somebody works at this moment is left to the next sweep: this waits for nobody but audit chains.
    """
    waiting = {one for message in outbox.delivered() for one in message.about}
    if not waiting:
        return 0
    with transaction.atomic():
        cases = Incident.objects.filter(obligations__in=waiting)
        audit.lock_chains({(case.school_id, case.audit_chain) for case in cases.only("school_id", "handled_by")})
        messages = [message for message in outbox.delivered(lock=True) if waiting.issuperset(message.about)]
        rows, held = _locked({one for message in messages for one in message.about})
        moments = _first_delivery(messages)
        told = [rows[pk] for pk in moments if pk in rows and rows[pk].is_outstanding and rows[pk].kind == Kind.NOTIFY]
        if told:
            _settle(told, held, moments, now)
        outbox.stop_awaiting(message for message in messages if rows.keys() >= set(message.about))
    return len(told)


def _locked(ids: Collection[uuid.UUID]) -> tuple[dict[uuid.UUID, Obligation], dict[uuid.UUID, Incident]]:
    """Return those of the obligations, and their cases, of which nobody holds anything that would have to change."""
    cases = set(Obligation.objects.filter(pk__in=ids).values_list("incident_id", flat=True))
    changing = Q(pk__in=ids) | Q(incident__in=cases, after_key__startswith=f"{Kind.NOTIFY}:", state__in=OUTSTANDING)
    wanted = dict(Obligation.objects.filter(changing).values_list("pk", "incident_id"))
    got = Obligation.objects.filter(pk__in=wanted).select_for_update(skip_locked=True, of=("self",)).in_bulk()
    busy = {incident_id for pk, incident_id in wanted.items() if pk not in got}
    locked = Incident.objects.filter(pk__in=cases - busy).select_for_update(skip_locked=True, of=("self",))
    held = locked.select_related("school", "adoption").in_bulk()
    return {pk: got[pk] for pk in ids if pk in got and got[pk].incident_id in held}, held


def _first_delivery(messages: Iterable[OutboxMessage]) -> dict[uuid.UUID, datetime]:
    moments: dict[uuid.UUID, datetime] = {}
    for message in messages:
        if (sent_at := message.sent_at) is None:
            continue
        for one in message.about:
            moments[one] = min(moments.get(one, sent_at), sent_at)
    return moments


def _settle(
    rows: list[Obligation], cases: dict[uuid.UUID, Incident], moments: dict[uuid.UUID, datetime], now: datetime
) -> None:
    keys: dict[uuid.UUID, list[str]] = {}
    for row in rows:
        keys.setdefault(row.incident_id, []).append(row.key)
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [State.DONE, [row.pk for row in rows], [moments[row.pk] for row in rows]])
    gated = Obligation.objects.filter(incident__in=keys, after_key__in={row.key for row in rows}, state=State.OPEN)
    gates = set(gated.values_list("incident_id", "after_key"))
    for row in rows:
        if (row.incident_id, row.key) in gates:
            row.incident = cases[row.incident_id]
            obligations.let_go_on(gate=row, at=now)
    audit.record_many(_entry(cases[pk], sorted(of_case), now) for pk, of_case in keys.items())
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE, [State.OPEN, int(Strength.MUST), list(keys)])


def _entry(case: Incident, keys: list[str], now: datetime) -> audit.Entry:
    return audit.Entry(
        school=case.school,
        event=Event.DUTIES_TOLD.value,
        target=f"incident:{case.pk}",
        summary=f"{Event.DUTIES_TOLD.label}: {case.reference}.",
        at=now,
        data={"duties": keys},
        chain=case.audit_chain,
    )
