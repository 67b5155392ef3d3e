"""A person's choice: what is refused, what moves when it changes, and when a quiet time is over."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import outbox
from accounts.errors import Refused
from accounts.models import Mail, OutboxMessage, Preference, User
from accounts.operations.preferences import set_preferences
from tests.conftest import Cast
from tests.factories import NOW

CHOICE: dict[str, Any] = {
    "mail": Mail.AT_ONCE,
    "digest_time": time(7, 30),
    "quiet_from": None,
    "quiet_until": None,
    "is_quiet_at_weekends": False,
}
NIGHT = {"quiet_from": time(20), "quiet_until": time(7)}


def choose(user: User, **choice: Any) -> Preference:
    """Set a person's preferences, the rest as it is without any."""
    return set_preferences(user=user, at=NOW, **(CHOICE | choice))


def owe(cast: Cast, at: datetime = NOW) -> None:
    """Owe the teacher one message that can wait."""
    outbox.queue(
        school=cast.school,
        kind="incidents/question_asked",
        path=f"/s/{cast.school.slug}/",
        dedupe_key=f"question:{at.isoformat()}",
        at=at,
        recipients=[cast.teacher],
    )


def test_a_choice_is_kept_once_for_each_person(cast: Cast) -> None:
    choose(cast.teacher)
    choose(cast.teacher, mail=Mail.DIGEST, **NIGHT)
    choose(cast.dsl)

    kept = Preference.objects.get(user=cast.teacher)
    assert (kept.mail, kept.quiet_from, kept.quiet_until) == (Mail.DIGEST, time(20), time(7))
    assert Preference.objects.count() == 2


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"quiet_from": time(20)}, "quiet_half"),
        ({"quiet_until": time(7)}, "quiet_half"),
        ({"quiet_from": time(7), "quiet_until": time(7)}, "quiet_all_day"),
        ({"mail": Mail.DIGEST, "digest_time": time(6), **NIGHT}, "digest_in_quiet"),
        ({"mail": Mail.DIGEST, "digest_time": time(20), **NIGHT}, "digest_in_quiet"),
        ({"mail": Mail.DIGEST, "quiet_from": time(7), "quiet_until": time(8)}, "digest_in_quiet"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, choice: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(cast.teacher, **choice)

    assert refused.value.code == code
    assert not Preference.objects.exists()


@pytest.mark.parametrize("digest_time", [time(7), time(19, 59)])
def test_the_edges_of_the_day_are_not_quiet(cast: Cast, digest_time: time) -> None:
    choose(cast.teacher, mail=Mail.DIGEST, digest_time=digest_time, **NIGHT)

    assert Preference.objects.get(user=cast.teacher).digest_time == digest_time


def test_what_was_held_back_is_looked_at_anew(cast: Cast) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    owe(cast)
    outbox.deliver_due(NOW)
    assert OutboxMessage.objects.get().next_try_at > NOW

    choose(cast.teacher)

    assert outbox.deliver_due(NOW) == 1
    assert OutboxMessage.objects.get().way == "email"


def test_a_choice_moves_nothing_of_anybody_else(cast: Cast) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    owe(cast)
    outbox.deliver_due(NOW)

    choose(cast.dsl)

    assert outbox.deliver_due(NOW) == 0


# Moments. London: summer time ended on 25 October 2026 and begins on 28 March 2027.


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("choice", "now", "awake"),
    [
        ({}, "2026-11-17T23:00", "2026-11-17T23:00"),
        (NIGHT, "2026-11-17T19:59", "2026-11-17T19:59"),
        (NIGHT, "2026-11-17T20:00", "2026-11-18T07:00"),
        (NIGHT, "2026-11-18T06:59", "2026-11-18T07:00"),
        (NIGHT, "2026-11-18T07:00", "2026-11-18T07:00"),
        ({"quiet_from": time(12), "quiet_until": time(14)}, "2026-11-18T12:30", "2026-11-18T14:00"),
        ({"is_quiet_at_weekends": True}, "2026-11-20T23:59", "2026-11-20T23:59"),
        ({"is_quiet_at_weekends": True}, "2026-11-21T00:00", "2026-11-23T00:00"),
        ({**NIGHT, "is_quiet_at_weekends": True}, "2026-11-20T21:00", "2026-11-23T07:00"),
        # In summer, and over the nights in which the clocks change.
        (NIGHT, "2026-07-01T19:00", "2026-07-02T06:00"),
        (NIGHT, "2026-10-24T19:00", "2026-10-25T07:00"),
        (NIGHT, "2027-03-27T20:00", "2027-03-28T06:00"),
        ({"quiet_from": time(23), "quiet_until": time(1, 30)}, "2027-03-27T23:30", "2027-03-28T01:30"),
        ({"quiet_from": time(23), "quiet_until": time(1, 30)}, "2026-10-25T00:10", "2026-10-25T00:30"),
        ({"quiet_from": time(23), "quiet_until": time(1, 30)}, "2026-10-25T01:10", "2026-10-25T01:30"),
    ],
)
def test_a_quiet_time_is_over_when_it_says(choice: dict[str, Any], now: str, awake: str) -> None:
    assert Preference(**(CHOICE | choice)).after_quiet(at(now)) == at(awake)


@pytest.mark.parametrize(
    ("choice", "now", "due"),
    [
        ({}, "2026-11-17T07:29", "2026-11-17T07:30"),
        ({}, "2026-11-17T07:30", "2026-11-18T07:30"),
        ({"is_quiet_at_weekends": True}, "2026-11-20T08:00", "2026-11-23T07:30"),
        ({"quiet_from": time(7), "quiet_until": time(9)}, "2026-11-17T08:00", "2026-11-18T09:00"),
        ({}, "2026-07-01T08:00", "2026-07-02T06:30"),
    ],
)
def test_the_message_of_the_day_comes_at_its_time(choice: dict[str, Any], now: str, due: str) -> None:
    assert Preference(**(CHOICE | choice)).next_digest(at(now)) == at(due)


TIMES = st.times(max_value=time(23, 59)).map(lambda of_day: of_day.replace(second=0, microsecond=0))


@given(
    begins=st.none() | TIMES,
    ends=TIMES,
    weekends=st.booleans(),
    digest=TIMES,
    now=st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
)
def test_nothing_waits_for_ever_and_nothing_goes_out_in_a_quiet_time(
    begins: time | None, ends: time, weekends: bool, digest: time, now: datetime
) -> None:
    until = None if begins is None or begins == ends else ends
    choice = Preference(
        digest_time=digest,
        quiet_from=begins if until else None,
        quiet_until=until,
        is_quiet_at_weekends=weekends,
    )

    for moment in (choice.after_quiet(now), choice.next_digest(now)):
        assert now <= moment <= now + timedelta(days=5)
        assert choice.after_quiet(moment) == moment
    assert choice.next_digest(now) > now
