"""The register of checks. Recording one fulfils the duty of the school that asks for such a check."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import School, User
from policies.events import PolicyEvent
from policies.models import FilteringCheck, SchoolDuty
from policies.operations import duties
from policies.statuses import CheckKind, CheckResult, UserGroup


@dataclass(frozen=True)
class Checked:
    """What was checked, and what came of it."""

    kind: CheckKind
    checked_on: date
    device: str
    location: str
    user_group: UserGroup
    tested: str
    result: CheckResult
    noticed: str = ""


@transaction.atomic
def enter_check(*, school: School, checked: Checked, by: User, at: datetime) -> FilteringCheck:
    """Enter a check and discharge the open round of the duty that asks for it. Refused: a day to come; a failure about
    which nothing is said.
    """
    if checked.checked_on > timezone.localtime(at).date():
        raise Refused("done_in_the_future", "That day is still to come. Check the date.")
    if checked.result is CheckResult.FAILED and not checked.noticed.strip():
        raise Refused("words_missing", "Write down what did not work.")
    check = FilteringCheck(
        school=school,
        kind=checked.kind.value,
        checked_on=checked.checked_on,
        device=checked.device,
        location=checked.location,
        user_group=checked.user_group.value,
        tested=checked.tested,
        noticed=checked.noticed if checked.noticed.strip() else None,
        result=checked.result.value,
        recorded_at=at,
        recorded_by=by,
    )
    check.save(force_insert=True)
    audit.record(
        school=school,
        actor=by,
        event=PolicyEvent.FILTERING_CHECKED,
        target=f"filtering_check:{check.pk}",
        summary="Entered a check in the register of checks.",
        at=at,
        data={"kind": check.kind, "result": check.result, "checked_on": check.checked_on.isoformat()},
    )
    _discharge(check, by, at)
    return check


def _discharge(check: FilteringCheck, by: User, at: datetime) -> None:
    """Settle the open rounds that ask for such a check; one that began after the day of the check stays open."""
    deed = CheckKind(check.kind).deed
    rounds = SchoolDuty.objects.for_school(check.school).filter(target=deed).outstanding().order_by("duty_key")
    words = f"Entered in the register of checks: {CheckResult(check.result).label.lower()}."
    for row in rounds:
        try:
            with transaction.atomic():
                duties.discharge(duty=row, by=by, at=at, evidence=words, done_on=check.checked_on)
        except Refused:
            continue
