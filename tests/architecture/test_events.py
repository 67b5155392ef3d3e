"""Every event that has a name happens somewhere: a name that nothing records is a promise that nothing keeps."""

import ast
from collections.abc import Iterable
from enum import StrEnum

from accounts.events import AccountEvent
from incidents.events import Event
from policies.events import PolicyEvent
from tests.architecture.source import Module, dotted, modules

VOCABULARIES: tuple[type[StrEnum], ...] = (AccountEvent, Event, PolicyEvent)


def unrecorded(vocabulary: type[StrEnum], code: Iterable[Module]) -> list[str]:
    used = {
        dotted(node)
        for module in code
        if module.place != "events"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
    }
    names = [f"{vocabulary.__name__}.{event.name}" for event in vocabulary]
    return [name for name in names if name not in used]


def test_every_event_is_recorded_somewhere() -> None:
    assert [name for vocabulary in VOCABULARIES for name in unrecorded(vocabulary, modules())] == []


def test_no_two_events_share_a_name() -> None:
    values = [event.value for vocabulary in VOCABULARIES for event in vocabulary]

    assert len(values) == len(set(values))


def test_an_event_that_never_happens_is_found() -> None:
    assert "Event.CLOSED" in unrecorded(Event, [Module("incidents.views.notes", "Event.OPENED")])
