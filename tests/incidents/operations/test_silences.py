"""Messages about what has been quiet too long: once a day, to those who may open it and are here."""

from datetime import timedelta

from accounts.audit import verify_chain
from accounts.models import AuditEvent, OutboxMessage
from accounts.operations.absences import add_absence
from incidents.models import Incident
from incidents.operations.silences import note_silences
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import NOW, make_incident

DAY = timedelta(days=1)


def _told() -> list[tuple[str, str]]:
    sent = OutboxMessage.objects.filter(kind="incidents/quiet_too_long")
    return sorted((message.recipient.full_name, message.path) for message in sent if message.recipient)


def _unread(cast: Cast, about: About = About.NO_ADULT) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher, at=NOW - timedelta(hours=5), about=about)


def test_those_who_may_open_it_are_told_once_a_day(cast: Cast) -> None:
    case = _unread(cast)

    assert [note_silences(now=NOW + timedelta(minutes=minutes)) for minutes in (0, 1, 300)] == [1, 0, 0]

    team = [("Dennis Deputy", case.get_absolute_url()), ("Dora Safe", case.get_absolute_url())]
    assert _told() == [*team, ("Olive Online", case.get_absolute_url())]
    assert note_silences(now=NOW + DAY) == 1
    assert len(_told()) == 6
    rows = AuditEvent.objects.filter(event="incident.quiet_noted")
    assert [(row.target, row.actor) for row in rows] == [(f"incident:{case.pk}", "system")] * 2
    assert verify_chain(cast.school) == []


def test_of_a_case_of_an_office_nobody_below_it_hears_and_it_is_recorded_in_its_own_chain(cast: Cast) -> None:
    case = _unread(cast, About.ADULT)

    note_silences(now=NOW)

    assert [name for name, _ in _told()] == ["Hetty Head"]
    assert AuditEvent.objects.get(event="incident.quiet_noted").chain.name == f"case:{case.pk}"


def test_whoever_is_away_is_left_alone_and_the_school_next_door_too(cast: Cast) -> None:
    _unread(cast)
    add_absence(school=cast.school, user=cast.dsl, starts_on=NOW.date(), ends_on=None, by=cast.dsl, at=NOW)

    note_silences(now=NOW)

    assert [name for name, _ in _told()] == ["Dennis Deputy", "Olive Online"]


def test_where_nothing_is_quiet_nobody_is_told(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher, at=NOW)

    assert note_silences(now=NOW) == 0
    assert _told() == []
