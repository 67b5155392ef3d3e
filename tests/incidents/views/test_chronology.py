"""The chronology of a case: two orders, one kind at a time, adding to it, and putting it right without changing it."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AuditEvent
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology, notes, questions
from tests.conftest import Cast
from tests.factories import NOW, make_incident
from tests.incidents.pages import audited, browser, case_address, main, value_of, words
from tests.incidents.views.test_incidents_queries import count, settled

PAGE, CORRECTING = 9, 10
WORDS = " Rang <i>home</i>.\r\n\r\nNobody there. "


@pytest.fixture
def incident(cast: Cast) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher)


def titles(page: object) -> list[str]:
    return re.findall(r'moj-timeline__title">([^<]*)<', main(page))


def texts(page: object) -> list[str]:
    return re.findall(r'<p class="govuk-body sg-words" dir="auto">([^<]*)</p>', main(page))


def test_it_stands_in_the_order_of_writing_or_of_happening(cast: Cast, incident: Incident) -> None:
    notes.add_note(incident=incident, text="First", by=cast.dsl, at=NOW + timedelta(hours=1))
    notes.add_note(
        incident=incident, text="Before", by=cast.dsl, at=NOW + timedelta(hours=2), happened_at=NOW - timedelta(days=3)
    )
    client, address = browser(cast.dsl), case_address("chronology-detail", incident)

    assert texts(client.get(address)) == ["The concern was logged.", "First", "Before"]
    assert texts(client.get(f"{address}?order=happened")) == ["Before", "The concern was logged.", "First"]
    assert "Happened <time" in main(client.get(address))


def test_one_kind_is_shown_and_all_are_counted(cast: Cast, incident: Incident) -> None:
    notes.add_note(incident=incident, text="A note", by=cast.dsl, at=NOW)
    questions.ask(incident=incident, text="When?", by=cast.dsl, at=NOW)

    page = browser(cast.dsl).get(f"{case_address('chronology-detail', incident)}?kind=notes&order=happened")

    assert texts(page) == ["A note"]
    assert "Notes: 1 of 3 entries" in main(page)
    assert "?order=happened&kind=reported" in main(page)
    assert 'What was reported <span class="sg-choice__count">2</span>' in main(page)


@pytest.mark.parametrize("asked", ["?kind=nothing&order=sideways", "?kind=%00", "?kind[]=notes"])
def test_what_an_address_asks_for_in_vain_is_left_out(cast: Cast, incident: Incident, asked: str) -> None:
    page = browser(cast.dsl).get(f"{case_address('chronology-detail', incident)}{asked}")

    assert texts(page) == ["The concern was logged."]


def test_reading_it_is_witnessed(cast: Cast, incident: Incident) -> None:
    before = len(audited(cast.school))

    browser(cast.dsl).get(case_address("chronology-detail", incident))

    assert audited(cast.school, since=before) == [("school", Event.READ)]


def test_what_happened_earlier_says_when(cast: Cast, incident: Incident) -> None:
    client = browser(cast.dsl)
    sent = {"text": WORDS, "happened_date": "2026-01-12", "happened_time": "14:05"}

    done = client.post(case_address("chronology-add", incident), sent)

    entry = ChronologyEntry.objects.get(event=Event.NOTE_ADDED)
    assert done["Location"] == f"{case_address('chronology-detail', incident)}#entry-{entry.pk}"
    assert entry.text == WORDS
    assert (entry.happened_at, entry.happened_precision) == (datetime(2026, 1, 12, 14, 5, tzinfo=UTC), "time")
    assert WORDS in main(client.get(done["Location"])).replace("&lt;", "<").replace("&gt;", ">")


def test_a_day_alone_is_enough(cast: Cast, incident: Incident) -> None:
    client = browser(cast.dsl)

    done = client.post(case_address("chronology-add", incident), {"text": "x", "happened_date": "2026-01-12"})

    assert ChronologyEntry.objects.get(event=Event.NOTE_ADDED).happened_precision == "day"
    assert "12 January 2026</time>, time not known" in main(client.get(done["Location"]))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": " "}, "Write down what happened or was done."),
        ({"text": "x", "happened_time": "10:00"}, "Say on which day it was at that time."),
        ({"text": "x", "happened_date": "2999-01-01"}, "That is in the future. Check the day and the time."),
        ({"text": "x", "happened_date": "soon"}, "That is not a date. Write it like 12/11/2026."),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_typed_is_lost(
    cast: Cast, incident: Incident, sent: dict[str, str], sentence: str
) -> None:
    page = browser(cast.dsl).post(case_address("chronology-add", incident), sent)

    assert sentence in words(page)
    assert value_of(page, "text") == sent["text"]
    assert not ChronologyEntry.objects.filter(event=Event.NOTE_ADDED).exists()


def test_a_correction_stands_beside_what_was_written(cast: Cast, incident: Incident) -> None:
    wrong = notes.add_note(incident=incident, text="Rang on Monday.", by=cast.deputy, at=NOW)
    client, address = browser(cast.dsl), case_address("entry-correct", incident, entry_id=wrong.pk)

    form = client.get(address)
    done = client.post(address, {"text": "Rang on Tuesday.", "reason": "The day was wrong."})

    assert value_of(form, "text") == "Rang on Monday."
    right = ChronologyEntry.objects.get(event=Event.ENTRY_CORRECTED)
    assert (right.corrects_id, right.text, right.reason) == (wrong.pk, "Rang on Tuesday.", "The day was wrong.")
    assert ChronologyEntry.objects.get(pk=wrong.pk).text == "Rang on Monday."
    page = client.get(done["Location"])
    assert texts(page) == ["The concern was logged.", "Rang on Monday.", "Rang on Tuesday."]
    assert titles(page) == ["Concern logged", "Note"]
    assert "Why: The day was wrong." in main(page)
    assert case_address("entry-correct", incident, entry_id=right.pk) in main(page)
    assert case_address("entry-correct", incident, entry_id=wrong.pk) not in main(page)
    row = AuditEvent.objects.get(event=Event.ENTRY_CORRECTED)
    assert "Tuesday" not in str(row.data) + row.summary


def test_a_correction_that_lacks_something_is_asked_for_again(cast: Cast, incident: Incident) -> None:
    wrong = notes.add_note(incident=incident, text="Rang on Monday.", by=cast.deputy, at=NOW)
    address = case_address("entry-correct", incident, entry_id=wrong.pk)

    page = browser(cast.dsl).post(address, {"text": "Rang on Tuesday.", "reason": ""})

    assert "Write down why it is corrected. It is kept beside the entry." in words(page)
    assert value_of(page, "text") == "Rang on Tuesday."


def test_who_was_slower_keeps_what_they_typed_and_is_led_to_the_newest(cast: Cast, incident: Incident) -> None:
    wrong = notes.add_note(incident=incident, text="Rang on Monday.", by=cast.deputy, at=NOW)
    newest = chronology.correct(entry=wrong, text="Rang on Friday.", reason="Wrong day.", by=cast.deputy, at=NOW)
    address = case_address("entry-correct", incident, entry_id=wrong.pk)

    page = browser(cast.dsl).post(address, {"text": "Rang on Tuesday.", "reason": "Wrong day."})

    assert "Somebody corrected this entry already." in words(page)
    assert value_of(page, "text") == "Rang on Tuesday."
    assert case_address("entry-correct", incident, entry_id=newest.pk) in main(page)


def test_what_is_not_ones_own_to_correct_has_no_page(cast: Cast, incident: Incident) -> None:
    client, other = browser(cast.dsl), make_incident(school=cast.school, by=cast.teacher)
    elsewhere = notes.add_note(incident=other, text="Elsewhere.", by=cast.dsl, at=NOW)
    logged = ChronologyEntry.objects.get(incident=incident, event=Event.REPORTED)

    for entry_id in (elsewhere.pk, logged.pk, uuid.uuid4()):
        assert client.get(case_address("entry-correct", incident, entry_id=entry_id)).status_code == 404
    assert "Correct this" not in main(client.get(case_address("chronology-detail", incident)))


def test_the_case_page_shows_a_correction_with_its_reason(cast: Cast, incident: Incident) -> None:
    wrong = notes.add_note(incident=incident, text="Rang on Monday.", by=cast.deputy, at=NOW)
    chronology.correct(entry=wrong, text="Rang on Friday.", reason="Wrong <b>day</b>.", by=cast.deputy, at=NOW)

    page = browser(cast.dsl).get(case_address("incident-detail", incident))

    assert "Entry corrected" in main(page)
    assert b"Why: Wrong &lt;b&gt;day&lt;/b&gt;." in page.content


def test_the_pages_ask_as_often_for_a_long_chronology_as_for_a_short_one(cast: Cast, incident: Incident) -> None:
    client = settled(browser(cast.dsl), cast)
    wrong = notes.add_note(incident=incident, text="Wrong", by=cast.dsl, at=NOW)
    pages = [
        case_address("chronology-detail", incident),
        case_address("entry-correct", incident, entry_id=wrong.pk),
    ]
    client.get(pages[0])

    def counts() -> list[int]:
        return [count(lambda: client.get(page)) for page in pages]  # noqa: B023

    with_few = counts()
    for number in range(40):
        note = notes.add_note(incident=incident, text=f"Note {number}", by=cast.deputy, at=NOW)
        chronology.correct(entry=note, text=f"Right {number}", reason="Wrong", by=cast.dsl, at=NOW)

    assert counts() == with_few == [PAGE, CORRECTING]
