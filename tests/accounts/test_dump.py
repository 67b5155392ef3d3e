"""What a thief of the whole database holds: none of the words that anybody wrote about a child."""

# ruff: noqa: S608 - the tables' names are ours

import base64
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import outbox
from accounts.encryption import SealedTextField
from incidents.models import ChronologyEntry, ConcernDraft, Incident, InvolvedPerson
from incidents.operations import closing, drafts, notes, ownership, questions, workflow
from incidents.operations.incidents import Involved
from incidents.statuses import Level, Outcome, Part, Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle

CANARIES = {
    name: f"CNRY-{name}-{uuid.UUID(int=number)}-ø"
    for number, name in enumerate(
        (
            "narrative",
            "action",
            "place",
            "late",
            "description",
            "draft",
            "note",
            "question",
            "answer",
            "level",
            "closing",
        )
    )
}


def tables_holding(canary: str) -> set[str]:
    """Return the tables in which a text stands, in plain letters, in hexadecimal or in base64."""
    plain = canary.encode()
    shapes = {canary, plain.hex(), base64.b64encode(plain).decode().rstrip("=")[:-2], canary.encode("utf-16-le").hex()}
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            anywhere = " OR ".join(["position(%s in row::text) > 0"] * len(shapes))
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE {anywhere}', sorted(shapes))
            if cursor.fetchone()[0]:
                found.add(table)
    return found


@pytest.fixture
def lived_in(cast: Cast, client: Client, mailoutbox: list[object]) -> Cast:
    """A school in which something was written in every place where something can be written."""
    incident = make_incident(
        school=cast.school,
        by=cast.teacher,
        narrative=CANARIES["narrative"],
        action_taken=CANARIES["action"],
        place_detail=CANARIES["place"],
        late_reason=CANARIES["late"],
        people=[Involved(part=Part.NAMED, description=CANARIES["description"])],
    )
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    incident = Incident.objects.get(pk=incident.pk)
    ownership.assign(incident=incident, owner=cast.dsl, by=cast.dsl, at=NOW)
    ownership.set_level(incident=incident, level=Level.HIGH, reason=CANARIES["level"], by=cast.dsl, at=NOW)
    notes.add_note(incident=incident, text=CANARIES["note"], by=cast.dsl, at=NOW)
    question = questions.ask(incident=incident, text=CANARIES["question"], by=cast.dsl, at=NOW)
    questions.answer(incident=incident, question=question, text=CANARIES["answer"], by=cast.teacher, at=NOW)
    settle(incident, by=cast.dsl)
    closing.ask(incident=incident, outcome=Outcome.RESOLVED, reason=CANARIES["closing"], by=cast.dsl, at=NOW)
    closing.agree(incident=incident, by=cast.deputy, at=NOW)
    drafts.save_draft(
        school=cast.school,
        author=cast.teacher,
        draft_id=uuid.uuid4(),
        content={"narrative": CANARIES["draft"]},
        at=NOW,
    )
    outbox.deliver_due(NOW)
    client.force_login(cast.dsl, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(reverse("profile"))
    return cast


@pytest.mark.parametrize("name", CANARIES)
def test_no_word_that_was_written_stands_in_the_database(lived_in: Cast, name: str) -> None:
    assert tables_holding(CANARIES[name]) == set()


def test_the_search_itself_finds_what_is_there(cast: Cast) -> None:
    assert "accounts_school" in tables_holding("Oakfield Primary School")


def test_every_canary_was_really_written(lived_in: Cast) -> None:
    sealed = {
        model: [field.name for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]
        for model in (Incident, InvolvedPerson, ChronologyEntry, ConcernDraft)
    }

    written = "\n".join(
        str(getattr(row, name)) for model, names in sealed.items() for row in model.objects.all() for name in names
    )

    assert [name for name, canary in CANARIES.items() if canary not in written] == []
    assert all(names for names in sealed.values())
