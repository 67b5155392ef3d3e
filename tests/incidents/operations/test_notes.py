"""Notes: added to the letter, never changed."""

import pytest

from accounts.errors import Refused
from incidents.events import Event
from incidents.models import ChronologyEntry
from incidents.operations import notes
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import NOW, make_incident
from tests.incidents.pages import audited


@pytest.mark.parametrize(
    "text", ["Spoke to Mum.", " \r\n two lines\r\n", "\u202eabc\u202c 👩\u200d👧 e\u0301 <b>", "a" * 50_000]
)
def test_a_note_is_kept_to_the_letter_with_one_line_in_the_audit(cast: Cast, text: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    note = notes.add_note(incident=incident, text=text, by=cast.dsl, at=NOW)

    found = ChronologyEntry.objects.get(pk=note.pk)
    assert (found.text, found.by, found.event) == (text, cast.dsl, Event.NOTE_ADDED)
    assert sorted(audited(cast.school)) == [("school", Event.NOTE_ADDED), ("school", Event.REPORTED)]


def test_nothing_is_not_a_note(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    with pytest.raises(Refused, match="note_empty"):
        notes.add_note(incident=incident, text=" \r\n\t", by=cast.dsl, at=NOW)


def test_a_note_cannot_be_changed_or_removed(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    note = notes.add_note(incident=incident, text="Spoke to Mum.", by=cast.dsl, at=NOW)

    note.text = "Did nothing."
    with pytest.raises(Refused, match="append_only"):
        note.save()
    with pytest.raises(Refused, match="append_only"):
        note.delete()
    assert ChronologyEntry.objects.get(pk=note.pk).text == "Spoke to Mum."


def test_a_note_on_an_adults_case_is_audited_in_a_chain_of_its_own(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)

    notes.add_note(incident=incident, text="Called the council.", by=cast.head, at=NOW)

    assert {chain for chain, _ in audited(cast.school)} == {f"case:{incident.pk}"}
