"""Being away and being back: who is marked, from when to when, and who says so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import Absence, AuditEvent, OutboxMessage
from accounts.operations.absences import add_absence, end_absence
from accounts.queries.absences import absences_everywhere, absences_here, absences_of
from tests.conftest import Cast
from tests.factories import NOW

TODAY = NOW.date()


def away(
    cast: Cast, name: str = "dsl", *, first: int = 0, last: int | None = None, by: str = "", at: datetime = NOW
) -> Absence:
    """Mark somebody of the cast as away, from so many days on."""
    return add_absence(
        school=cast.next_door if name.startswith("next_door") else cast.school,
        user=cast[name],
        starts_on=TODAY + timedelta(days=first),
        ends_on=None if last is None else TODAY + timedelta(days=last),
        by=cast[by or name],
        at=at,
    )


def test_from_today_means_from_now_and_a_last_day_counts_to_its_end(cast: Cast) -> None:
    now, later = away(cast, last=1), away(cast, "deputy", first=2)

    assert (now.starts_at, now.ends_at) == (NOW, datetime(2026, 11, 19, tzinfo=UTC))
    assert now.last_moment is not None
    assert now.last_moment.date() == date(2026, 11, 18)
    assert (later.starts_at, later.ends_at, later.last_moment) == (datetime(2026, 11, 19, tzinfo=UTC), None, None)


def test_a_day_begins_at_midnight_at_the_school_and_not_in_greenwich(cast: Cast) -> None:
    summer = add_absence(
        school=cast.school, user=cast.dsl, starts_on=date(2027, 6, 1), ends_on=date(2027, 6, 1), by=cast.dsl, at=NOW
    )

    assert summer.starts_at == datetime(2027, 5, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (-1, None, "starts_in_the_past"),
        (2, 1, "ends_before_it_starts"),
        (0, 800, "too_far"),
        (800, None, "too_far"),
        (1, 3, "away_already"),
    ],
)
def test_days_that_make_no_sense_are_refused_and_nothing_is_recorded(
    cast: Cast, first: int, last: int | None, code: str
) -> None:
    away(cast, first=3, last=5)
    before = AuditEvent.objects.count()

    with pytest.raises(Refused) as refusal:
        away(cast, first=first, last=last)

    assert refusal.value.code == code
    assert Absence.objects.count() == 1
    assert AuditEvent.objects.count() == before


def test_whoever_holds_no_role_here_cannot_be_away_from_here(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        add_absence(
            school=cast.school, user=cast.next_door_dsl, starts_on=TODAY, ends_on=None, by=cast.administrator, at=NOW
        )

    assert refusal.value.code == "no_member"


def test_being_back_ends_what_goes_on_and_takes_back_what_was_to_come(cast: Cast) -> None:
    goes_on, to_come = away(cast, last=3), away(cast, first=10)
    evening = NOW + timedelta(hours=9)

    end_absence(absence=goes_on, by=cast.dsl, at=evening)
    end_absence(absence=to_come, by=cast.dsl, at=evening)
    end_absence(absence=to_come, by=cast.dsl, at=evening)
    end_absence(absence=goes_on, by=cast.dsl, at=evening + timedelta(hours=1))

    assert [absence.ends_at for absence in Absence.objects.all()] == [evening]
    assert absences_of(cast.school, cast.dsl, at=evening) == []


def test_back_in_the_very_moment_leaves_nothing(cast: Cast) -> None:
    end_absence(absence=away(cast), by=cast.dsl, at=NOW)

    assert not Absence.objects.exists()


def test_both_are_recorded_and_whoever_was_marked_by_another_is_told(cast: Cast) -> None:
    own, others = away(cast), away(cast, "deputy", by="administrator")
    end_absence(absence=own, by=cast.dsl, at=NOW + timedelta(hours=1))

    rows = (
        AuditEvent.objects.filter(event__startswith="absence.").order_by("seq").values_list("event", "actor", "target")
    )
    assert list(rows) == [
        ("absence.added", str(cast.dsl.pk), f"absence:{own.pk}"),
        ("absence.added", str(cast.administrator.pk), f"absence:{others.pk}"),
        ("absence.ended", str(cast.dsl.pk), f"absence:{own.pk}"),
    ]
    assert list(OutboxMessage.objects.values_list("kind", "recipient")) == [("accounts/absence_set", cast.deputy.pk)]
    assert verify_chain(cast.school) == []


def test_who_is_away_is_told_by_school_and_the_next_time_comes_first(cast: Cast) -> None:
    coming, going_on = away(cast, first=5), away(cast, last=2)
    other = away(cast, "next_door_dsl")

    assert absences_of(cast.school, cast.dsl, at=NOW) == [going_on, coming]
    assert absences_here(cast.school, at=NOW) == {cast.dsl.pk: going_on}
    assert absences_here(cast.next_door, at=NOW) == {cast.next_door_dsl.pk: other}
    assert absences_everywhere(cast.dsl, at=NOW) == {cast.school.pk: [going_on, coming]}
    assert absences_everywhere(cast.deputy, at=NOW) == {}
