"""The concern form: what it asks again, in which words, and what it makes of days and times."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.forms.reporting import UNKNOWN, ConcernForm, Named, Typed, ids_in
from incidents.forms.words import LONGEST
from incidents.statuses import Part, Precision
from tests.factories import NOW

NO_NULLS = "There is an invisible character in this text that cannot be kept. Paste the text again as plain text."
SAID: dict[str, str] = {
    "danger": "no",
    "adult": "no",
    "narrative": "They showed me a video.",
    "happened_date": "2026-11-17",
    "happened_time": "07:30",
    "aware_date": "2026-11-17",
    "aware_time": "08:15",
    "place": "online",
    "action_taken": "Nothing yet",
    "category": "content",
}
WORDS = ("narrative", "action_taken", "late_reason", "place_detail", "online_service")
LIMITS = {"narrative": LONGEST, "action_taken": LONGEST, "late_reason": 4000, "place_detail": 500, "online_service": 80}


def filled(*, at: datetime = NOW, late_was_asked: bool = False, **changes: str) -> ConcernForm:
    return ConcernForm(SAID | changes, at=at, late_was_asked=late_was_asked)


def complaints(form: ConcernForm) -> dict[str, list[str]]:
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def test_a_whole_concern_is_accepted_and_its_moments_are_those_of_the_school() -> None:
    form = filled()

    assert complaints(form) == {}
    assert form.cleaned_data["happened_at"] == datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
    assert form.cleaned_data["became_aware_at"] == datetime(2026, 11, 17, 8, 15, tzinfo=UTC)
    assert form.cleaned_data["happened_precision"] is Precision.TIME


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("danger", "Say whether a child is in immediate danger."),
        ("adult", "Say whether it is about an adult who works or helps here. If you are not sure, choose yes."),
        ("narrative", "Tell us what happened, in a sentence or two."),
        ("aware_date", "Say on which day you found out."),
        ("aware_time", "Say at what time you found out. A rough time is fine."),
        ("place", "Say where it happened, as far as you know."),
        ("action_taken", "Say what you have done so far. “Nothing yet” is a good answer."),
        ("category", "Choose the kind that fits best. The safeguarding team can change it."),
    ],
)
def test_whatever_is_missing_is_asked_for_in_a_sentence_of_its_own(name: str, sentence: str) -> None:
    assert complaints(filled(**{name: ""})) == {name: [sentence]}


@pytest.mark.parametrize("name", ["narrative", "action_taken"])
def test_blanks_are_no_words(name: str) -> None:
    form = filled(**{name: " \r\n\t\u2003"})

    assert list(complaints(form)) == [name]
    assert form[name].value() == " \r\n\t\u2003"


@pytest.mark.parametrize("name", ["danger", "adult", "place", "category"])
def test_a_choice_that_is_not_on_the_page_is_asked_for_again(name: str) -> None:
    assert list(complaints(filled(**{name: "<script>"}))) == [name]


@pytest.mark.parametrize(
    ("date", "time", "at"),
    [
        ("17/11/2026", "8:15", datetime(2026, 11, 17, 8, 15, tzinfo=UTC)),
        ("17/11/26", "08:15", datetime(2026, 11, 17, 8, 15, tzinfo=UTC)),
        ("2026-07-01", "08:15", datetime(2026, 7, 1, 7, 15, tzinfo=UTC)),
        # In the hour that the clocks skip, and in the one that they repeat.
        ("2026-03-29", "01:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-10-25", "01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_day_may_be_written_as_people_or_as_browsers_write_it(date: str, time: str, at: datetime) -> None:
    form = filled(aware_date=date, aware_time=time, happened_date="", happened_time="", late_reason="Was away.")

    assert complaints(form) == {}
    assert form.cleaned_data["became_aware_at"].astimezone(UTC) == at
    assert (form.cleaned_data["happened_at"], form.cleaned_data["happened_precision"]) == (None, Precision.UNKNOWN)


@pytest.mark.parametrize("date", ["31/02/2026", "yesterday", "0", "2026-13-01", "٢٠٢٦", "9" * 5000, "0000-00-00"])
def test_what_is_no_day_is_named_so(date: str) -> None:
    found = complaints(filled(aware_date=date, happened_date=date))

    assert found["aware_date"] == found["happened_date"] == ["That is not a date. Write it like 12/11/2026."]


@pytest.mark.parametrize("time", ["25:00", "8", "half past eight", "9" * 5000])
def test_what_is_no_time_is_named_so(time: str) -> None:
    assert complaints(filled(aware_time=time))["aware_time"] == ["That is not a time. Write it like 8:25."]


@pytest.mark.parametrize("name", ["happened", "aware"])
@pytest.mark.parametrize(
    ("date", "time", "is_ahead"),
    [
        ("2026-11-17", "08:25", False),
        ("2026-11-17", "08:30", False),
        ("2026-11-17", "08:31", True),
        ("2026-11-18", "00:00", True),
        ("9999-12-31", "23:59", True),
    ],
)
def test_what_lies_ahead_is_questioned_but_for_a_clock_that_runs_fast(
    name: str, date: str, time: str, is_ahead: bool
) -> None:
    form = filled(**{"happened_date": "", "happened_time": "", f"{name}_date": date, f"{name}_time": time})
    if name == "happened":
        form = filled(happened_date=date, happened_time=time, aware_time="08:31")

    found = complaints(form).get(f"{name}_date", [])

    ahead = "That is in the future. Check the day and the time."
    assert (ahead in found) is is_ahead
    if name == "aware" and not is_ahead:
        assert form.cleaned_data["became_aware_at"] <= NOW


@pytest.mark.parametrize(
    ("happened", "aware", "is_wrong"),
    [
        (("2026-11-17", "08:00"), ("2026-11-17", "07:59"), True),
        (("2026-11-17", "08:00"), ("2026-11-17", "08:00"), False),
        (("2026-11-17", ""), ("2026-11-17", "00:00"), False),
        (("2026-11-17", ""), ("2026-11-16", "10:00"), True),
        (("2026-11-16", ""), ("2026-11-17", "07:00"), False),
        (("", ""), ("2026-11-17", "07:00"), False),
        (("", "08:20"), ("2026-11-17", "07:00"), False),
    ],
)
def test_nobody_finds_out_before_it_happened(happened: tuple[str, str], aware: tuple[str, str], is_wrong: bool) -> None:
    form = filled(happened_date=happened[0], happened_time=happened[1], aware_date=aware[0], aware_time=aware[1])

    sentence = "You cannot have found out before it happened. Check both dates and times."
    assert (sentence in complaints(form).get("aware_date", [])) is is_wrong


@pytest.mark.parametrize(("aware", "is_late"), [(timedelta(hours=24), False), (timedelta(hours=24, minutes=1), True)])
def test_after_a_day_it_is_asked_once_what_got_in_the_way(aware: timedelta, is_late: bool) -> None:
    moment = NOW - aware
    said = {
        "aware_date": f"{moment:%Y-%m-%d}",
        "aware_time": f"{moment:%H:%M}",
        "happened_date": "",
        "happened_time": "",
    }

    first, second = filled(**said), filled(late_was_asked=True, **said)
    given_reason = filled(**said, late_reason="I was on a trip.")

    assert (list(complaints(first)) == ["late_reason"]) is is_late
    assert first.asks_late is is_late
    assert second.is_valid()
    assert given_reason.is_valid()
    if is_late:
        assert "Nobody is blamed for a late concern." in complaints(first)["late_reason"][0]


@pytest.mark.parametrize("name", WORDS)
def test_words_are_as_long_as_they_may_be_and_not_one_letter_longer(name: str) -> None:
    limit = LIMITS[name]

    assert complaints(filled(**{name: "a" * limit})) == {}
    found = complaints(filled(**{name: "a" * (limit + 1)}))[name]
    assert found == ["This is 1 letters too long. Shorten it; nothing you typed is lost."]
    assert complaints(filled(**{name: "a\x00b"})) == {name: [NO_NULLS]}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WORDS[:3]), st.text(min_size=1, max_size=300).filter(lambda text: text.strip()))
def test_words_are_kept_to_the_letter_or_refused_with_a_sentence(name: str, text: str) -> None:
    form = filled(**{name: text})

    if form.is_valid():
        assert form.cleaned_data[name] == text
        assert "\x00" not in text
    else:
        assert complaints(form) == {name: [NO_NULLS]}


def test_what_was_typed_goes_into_the_draft_and_comes_out_the_same() -> None:
    post = QueryDict(mutable=True)
    post.update({**SAID, "person_query": "mia", "late_was_asked": "1"})
    post.setlist("person_id", ["unknown", "not an id"])
    post.setlist("person_part", ["alleged", "harmed"])
    post.setlist("person_description", ["A man in a van\r\n", ""])

    typed = Typed.from_post(post)

    assert Typed.from_content(typed.content()) == typed
    assert typed.people == [Named("unknown", "alleged", "A man in a van\r\n"), Named("not an id", "harmed", "")]
    assert typed.fields["narrative"] == SAID["narrative"]
    assert typed.person_ids() == []


@pytest.mark.parametrize(
    ("adult", "added", "parts"),
    [
        ("no", [("pupil", False), ("staff", True)], ["harmed", "named"]),
        ("", [("staff", True)], ["harmed"]),
        ("adult", [("staff", True), ("pupil", False), ("other", False)], ["alleged", "harmed", "named"]),
        ("headteacher", [("pupil", False), ("staff", True), ("second", True)], ["harmed", "alleged", "named"]),
        ("adult", [(UNKNOWN, False), (UNKNOWN, False)], ["harmed", "named"]),
    ],
)
def test_the_part_begins_as_the_likeliest(adult: str, added: list[tuple[str, bool]], parts: list[str]) -> None:
    typed = Typed(fields={"adult": adult})

    for person, is_staff in added:
        typed = typed.with_person(person, is_staff=is_staff)

    assert [row.part for row in typed.people] == parts


def test_people_are_added_once_and_taken_off_by_their_number() -> None:
    one = str(uuid.uuid4())
    typed = Typed(fields={}, query="mi").with_person(one).with_person(one).with_person(UNKNOWN).with_person(UNKNOWN)

    assert [row.person for row in typed.people] == [one, UNKNOWN, UNKNOWN]
    assert typed.query == ""
    assert [row.person for row in typed.without_person(0).people] == [UNKNOWN, UNKNOWN]
    assert typed.without_person(17) == typed
    assert ids_in([one, UNKNOWN, "", "x" * 5000]) == [uuid.UUID(one)]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(SAID)), st.text(max_size=60)))
def test_nothing_that_is_typed_breaks_the_form(changes: dict[str, str]) -> None:
    form = filled(**changes)

    if not form.is_valid():
        assert all(sentence.endswith(".") for found in complaints(form).values() for sentence in found)
    content: dict[str, Any] = Typed(fields=SAID | changes).content()
    assert Typed.from_content(content).fields == SAID | changes
    assert Part.HARMED.value == Named("x").part
