"""The allegations of the made-up schools are led to their end, so that their cases can be closed."""

import pytest

from incidents.models import Allegation, Incident, LowLevelConcern
from incidents.operations import workflow
from incidents.queries.closing import lacks_ending
from incidents.routes import About
from incidents.statuses import Status
from safeguarding.demonstration import allegations
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, person_of


@pytest.mark.parametrize(
    ("ending", "outcome", "in_register"),
    [
        ("Low-level concern. Spoken to.", "", 1),
        ("LADO: threshold met, investigation by the school.", "unsubstantiated", 0),
    ],
)
def test_an_allegation_ends_as_the_story_says(cast: Cast, ending: str, outcome: str, in_register: int) -> None:
    people = [alleged(person_of(cast.colleague, cast.school))]
    case = make_incident(school=cast.school, by=cast.teacher, people=people)
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.head, at=NOW)

    allegations.conclude(incident=Incident.objects.get(pk=case.pk), ending=ending, by=cast.head, at=NOW)

    assert not lacks_ending(Incident.objects.get(pk=case.pk))
    assert Allegation.objects.get().outcome == outcome
    assert LowLevelConcern.objects.count() == in_register


def test_where_nobody_is_named_it_is_unfounded(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher, people=[], about=About.ADULT)

    allegations.conclude(incident=case, ending="Nothing was found.", by=cast.head, at=NOW)

    assert Allegation.objects.get().outcome == "unfounded"
