"""Letting a website through for a while: asked by staff, decided by the safeguarding team, switched on by whoever looks
after the filtering. It expires by itself; that it was taken off is confirmed.
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.errors import Refused
from accounts.models import School, User
from incidents import notifications
from incidents.events import Event
from incidents.models import BypassRequest
from incidents.models.bypass_requests import RUNNING
from incidents.models.filtering_tickets import LONGEST_ADDRESS, normal_address
from incidents.queries.filtering_tickets import who_fixes, who_leads
from incidents.statuses import BypassState
from policies.statuses import UserGroup

log = logging.getLogger(__name__)

# Ours, not a policy's: long enough for a unit of work, short enough to be looked at again.
LONGEST_DAYS = 14
_AT_ONCE = 200


@transaction.atomic
def ask(
    *,
    school: School,
    url: str,
    purpose: str,
    user_group: UserGroup,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
) -> BypassRequest:
    """Ask to let a website through, from when until when, for which group and why. The safeguarding team is told."""
    address = normal_address(url)
    if not address or len(address) > LONGEST_ADDRESS:
        raise Refused("no_address", "Give the address of the page, as it stands in the browser’s address line.")
    if not purpose.strip():
        raise Refused("purpose_missing", "Write down what you need it for.")
    if ends_at <= max(starts_at, at):
        raise Refused("over_already", "That time is over. Choose a later day.")
    if ends_at - max(starts_at, at) > timedelta(days=LONGEST_DAYS, hours=1):
        raise Refused("too_long", f"It can be let through for {LONGEST_DAYS} days at most. Ask again after that.")
    row = BypassRequest(
        school=school,
        url=url.strip(),
        purpose=purpose,
        user_group=user_group.value,
        starts_at=starts_at,
        ends_at=ends_at,
        asked_at=at,
        asked_by=by,
    )
    row.save(force_insert=True)
    _tell(row, "asked", [user for user in who_leads(school, at=at) if user.pk != by.pk], at)
    _record(row, Event.BYPASS_ASKED, by, at)
    return row


@transaction.atomic
def decide(*, bypass: BypassRequest, is_agreed: bool, reason: str, by: User, at: datetime) -> None:
    """Record what the safeguarding team decided, and why. Nobody decides what they asked for themselves."""
    row = _locked(bypass, BypassState.ASKED)
    if row.asked_by_id == by.pk:
        raise Refused("own_request", "You asked for this yourself. Somebody else of the safeguarding team decides.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. Whoever asked reads it.")
    row.state = BypassState.AGREED if is_agreed else BypassState.DECLINED
    row.decided_at, row.decided_by, row.reason = at, by, reason
    row.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    told = {user.pk: user for user in (row.asked_by, *(who_fixes(row.school, at=at) if is_agreed else ()))}
    _tell(row, "decided", list(told.values()), at)
    _record(row, Event.BYPASS_DECIDED, by, at)


@transaction.atomic
def switch_on(*, bypass: BypassRequest, by: User, at: datetime) -> None:
    """Record that the website is let through now. Only what was agreed, and only until its time is over."""
    row = _locked(bypass, BypassState.AGREED)
    if row.ends_at <= at:
        raise Refused("over_already", "The time that was agreed is over. It has to be asked for again.")
    row.state, row.switched_on_at, row.switched_on_by = BypassState.ON, at, by
    row.save(update_fields=["state", "switched_on_at", "switched_on_by"])
    _tell(row, "on", [row.asked_by], at)
    _record(row, Event.BYPASS_SWITCHED_ON, by, at)


@transaction.atomic
def take_off(*, bypass: BypassRequest, by: User, at: datetime) -> None:
    """Record that the website is no longer let through, because its time is over or earlier."""
    row = _locked(bypass, BypassState.ON, BypassState.EXPIRED)
    row.state, row.taken_off_at, row.taken_off_by = BypassState.OFF, at, by
    row.save(update_fields=["state", "taken_off_at", "taken_off_by"])
    _record(row, Event.BYPASS_TAKEN_OFF, by, at)


@transaction.atomic
def withdraw(*, bypass: BypassRequest, by: User, at: datetime) -> None:
    """Take a request back that is not switched on yet; only whoever asked."""
    row = _locked(bypass, BypassState.ASKED, BypassState.AGREED)
    if row.asked_by_id != by.pk:
        raise Refused("not_yours", "Somebody else asked for this.")
    row.state = BypassState.WITHDRAWN
    row.save(update_fields=["state"])
    _record(row, Event.BYPASS_WITHDRAWN, by, at)


def expire_due(*, now: datetime) -> int:
    """End what has run out of time and say how much; twice at the same moment is once, and one that fails holds up no
    other. One statement where nothing is due.

    What is switched on is to be taken off: those who look after the filtering are told.
    """
    due = BypassRequest.objects.filter(state__in=RUNNING, ends_at__lte=now).order_by("ends_at")
    return sum(_expired(pk, now) for pk in due.values_list("pk", flat=True)[:_AT_ONCE])


def _expired(pk: uuid.UUID, now: datetime) -> int:
    try:
        with transaction.atomic():
            rows = BypassRequest.objects.filter(pk=pk, state__in=RUNNING, ends_at__lte=now)
            row = rows.select_for_update(of=("self",), skip_locked=True).select_related("school", "asked_by").first()
            if row is None:
                return 0
            was_on = row.state == BypassState.ON
            row.state, row.expired_at = BypassState.EXPIRED if was_on else BypassState.LAPSED, now
            row.save(update_fields=["state", "expired_at"])
            _tell(row, "over", who_fixes(row.school, at=now) if was_on else [row.asked_by], now)
            _record(row, Event.BYPASS_EXPIRED, None, now)
    except Exception as problem:  # noqa: BLE001 - whatever is wrong with one, the others must not wait for it
        log.error("bypass.failed row=%s problem=%s", pk, type(problem).__name__)  # noqa: TRY400
        return 0
    return 1


def _locked(bypass: BypassRequest, *states: BypassState) -> BypassRequest:
    rows = BypassRequest.objects.select_for_update(of=("self",), no_key=True).select_related("school", "asked_by")
    row: BypassRequest = rows.get(pk=bypass.pk)
    if row.state not in states:
        raise Refused("another_state", f"That cannot be done any more: {row.state_label.lower()}.")
    return row


def _tell(row: BypassRequest, what: str, recipients: Sequence[User], at: datetime) -> None:
    notifications.filtering_waits(
        school=row.school,
        path=reverse("bypass-detail", kwargs={"school": row.school.slug, "bypass_id": row.pk}),
        dedupe_key=f"bypass_{what}:{row.pk}",
        recipients=recipients,
        at=at,
    )


def _record(row: BypassRequest, event: Event, by: User | None, at: datetime) -> None:
    audit.record(school=row.school, actor=by, event=event, target=f"bypass:{row.pk}", summary=f"{event.label}.", at=at)
