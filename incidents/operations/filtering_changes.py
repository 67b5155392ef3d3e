"""The log of changes to the filtering: written by whoever made one, agreed by leadership or taken back."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.errors import Refused
from accounts.models import School, User
from accounts.queries.members import holders
from accounts.roles import Role
from incidents import notifications
from incidents.events import Event
from incidents.models import FilteringChange, FilteringTicket
from incidents.queries.filtering_tickets import who_fixes
from incidents.words import as_typed


@transaction.atomic
def log(
    *, school: School, what: str, why: str, risk: str, by: User, at: datetime, ticket: FilteringTicket | None = None
) -> FilteringChange:
    """Write down a change: what, why, and what it risks. It waits for the consent of leadership, who are told."""
    if not (what.strip() and why.strip() and risk.strip()):
        raise Refused("words_missing", "Write down what was changed, why, and what it may do to others.")
    change = FilteringChange(
        school=school,
        ticket=ticket,
        what=what,
        why=why,
        risk=risk,
        changed_at=at,
        changed_by=by,
    )
    change.save(force_insert=True)
    held = holders(school, frozenset({Role.HEADTEACHER, Role.SLT}), at=at)
    leaders = {one.user.pk: one.user for one in held if one.user.pk != by.pk}
    notifications.filtering_waits(
        school=school,
        path=_path(school),
        dedupe_key=f"filtering_change:{change.pk}",
        recipients=list(leaders.values()),
        at=at,
    )
    _record(change, Event.CHANGE_LOGGED, by, at)
    return change


@transaction.atomic
def answer(*, change: FilteringChange, is_agreed: bool, words: str, role: Role, by: User, at: datetime) -> None:
    """Record whether leadership consents; without consent the change is to be taken back, and why."""
    row = (
        FilteringChange.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=change.pk)
    )
    if row.answered_at is not None:
        raise Refused("answered_already", "Somebody of the leadership has answered already.")
    if row.changed_by_id == by.pk:
        raise Refused("own_change", "You made this change yourself. Somebody else of the leadership has to answer.")
    if not is_agreed and not words.strip():
        raise Refused("words_missing", "Write down why the change is to be taken back.")
    row.is_agreed, row.answer, row.answered_role = is_agreed, as_typed(words), role.value
    row.answered_at, row.answered_by = at, by
    row.save(update_fields=["is_agreed", "answer", "answered_role", "answered_at", "answered_by"])
    if not is_agreed:
        notifications.filtering_waits(
            school=row.school,
            path=_path(row.school),
            dedupe_key=f"filtering_change_declined:{row.pk}",
            recipients=who_fixes(row.school, at=at),
            at=at,
        )
    _record(row, Event.CHANGE_ANSWERED, by, at)


def _path(school: School) -> str:
    return reverse("filtering-change-list", kwargs={"school": school.slug})


def _record(change: FilteringChange, event: Event, by: User, at: datetime) -> None:
    target = f"filtering_change:{change.pk}"
    data = {} if change.is_agreed is None else {"agreed": change.is_agreed}
    audit.record(
        school=change.school, actor=by, event=event, target=target, summary=f"{event.label}.", at=at, data=data
    )
