"""Logging a concern in a browser: from the empty form to the receipt, without JavaScript, losing nothing."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from accounts.models import OutboxMessage, Person, PersonKind, Relation
from accounts.operations import people
from incidents.forms.reporting import MOST_PEOPLE
from incidents.models import ConcernDraft, Incident, InvolvedPerson
from incidents.views.reporting_page import CHOSEN_TWICE, NOBODY_NAMED, NOT_HERE_ANY_MORE, TOO_MANY, WHICH_ADULT
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_person, person_of
from tests.incidents.conftest import Clock
from tests.incidents.pages import (
    address,
    audited,
    browser,
    case_address,
    draft_address,
    main,
    send,
    title,
    typed,
    value_of,
    words,
)

BOXES = ("narrative", "action_taken", "place_detail", "online_service", "happened_date", "happened_time")


def test_a_concern_is_logged_with_everything_that_was_said(cast: Cast) -> None:
    pupil, friend = make_person(school=cast.school), make_person(school=cast.school, year_group="6", form="6B")
    rows = ((str(pupil.pk), "harmed", ""), (str(friend.pk), "witness", ""), ("unknown", "alleged", "A man, 40\u202e"))
    client = browser(cast.teacher)

    sent = send(client, cast.school, typed(*rows, danger="yes", category="contact"))

    incident = Incident.objects.get()
    assert sent.status_code == 302
    assert sent["Location"] == case_address("incident-receipt", incident)
    assert (incident.narrative, incident.action_taken) == (
        "They showed me a video that frightened them.",
        "Stayed with the child.",
    )
    assert (incident.place, incident.place_detail, incident.online_service) == ("online", "On the bus", "A video game")
    assert incident.happened_at == NOW - timedelta(minutes=55)
    assert incident.became_aware_at == NOW - timedelta(minutes=10)
    assert (incident.logged_at, incident.logged_by, incident.school) == (NOW, cast.teacher, cast.school)
    assert (incident.level, incident.category, incident.status, incident.late_reason) == (
        0,
        "contact",
        "reported",
        None,
    )
    named = InvolvedPerson.objects.order_by("part").values_list("person", "part", "year_group_then", "form_then")
    assert set(named) == {
        (pupil.pk, "harmed", "5", "5A"),
        (friend.pk, "witness", "6", "6B"),
        (None, "alleged", "", ""),
    }
    assert InvolvedPerson.objects.get(person=None).description == "A man, 40\u202e"
    assert audited(cast.school) == [("school", "incident.reported")]
    assert OutboxMessage.objects.count() == 3
    assert not ConcernDraft.objects.exists()


def test_the_receipt_says_it_arrived_and_tells_nothing_of_it(cast: Cast) -> None:
    pupil = make_person(school=cast.school, name="Mia Marlow")
    client = browser(cast.teacher)
    sent = send(client, cast.school, typed(pupil, narrative="canarywords"))

    page = client.get(sent["Location"])

    incident = Incident.objects.get()
    assert incident.reference in main(page)
    assert "Sent to the safeguarding team" in main(page)
    assert not [leak for leak in ("Mia", "Marlow", "canarywords", "Content", "Year 5") if leak in main(page)]
    assert title(page) == "Sent – Oakfield Primary School"


@pytest.mark.parametrize(("adult", "accused"), [("adult", "colleague"), ("adult", "dsl"), ("headteacher", "head")])
def test_the_receipt_of_an_adults_case_names_no_office(cast: Cast, adult: str, accused: str) -> None:
    client = browser(cast.teacher)
    person = person_of(cast[accused], cast.school)

    sent = send(client, cast.school, typed((str(person.pk), "alleged", ""), adult=adult))

    page = main(client.get(sent["Location"]))
    assert "Sent to someone not involved" in page
    own = main(client.get(case_address("my-concern", Incident.objects.get())))
    assert "Someone not involved" in own
    for page_text in (page, own):
        assert not [
            word
            for word in ("headteacher", "chair", "governor", "safeguarding team", "Hetty")
            if word in page_text.lower()
        ]


def test_where_the_whole_team_is_too_close_the_receipt_does_not_say_that_the_team_has_it(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    for name in ("dsl", "deputy", "online_safety_lead"):
        people.relate(person=pupil, related=person_of(cast[name], cast.school), relation=Relation.RELATIVE, at=NOW)
    client = browser(cast.teacher)

    sent = send(client, cast.school, typed((str(pupil.pk), "alleged", "")))

    assert Incident.objects.get().handled_by == "headteacher"
    page, own = main(client.get(sent["Location"])), main(client.get(case_address("my-concern", Incident.objects.get())))
    assert "Sent to someone not involved" in page
    assert "Someone not involved" in own
    assert "safeguarding team" not in f"{page} {own}"


@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        ("danger", "Say whether a child is in immediate danger."),
        ("adult", "Say whether it is about an adult who works or helps here."),
        ("narrative", "Tell us what happened, in a sentence or two."),
        ("aware_date", "Say on which day you found out."),
        ("aware_time", "Say at what time you found out."),
        ("place", "Say where it happened, as far as you know."),
        ("action_taken", "Say what you have done so far."),
        ("category", "Choose the kind that fits best."),
        ("people", NOBODY_NAMED),
    ],
)
def test_what_is_missing_is_said_and_nothing_that_was_typed_is_lost(cast: Cast, left: str, sentence: str) -> None:
    pupil = make_person(school=cast.school, name="Mia Marlow")
    data = typed((str(pupil.pk), "witness", ""), ("unknown", "named", "A girl in Year 6"))
    if left == "people":
        data = data | {"person_id": [], "person_part": [], "person_description": []}
    else:
        data[left] = ""
    client, draft_id = browser(cast.teacher), uuid.uuid4()

    page = send(client, cast.school, data, draft_id)

    assert page.status_code == 200
    assert title(page).startswith("Error: ")
    assert sentence in words(page)
    assert "Not sent yet. What you typed is saved." in words(page)
    again = client.get(draft_address(cast.school, draft_id))
    for shown in (page, again):
        for box in (*BOXES, "aware_date", "aware_time", "danger", "adult", "place", "category"):
            if box != left or shown is page:
                assert value_of(shown, box) == data[box], box
        if left != "people":
            assert "Mia Marlow" in main(shown)
            assert value_of(shown, "person_description") in ("", "A girl in Year 6")
            assert "A girl in Year 6" in main(shown)
    assert not Incident.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_several_mistakes_are_all_named_at_once(cast: Cast) -> None:
    page = send(browser(cast.teacher), cast.school, {"action": "send"})

    assert page.status_code == 200
    for sentence in ("Tell us what happened", "Say where it happened", "Choose the kind that fits best", NOBODY_NAMED):
        assert sentence in words(page)


def test_a_late_concern_is_asked_for_its_reason_once_and_then_taken_without(cast: Cast) -> None:
    data = typed(aware_date="2026-11-15", happened_date="", happened_time="")
    client, draft_id = browser(cast.teacher), uuid.uuid4()

    asked = send(client, cast.school, data, draft_id)
    assert "Nobody is blamed for a late concern." in words(asked)
    assert value_of(asked, "late_was_asked") == "1"
    assert value_of(asked, "narrative") == data["narrative"]
    sent = send(client, cast.school, data | {"late_was_asked": "1"}, draft_id)

    assert sent.status_code == 302
    assert Incident.objects.get().late_reason is None


def test_the_reason_of_a_late_concern_is_kept(cast: Cast) -> None:
    data = typed(aware_date="2026-11-15", happened_date="", happened_time="", late_reason="Half-term.\r\n")

    send(browser(cast.teacher), cast.school, data)

    assert Incident.objects.get().late_reason == "Half-term.\r\n"


def _somebody_else(cast: Cast, which: str) -> str:
    return {
        "next door": lambda: str(make_person(school=cast.next_door).pk),
        "a user": lambda: str(cast.dsl.pk),
        "a case": lambda: str(make_incident(school=cast.school, by=cast.colleague).pk),
        "nobody": lambda: str(uuid.uuid4()),
        "no id": lambda: "1; DROP TABLE people",
        "empty": lambda: "",
        "upper case": lambda: str(make_person(school=cast.school).pk).upper(),
        "with a nul": lambda: "\x00",
    }[which]()


@pytest.mark.parametrize(
    "which", ["next door", "a user", "a case", "nobody", "no id", "empty", "upper case", "with a nul"]
)
def test_whoever_is_not_in_the_schools_list_is_refused_with_a_sentence(cast: Cast, which: str) -> None:
    chosen = _somebody_else(cast, which)
    before, name = Incident.objects.count(), make_person(school=cast.school, name="Mia Marlow")

    page = send(browser(cast.teacher), cast.school, typed((chosen, "harmed", ""), (str(name.pk), "named", "")))

    assert page.status_code == 200
    assert NOT_HERE_ANY_MORE in words(page)
    assert "Mia Marlow" in main(page)
    assert "Sample Person" not in main(page)
    assert Incident.objects.count() == before


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("one", "harmed", ""), ("one", "alleged", "")], CHOSEN_TWICE),
        ([("unknown", "named", "x")] * (MOST_PEOPLE + 1), TOO_MANY),
        ([("unknown", "named", "x" * 501)], "In who somebody is: this is 1 letters too long."),
        ([("unknown", "named", "x\x00")], "In who somebody is: there is an invisible character in this text"),
    ],
)
def test_people_who_cannot_be_kept_as_sent_are_refused_with_a_sentence(
    cast: Cast, rows: list[tuple[str, str, str]], sentence: str
) -> None:
    one = str(make_person(school=cast.school).pk)
    sent = [(one if who == "one" else who, part, described) for who, part, described in rows]
    draft_id = uuid.uuid4()

    page = send(browser(cast.teacher), cast.school, typed(*sent), draft_id)

    assert page.status_code == 200
    assert sentence in words(page)
    assert not Incident.objects.exists()
    assert len(ConcernDraft.objects.get(pk=draft_id).typed()["people"]) == len(rows)
    assert page.content.count(b'name="person_id"') == len(rows)


def test_thirty_people_are_not_too_many(cast: Cast) -> None:
    rows = [("unknown", "named", "x" * 500)] * MOST_PEOPLE

    assert send(browser(cast.teacher), cast.school, typed(*rows)).status_code == 302
    assert InvolvedPerson.objects.count() == MOST_PEOPLE


@pytest.mark.parametrize("part", ["harmed", "named", "witness", "nonsense"])
def test_an_adults_case_does_not_leave_open_which_adult(cast: Cast, part: str) -> None:
    head = str(person_of(cast.head, cast.school).pk)
    pupil = str(make_person(school=cast.school).pk)
    client = browser(cast.teacher)

    for rows in ([(head, part, "")], [(head, part, ""), (pupil, "alleged", "")]):
        page = send(client, cast.school, typed(*rows, adult="adult"))
        assert WHICH_ADULT in words(page)
    assert not OutboxMessage.objects.exists()

    send(client, cast.school, typed((head, "alleged", ""), (pupil, "harmed", ""), adult="adult"))
    assert {message.recipient for message in OutboxMessage.objects.all()} == {cast.chair}


@pytest.mark.parametrize("part", ["harmed", "named", "witness", "alleged", ""])
def test_about_the_headteacher_they_are_the_one_it_is_about_whatever_the_form_says(cast: Cast, part: str) -> None:
    head = person_of(cast.head, cast.school)
    colleague = (str(person_of(cast.colleague, cast.school).pk), "witness", "")
    rows = [(str(head.pk), part, ""), colleague] if part else [colleague]

    sent = send(browser(cast.teacher), cast.school, typed(*rows, adult="headteacher"))

    assert sent.status_code == 302
    assert InvolvedPerson.objects.get(person=head).part == "alleged"
    assert InvolvedPerson.objects.count() == 2
    assert Incident.objects.get().handled_by == "chair_of_governors"


def test_sending_again_with_other_words_loses_nothing(cast: Cast) -> None:
    pupil, draft_id, client = make_person(school=cast.school), uuid.uuid4(), browser(cast.teacher)
    send(client, cast.school, typed(pupil, narrative="First words."), draft_id)

    again = send(client, cast.school, typed(pupil, narrative="First words, and more."), draft_id)

    assert "This was sent already, with other words" in words(again)
    assert value_of(again, "narrative") == "First words, and more."
    assert Incident.objects.get().narrative == "First words."


def test_an_adult_may_be_unknown(cast: Cast) -> None:
    colleague = str(person_of(cast.colleague, cast.school).pk)
    rows = [("unknown", "alleged", "A supply teacher"), (colleague, "witness", "")]

    sent = send(browser(cast.teacher), cast.school, typed(*rows, adult="adult"))

    assert sent.status_code == 302
    assert Incident.objects.get().handled_by == "headteacher"


def test_pressing_send_twice_makes_one_concern_and_leads_to_its_receipt_both_times(cast: Cast) -> None:
    client, draft_id = browser(cast.teacher), uuid.uuid4()

    first, second = (send(client, cast.school, typed(), draft_id) for _ in range(2))

    assert first["Location"] == second["Location"] == case_address("incident-receipt", Incident.objects.get())
    assert OutboxMessage.objects.count() == 3
    assert audited(cast.school) == [("school", "incident.reported")]
    assert client.get(draft_address(cast.school, draft_id))["Location"] == first["Location"]
    assert client.post(address("draft-save", cast.school, draft_id=draft_id), typed()).status_code == 409


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_saved_before", [True, False])
def test_sending_at_the_same_moment_makes_one_concern_and_one_set_of_messages(
    cast: Cast, is_saved_before: bool
) -> None:
    draft_id, barrier = uuid.uuid4(), threading.Barrier(3)
    clients = [browser(cast.teacher) for _ in range(3)]
    if is_saved_before:
        send(clients[0], cast.school, typed(action="save"), draft_id)
    answers: list[Any] = []

    def press(number: int) -> None:
        try:
            barrier.wait(10)
            answer = send(clients[number], cast.school, typed(), draft_id)
            answers.append((answer.status_code, answer.get("Location")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    receipt = case_address("incident-receipt", Incident.objects.get())
    assert answers == [(302, receipt)] * 3
    assert OutboxMessage.objects.count() == 3
    assert not ConcernDraft.objects.exists()


def test_people_are_found_added_and_removed_without_a_script(cast: Cast) -> None:
    mia, staff = make_person(school=cast.school, name="Mia Marlow"), person_of(cast.colleague, cast.school)
    make_person(school=cast.next_door, name="Mia Nextdoor")
    client, draft_id = browser(cast.teacher), uuid.uuid4()
    nobody: dict[str, Any] = {"person_id": [], "person_part": [], "person_description": []}

    def press(action: str, **changes: Any) -> str:
        moved = send(client, cast.school, {**typed(), **nobody, "action": action, **changes}, draft_id)
        assert moved.status_code == 302
        assert "Mia" not in moved["Location"]
        return main(client.get(moved["Location"].split("#")[0]))

    found = press("find_person", person_query="mia")
    assert f"add_person:{mia.pk}" in found
    assert "Nextdoor" not in found
    assert "Nobody is found for “zzz”" in press("find_person", person_query="zzz")
    assert "Mia Marlow" in press(f"add_person:{mia.pk}")
    assert "Mia Marlow" in press("add_chosen", person=str(mia.pk))
    assert "Who is it, as far as you know?" in press("add_unknown_person")
    assert press("add_chosen") == press("save")
    here = {"person_id": [str(mia.pk)], "person_part": ["witness"], "person_description": [""]}
    both = press(f"add_person:{staff.pk}", adult="adult", **here)
    assert "Mia Marlow" in both
    assert "Colin Colleague" in both
    rows = ConcernDraft.objects.get().typed()["people"]
    assert [row["part"] for row in rows] == ["witness", "alleged"]
    gone = press("remove_person:0", **here)
    assert "Mia Marlow" not in gone
    for nonsense in ("remove_person:²", f"remove_person:{'9' * 5000}", "remove_person:-1", "add_person:", "dance"):
        assert "Mia Marlow" in press(nonsense, **here)


def test_a_person_who_left_is_not_offered_but_keeps_their_part_in_a_draft(cast: Cast) -> None:
    person: Person = make_person(school=cast.school, kind=PersonKind.STAFF, name="Lena Left")
    people.leave(person=person, on=NOW.date(), at=NOW)
    client = browser(cast.teacher)

    assert "Lena" not in words(client.post(address("person-search", cast.school), {"q": "lena"}))
    assert send(client, cast.school, typed((str(person.pk), "alleged", ""))).status_code == 302


def test_a_future_day_is_questioned_on_the_page(cast: Cast, clock: Clock) -> None:
    page = send(browser(cast.teacher), cast.school, typed(happened_date="2026-11-18", aware_date="2026-11-19"))

    assert words(page).count("That is in the future. Check the day and the time.") >= 2
    clock.forward(timedelta(days=3))
    assert "Nobody is blamed" in words(send(browser(cast.teacher), cast.school, typed()))
