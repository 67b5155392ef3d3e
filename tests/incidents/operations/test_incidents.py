"""Logging a concern: who receives it, once, sealed and witnessed."""

import uuid

import pytest

from accounts.audit import verify_chain
from accounts.models import OutboxMessage
from incidents.access import visible_incidents
from incidents.models import Incident
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_concern, make_incident, person_of


def test_a_concern_about_a_child_reaches_the_whole_safeguarding_team(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    assert incident.handled_by == "dsl"
    told = set(OutboxMessage.objects.values_list("recipient__full_name", flat=True))
    assert told == {"Dora Safe", "Dennis Deputy", "Olive Online"}
    for reader in ("dsl", "deputy", "online_safety_lead"):
        assert list(visible_incidents(cast.access(reader))) == [incident]
    for other in ("teacher", "head", "chair", "governor", "ict", "administrator", "next_door_dsl"):
        assert list(visible_incidents(cast.access(other))) == []


def test_text_comes_back_as_it_was_typed(cast: Cast) -> None:
    words = "He said: \u202eabc\u202c 👩\u200d👧 – “it’s fine”\r\nthen left\t."
    incident = make_incident(school=cast.school, by=cast.teacher, narrative=words)

    assert Incident.objects.get(pk=incident.pk).narrative == words


def test_sending_the_same_draft_twice_makes_one_incident(cast: Cast) -> None:
    draft_id = uuid.uuid4()

    first = make_incident(school=cast.school, by=cast.teacher, draft_id=draft_id)
    second = make_incident(school=cast.school, by=cast.teacher, draft_id=draft_id)

    assert first.pk == second.pk
    assert Incident.objects.count() == 1
    assert OutboxMessage.objects.count() == 3


@pytest.mark.parametrize(
    ("accused", "about", "handler", "readers"),
    [
        ("colleague", About.ADULT, "headteacher", {"head"}),
        ("colleague", About.NO_ADULT, "headteacher", {"head"}),
        ("dsl", About.ADULT, "headteacher", {"head"}),
        ("governor", About.ADULT, "headteacher", {"head"}),
        ("head", About.ADULT, "chair_of_governors", {"chair"}),
        ("head", About.NO_ADULT, "chair_of_governors", {"chair"}),
        ("head", About.HEADTEACHER, "chair_of_governors", {"chair"}),
        ("chair", About.ADULT, "headteacher", {"head"}),
    ],
)
def test_a_concern_about_an_adult_is_read_by_one_office_alone(
    cast: Cast, accused: str, about: About, handler: str, readers: set[str]
) -> None:
    person = person_of(cast[accused], cast.school)

    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person)], about=about)

    assert incident.handled_by == handler
    everybody = [name for name in Cast.__dataclass_fields__ if name not in ("school", "next_door")]
    seen_by = {name for name in everybody if incident in visible_incidents(cast.access(name))}
    assert seen_by == readers
    assert verify_chain(cast.school) == []
    assert make_concern().about is About.NO_ADULT
    assert incident.logged_at == NOW
