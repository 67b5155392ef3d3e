"""The files of the demonstration: on cases that may hold one, and on no other."""

from types import SimpleNamespace
from typing import Any

from django.conf import LazySettings

from accounts.roles import Role
from incidents.models import Attachment, Incident
from incidents.statuses import Status
from policies.engine.taxonomy import Category
from safeguarding.demonstration.files import write_files
from safeguarding.demonstration.histories import Act
from tests.conftest import Cast
from tests.factories import NOW, make_incident


def _act(cast: Cast) -> Act:
    """Return what is done at the end of a school's history."""
    acts: list[Act] = []
    timeline: Any = SimpleNamespace(add=lambda at, act: acts.append(act))
    house: Any = SimpleNamespace(school=cast.school, offices={Role.DSL: SimpleNamespace(account=cast.dsl)})
    write_files(house, timeline, ends=NOW)
    return acts[0]


def test_the_latest_cases_have_files_and_one_about_imagery_has_none(cast: Cast, settings: LazySettings) -> None:
    made = {"by": cast.teacher, "school": cast.school, "category": Category.COMMERCE}
    open_case, imagery = make_incident(**made), make_incident(**made, narrative="They pass on nudes of her.")
    Incident.objects.filter(pk__in=[open_case.pk, imagery.pk]).update(status=Status.OPEN)

    settings.UNSCANNED_FILES = False
    _act(cast)(NOW)
    assert not Attachment.objects.exists()
    settings.UNSCANNED_FILES = True
    _act(cast)(NOW)

    rows = Attachment.objects.order_by("number")
    assert [(row.incident, row.name, row.is_waiting) for row in rows] == [
        (open_case, "Log.txt", False),
        (open_case, "List.csv", True),
    ]
