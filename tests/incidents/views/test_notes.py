"""Notes on the case page."""

from incidents.events import Event
from incidents.models import ChronologyEntry
from tests.conftest import Cast
from tests.factories import make_incident
from tests.incidents.pages import audited, browser, case_address, main, value_of, words

WORDS = " Rang home.\r\n\r\nNobody there. <i>\u202eabc\u202c</i> "


def test_a_note_stands_in_the_chronology_with_one_line_in_the_audit(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast.dsl)

    done = client.post(case_address("note-add", incident), {"note-text": WORDS})

    assert done["Location"] == case_address("incident-detail", incident)
    assert audited(cast.school)[-1] == ("school", Event.NOTE_ADDED) or len(audited(cast.school)) == 2
    assert ChronologyEntry.objects.get(event=Event.NOTE_ADDED).text == WORDS
    page = client.get(done["Location"])
    assert "The note is in the chronology." in main(page)
    assert WORDS in main(page)
    assert b"<i>\xe2" not in page.content


def test_an_empty_note_is_asked_for_again(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    page = browser(cast.dsl).post(case_address("note-add", incident), {"note-text": " \r\n"})

    assert "Write the note before you add it." in words(page)
    assert value_of(page, "note-text") == " \r\n"
    assert not ChronologyEntry.objects.filter(event=Event.NOTE_ADDED).exists()
