"""The form of facts offers every value that a rule may ask about, and turns what is chosen into facts."""

from django.forms import ChoiceField

from policies.engine.facts import FACT_NAMES, MOMENTS, IncidentFacts, allowed_values
from policies.engine.vocabulary import IncidentType, PartHolder
from policies.forms.what_if import TYPE_GROUPS, WhatIfForm


def test_every_fact_can_be_chosen() -> None:
    assert set(WhatIfForm().fields) == set(FACT_NAMES) - set(MOMENTS)


def test_every_type_stands_under_one_heading() -> None:
    listed = [kind for _, kinds in TYPE_GROUPS for kind in kinds]

    assert sorted(listed) == sorted(IncidentType)


def test_every_value_of_a_fact_is_offered() -> None:
    form = WhatIfForm()
    lists = ("alleged", "harmed", "witness", "named", "devices", "found_on")
    for name in (*lists, "category", "crime", "imagery", "harm_threshold"):
        field = form.fields[name]
        assert isinstance(field, ChoiceField), name
        offered = [value for value, _ in field.choices if value]  # type: ignore[misc]
        assert offered == allowed_values(name), name


def test_what_is_left_open_is_unknown() -> None:
    form = WhatIfForm({"types": ["nudes"], "alleged": ["pupil", "dsl"], "serious": "no", "exam_room": ""})

    assert form.is_valid()
    assert form.facts() == IncidentFacts(
        types=frozenset({IncidentType.NUDES}),
        alleged=frozenset({PartHolder.PUPIL, PartHolder.DSL}),
        serious=False,
    )
