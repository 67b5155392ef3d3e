"""The queue's filters: what makes no sense is left out, never an error page."""

from uuid import UUID

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from incidents.forms.incidents import QueueForm
from incidents.queries.incidents import QueueFilter

OWNER = User(pk=UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"), full_name="Dora Safe", email="dora@school.example")
NAMES = ("text", "status", "category", "year_group", "owner")


def chosen(**said: str) -> QueueFilter:
    data = QueryDict(mutable=True)
    data.update(said)
    return QueueForm(data, owners=[OWNER]).chosen()


def test_nothing_chosen_is_every_open_case() -> None:
    assert chosen() == QueueFilter()
    assert not chosen().is_active


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", "Mia OAK-7K3F"),
        ("status", "closed"),
        ("category", "contact"),
        ("year_group", "Reception"),
        ("year_group", "13"),
        ("owner", "none"),
        ("owner", str(OWNER.pk)),
    ],
)
def test_each_filter_is_taken_as_it_was_chosen(name: str, value: str) -> None:
    found = chosen(**{name: value})

    assert getattr(found, name) == value
    assert found.is_active


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("nonsense", ["\x00", "x" * 201, "'; DROP TABLE incidents_incident; --" * 6])
def test_what_makes_no_sense_is_left_out(name: str, nonsense: str) -> None:
    found = chosen(category="content", **({name: nonsense} if name != "category" else {"status": nonsense}))

    assert found == QueueFilter(category="content")


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=250)))
def test_nothing_that_is_sent_breaks_the_filters(said: dict[str, str]) -> None:
    found = chosen(**said)

    assert found.owner in ("", "none", str(OWNER.pk))
    assert len(found.text) <= 200
