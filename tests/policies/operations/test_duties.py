"""One open round of each duty that the policy asks of a school: begun once, followed, done, waived, begun anew."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent
from accounts.operations import schools
from policies.engine.packs import Pack
from policies.events import PolicyEvent
from policies.models import SchoolDuty
from policies.operations import adoptions, duties
from policies.operations.duties import NO_LONGER_ASKED, Kept
from policies.queries.duties import asked_of
from policies.queries.packs import adoption_in_force, packs_of
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW

TODAY = NOW.date()
DAY = timedelta(days=1)
TERMS = (("Autumn", date(2026, 9, 2), date(2026, 12, 18)), ("Spring", date(2027, 1, 4), date(2027, 3, 25)))


def adopt(cast: Cast, pack_id: str = "starter", at: datetime = NOW, starts_on: date | None = None) -> None:
    adoptions.adopt(
        school=cast.school, pack_id=pack_id, starts_on=starts_on or at.date(), at=at, by=cast.head, note="Approved"
    )


def add_terms(cast: Cast) -> None:
    for name, starts, ends in TERMS:
        schools.add_term(school=cast.school, name=name, starts_on=starts, ends_on=ends, at=NOW)


def current(cast: Cast, key: str) -> SchoolDuty:
    """Return the open round of a duty."""
    found: SchoolDuty = SchoolDuty.objects.for_school(cast.school).outstanding().get(duty_key=key)
    return found


def done(duty: SchoolDuty, by: Any, at: datetime = NOW, **other: Any) -> SchoolDuty | None:
    return duties.discharge(duty=duty, by=by, at=at, **({"evidence": "Minute 7", "done_on": at.date()} | other))


def packs_now(cast: Cast, at: datetime = NOW) -> tuple[Pack, ...]:
    adoption = adoption_in_force(cast.school, at=at)
    assert adoption
    return packs_of(adoption)


def test_adopting_a_policy_begins_one_round_of_each_duty_of_every_layer(cast: Cast) -> None:
    adopt(cast)

    rounds = SchoolDuty.objects.for_school(cast.school)
    assert {row.duty_key for row in rounds} == set(asked_of(packs_now(cast)))
    assert {"child-protection-policy", "filtering-check"} <= {row.duty_key for row in rounds}
    assert {row.round_on for row in rounds} == {TODAY}
    assert not SchoolDuty.objects.for_school(cast.next_door).exists()
    event = AuditEvent.objects.get(event=PolicyEvent.ROUNDS_KEPT)
    assert event.data["begun"] == sorted(row.duty_key for row in rounds)


def test_a_round_says_what_whose_by_when_and_on_which_clause(cast: Cast) -> None:
    add_terms(cast)
    adopt(cast)
    check, lessons, statutory = (
        current(cast, key) for key in ("filtering-check", "lessons", "child-protection-policy")
    )

    assert (check.owner_role, check.clause, check.pack_id, check.every) == (
        *("ict_technician", "our-filter-check", "starter", "1 month"),
    )
    assert check.evidence == "entry in the register of checks"
    assert check.due_at == datetime(2026, 12, 17, 23, 59, 59, tzinfo=UTC)
    assert check.alert_at == datetime(2026, 12, 14, 8, 0, tzinfo=UTC)
    assert lessons.due_at == datetime(2026, 12, 18, 23, 59, 59, tzinfo=UTC)
    assert statutory.due_at == datetime(2027, 11, 17, 23, 59, 59, tzinfo=UTC)
    assert (check.is_silent, statutory.is_silent) == (False, True)


def test_beginning_again_changes_nothing(cast: Cast) -> None:
    adopt(cast)
    before = list(SchoolDuty.objects.order_by("pk").values())
    events = AuditEvent.objects.count()

    assert duties.begin_rounds(school=cast.school, at=NOW + DAY) == Kept()
    assert duties.keep_rounds(now=NOW + DAY) == 0
    assert list(SchoolDuty.objects.order_by("pk").values()) == before
    assert AuditEvent.objects.count() == events


def test_of_the_same_key_the_pack_nearest_the_school_has_the_last_word(cast: Cast) -> None:
    adopt(cast, "canterbury-cross-2023")

    row = current(cast, "filtering-review")
    assert (row.pack_id, row.owner_role, row.is_silent) == ("canterbury-cross-2023", "governors", False)


def test_a_school_without_a_policy_has_no_rounds(cast: Cast) -> None:
    assert duties.begin_rounds(school=cast.school, at=NOW) == Kept()
    assert duties.keep_rounds(now=NOW) == 0
    assert not SchoolDuty.objects.exists()


def test_another_policy_withdraws_what_it_does_not_ask_for_and_lets_the_rest_go_on(cast: Cast) -> None:
    adopt(cast, "starter")
    kept, gone = current(cast, "policy-review"), current(cast, "filtering-check")
    adopt(cast, "canterbury-cross-2023", at=NOW + timedelta(hours=1))

    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.state, gone.reason, gone.settled_by, gone.alert_at) == (State.WITHDRAWN, NO_LONGER_ASKED, None, None)
    assert (kept.state, kept.round_on, kept.pack_id, kept.clause) == (
        *(State.OPEN, TODAY, "canterbury-cross-2023", "12-2.1"),
    )
    assert current(cast, "trustees-meeting").state == State.OPEN
    assert "filtering-check" in AuditEvent.objects.filter(event=PolicyEvent.ROUNDS_KEPT).latest("seq").data["withdrawn"]


def test_a_policy_that_is_planned_takes_over_on_its_day_with_the_next_tick(cast: Cast) -> None:
    adopt(cast, "starter")
    adopt(cast, "canterbury-cross-2023", starts_on=TODAY + 7 * DAY)
    assert duties.keep_rounds(now=NOW + 6 * DAY) == 0

    assert duties.keep_rounds(now=NOW + 8 * DAY) > 0
    assert current(cast, "policy-review").pack_id == "canterbury-cross-2023"
    assert duties.keep_rounds(now=NOW + 8 * DAY) == 0


def test_what_is_asked_for_again_on_the_same_day_begins_a_round_of_its_own(cast: Cast) -> None:
    for number, pack_id in enumerate(("starter", "canterbury-cross-2023", "starter")):
        adopt(cast, pack_id, at=NOW + timedelta(hours=number))

    assert current(cast, "filtering-check").round_on == TODAY + DAY
    assert SchoolDuty.objects.filter(duty_key="filtering-check").count() == 2


def test_terms_entered_later_move_what_is_due_with_them_and_nothing_that_is_late(cast: Cast) -> None:
    adopt(cast)
    assert current(cast, "lessons").due_at == datetime(2027, 3, 17, 23, 59, 59, tzinfo=UTC)
    add_terms(cast)

    assert duties.keep_rounds(now=NOW + DAY) > 0
    moved = current(cast, "lessons")
    assert moved.due_at == datetime(2026, 12, 18, 23, 59, 59, tzinfo=UTC)
    assert moved.alert_at == datetime(2026, 12, 15, 8, 0, tzinfo=UTC)
    assert duties.keep_rounds(now=NOW + DAY) == 0
    late = NOW + timedelta(days=60)
    schools.add_closed_day(school=cast.school, day=date(2026, 12, 18), reason="Snow", at=late)
    duties.begin_rounds(school=cast.school, at=late)
    assert current(cast, "lessons").due_at == moved.due_at


def test_whoever_was_reminded_is_not_reminded_again_when_a_term_moves(cast: Cast) -> None:
    adopt(cast)
    row = current(cast, "lessons")
    row.step = 1
    row.save()
    add_terms(cast)
    duties.keep_rounds(now=NOW + DAY)

    row.refresh_from_db()
    assert row.alert_at == row.due_at == datetime(2026, 12, 18, 23, 59, 59, tzinfo=UTC)


def test_a_tick_with_nothing_to_do_takes_two_statements(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    adopt(cast)
    adoptions.adopt(school=cast.next_door, pack_id="kingsmeadow-2019", starts_on=TODAY, at=NOW, by=None)

    with django_assert_num_queries(2):
        assert duties.keep_rounds(now=NOW + DAY) == 0


def test_a_round_that_is_done_keeps_what_shows_it_and_begins_the_next_from_that_day(cast: Cast) -> None:
    adopt(cast)
    at, done_on = NOW + 20 * DAY, TODAY + 15 * DAY
    row = current(cast, "filtering-check")

    following = done(row, cast.ict, at, done_on=done_on)

    row.refresh_from_db()
    assert (row.state, row.done_on, row.settled_at, row.settled_by, row.reason, row.alert_at) == (
        *(State.DONE, done_on, at, cast.ict, "Minute 7", None),
    )
    assert following == current(cast, "filtering-check")
    assert following.round_on == done_on
    assert following.due_at == datetime(2027, 1, 4, 23, 59, 59, tzinfo=UTC)  # 2 January is a Saturday.
    event = AuditEvent.objects.get(event=PolicyEvent.DUTY_DONE)
    assert (event.actor, event.data["done_on"]) == (str(cast.ict.pk), done_on.isoformat())
    assert "Minute 7" not in f"{event.summary} {event.data}"
    assert verify_chain(cast.school) == []


@pytest.mark.parametrize("days", [1, 25])
def test_a_duty_of_each_term_is_done_once_in_it_early_or_late(cast: Cast, days: int) -> None:
    add_terms(cast)
    adopt(cast)
    following = done(current(cast, "lessons"), cast.dsl, NOW + days * DAY)

    assert following is not None
    assert following.due_at == datetime(2027, 3, 25, 23, 59, 59, tzinfo=UTC)
    assert following.round_on == TODAY + days * DAY


def test_a_waived_round_keeps_the_reason_and_the_next_begins(cast: Cast) -> None:
    adopt(cast)
    row = current(cast, "policy-review")

    following = duties.waive(duty=row, by=cast.head, at=NOW + DAY, reason=" The governors meet in January. ")

    row.refresh_from_db()
    assert (row.state, row.done_on, row.reason) == (State.WAIVED, None, " The governors meet in January. ")
    assert following == current(cast, "policy-review")
    assert AuditEvent.objects.get(event=PolicyEvent.DUTY_WAIVED).actor == str(cast.head.pk)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"evidence": " \n"}, "evidence_missing"),
        ({"done_on": TODAY + DAY}, "done_in_the_future"),
        ({"done_on": date(2026, 10, 16)}, "done_too_early"),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_changes(cast: Cast, other: dict[str, Any], code: str) -> None:
    adopt(cast)
    row = current(cast, "filtering-check")

    with pytest.raises(Refused, match=code):
        done(row, cast.ict, **other)

    assert current(cast, "filtering-check").pk == row.pk
    # The same set-up, put right: one month before the first round still counts.
    assert done(row, cast.ict, done_on=date(2026, 10, 17))


def test_the_same_work_does_not_count_for_two_rounds(cast: Cast) -> None:
    adopt(cast)
    second = done(current(cast, "filtering-check"), cast.ict, NOW + 10 * DAY)
    assert second

    with pytest.raises(Refused, match="done_too_early"):
        done(second, cast.ict, NOW + 12 * DAY, done_on=TODAY + 9 * DAY)
    assert done(second, cast.ict, NOW + 12 * DAY, done_on=TODAY + 11 * DAY)


def test_a_reason_is_needed_to_waive_and_nothing_is_settled_twice(cast: Cast) -> None:
    adopt(cast)
    row = current(cast, "policy-review")
    with pytest.raises(Refused, match="reason_missing"):
        duties.waive(duty=row, by=cast.head, at=NOW, reason=" ")
    done(row, cast.head)

    for again in (done, lambda duty, by: duties.waive(duty=duty, by=by, at=NOW, reason="Twice")):
        with pytest.raises(Refused, match="settled_already"):
            again(row, cast.head)
    assert SchoolDuty.objects.filter(duty_key="policy-review").count() == 2


def test_a_duty_that_the_new_policy_does_not_ask_for_has_no_next_round(cast: Cast) -> None:
    adopt(cast)
    row = current(cast, "filtering-check")
    # The other policy applies already, and no tick has come by yet.
    adopt(cast, "canterbury-cross-2023", starts_on=TODAY + DAY)

    assert done(row, cast.ict, NOW + DAY) is None
    duties.keep_rounds(now=NOW + DAY)
    assert not SchoolDuty.objects.outstanding().filter(duty_key="filtering-check").exists()


def test_the_database_keeps_one_open_round_and_a_day_only_for_what_is_done(cast: Cast) -> None:
    adopt(cast)
    row = current(cast, "lessons")
    for change in ({"pk": None, "round_on": TODAY + DAY}, {"done_on": TODAY}):
        copy = SchoolDuty.objects.get(pk=row.pk)
        for name, value in change.items():
            setattr(copy, name, value)
        if "pk" in change:
            copy.pk, copy._state.adding = uuid.uuid4(), True
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()
