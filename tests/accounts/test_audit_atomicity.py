"""A change and its audit row: both or neither, whichever operation it was."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.audit import verify_chain
from accounts.models import (
    AuditChain,
    AuditEvent,
    ClosedDay,
    DataKey,
    Membership,
    OutboxMessage,
    Person,
    PersonKind,
    Relation,
    Relationship,
    School,
    Term,
    User,
)
from accounts.operations import keys, members, people, schools
from accounts.roles import Role
from incidents.models import ChronologyEntry, ConcernDraft, Incident, InvolvedPerson
from incidents.operations import drafts, notes, ownership, questions, workflow
from incidents.operations.incidents import open_case
from incidents.routes import About
from incidents.statuses import Level, Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_person, make_school

OTHER_KEY = b"o" * 32


def _failpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: AuditEvent, *args: Any, **kwargs: Any) -> None:
        raise ConnectionError("The audit row could not be written.")

    monkeypatch.setattr(AuditEvent, "save", refuse)


_EVERYTHING = (
    School,
    Term,
    ClosedDay,
    User,
    Person,
    Relationship,
    Membership,
    OutboxMessage,
    AuditChain,
    Incident,
    InvolvedPerson,
    ChronologyEntry,
    ConcernDraft,
)


def _all_rows() -> dict[str, list[tuple[Any, ...]]]:
    rows = {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in _EVERYTHING}
    return {name: [tuple(map(_comparable, row)) for row in found] for name, found in rows.items()}


def _comparable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _opened(cast: Cast) -> Incident:
    incident = make_incident(school=cast.school, by=cast.teacher)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    return Incident.objects.get(pk=incident.pk)


def _draft(cast: Cast) -> ConcernDraft:
    return drafts.save_draft(
        school=cast.school, author=cast.teacher, draft_id=uuid.uuid4(), content={"narrative": "N"}, at=NOW
    )


# What each needs beforehand, and the call that must change everything or nothing.
_CHANGES: dict[str, tuple[Callable[[Cast], Any], Callable[[Cast, Any], object]]] = {
    "create a school": (lambda cast: None, lambda cast, _: make_school(name="Elm School", slug="elm")),
    "add a term": (
        lambda cast: None,
        lambda cast, _: schools.add_term(
            school=cast.school, name="Autumn", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18), at=NOW
        ),
    ),
    "add a closed day": (
        lambda cast: None,
        lambda cast, _: schools.add_closed_day(school=cast.school, day=date(2026, 11, 2), reason="Training", at=NOW),
    ),
    "add a person": (lambda cast: None, lambda cast, _: make_person(school=cast.school)),
    "invite": (
        lambda cast: None,
        lambda cast, _: members.invite(
            school=cast.school,
            email="new@school.example",
            given_name="New",
            family_name="Member",
            role=Role.STAFF,
            starts_on=NOW.date(),
            at=NOW,
            by=cast.administrator,
        ),
    ),
    "end a membership": (
        lambda cast: Membership.objects.get(user=cast.teacher),
        lambda cast, held: members.end_membership(membership=held, at=NOW, by=cast.administrator),
    ),
    "relate": (
        lambda cast: (make_person(school=cast.school), make_person(school=cast.school)),
        lambda cast, two: people.relate(person=two[0], related=two[1], relation=Relation.SIBLING, at=NOW),
    ),
    "leave": (
        lambda cast: make_person(school=cast.school, kind=PersonKind.PUPIL),
        lambda cast, person: people.leave(person=person, on=NOW.date(), at=NOW),
    ),
    "log a concern": (lambda cast: None, lambda cast, _: make_incident(school=cast.school, by=cast.teacher)),
    "open a case": (
        lambda cast: make_incident(school=cast.school, by=cast.teacher),
        lambda cast, incident: open_case(incident=incident, by=cast.dsl, at=NOW),
    ),
    "acknowledge": (
        lambda cast: make_incident(school=cast.school, by=cast.teacher),
        lambda cast, incident: workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW),
    ),
    "add a note": (
        _opened,
        lambda cast, incident: notes.add_note(incident=incident, text="Called home.", by=cast.dsl, at=NOW),
    ),
    "ask": (
        _opened,
        lambda cast, incident: questions.ask(incident=incident, text="Which site?", by=cast.dsl, at=NOW),
    ),
    "assign": (
        _opened,
        lambda cast, incident: ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=NOW),
    ),
    "set the level": (
        _opened,
        lambda cast, incident: ownership.set_level(
            incident=incident, level=Level.HIGH, reason="Again", by=cast.dsl, at=NOW
        ),
    ),
    "call for help": (
        _draft,
        lambda cast, draft: drafts.raise_alarm(draft=draft, about=About.NO_ADULT, alleged_ids=frozenset(), at=NOW),
    ),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_without_its_audit_row_nothing_is_changed(cast: Cast, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, act = _CHANGES[change]
    prepared = prepare(cast)
    before = _all_rows()
    _failpoint(monkeypatch)

    with pytest.raises(ConnectionError):
        act(cast, prepared)

    assert _all_rows() == before


@pytest.mark.parametrize("change", _CHANGES)
def test_every_change_leaves_an_audit_row(cast: Cast, change: str) -> None:
    prepare, act = _CHANGES[change]
    prepared = prepare(cast)
    before = AuditEvent.objects.count()

    act(cast, prepared)

    assert AuditEvent.objects.count() > before
    assert verify_chain(cast.school) == []


def test_keys_are_rewrapped_together_with_their_audit_row_or_not_at_all(
    cast: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_KEYS = {"second": OTHER_KEY, **settings.DATA_KEYS}
    _failpoint(monkeypatch)

    with pytest.raises(ConnectionError):
        keys.rewrap(school=cast.school, at=NOW)

    assert list(DataKey.objects.for_school(cast.school).values_list("master_key_id", flat=True)) == ["test-1"]
