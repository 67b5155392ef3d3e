"""The queue and the case page as they are seen and used."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import AuditEvent
from incidents.events import Event
from incidents.models import Incident
from incidents.operations import notes, ownership, workflow
from incidents.operations.incidents import Involved
from incidents.routes import About
from incidents.statuses import Outcome, Part, Place, Precision, Status
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of, settle
from tests.incidents.pages import address, audited, browser, case_address, main, references, title, words
from tests.incidents.queries.test_incidents import many

NOTHING_OPEN = "No case is open. New concerns appear here the moment they are sent."
NOTHING_FITS = "No case fits these filters. Take one away, or search for fewer words."


def queue(cast: Cast, name: str = "dsl", **sent: Any) -> Any:
    client, target = browser(cast[name]), address("incident-list", cast.school)
    return client.post(target, sent) if sent else client.get(target)


def test_the_queue_shows_what_tells_cases_apart(cast: Cast) -> None:
    pupil = make_person(school=cast.school, name="Mia Marlow")
    incident = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)], category=Category.CONTACT)
    danger = make_incident(school=cast.school, by=cast.teacher, at=NOW - timedelta(days=1), is_danger_reported=True)

    page = queue(cast)

    assert references(page) == [danger.reference, incident.reference]
    for shown in ("2 open, most urgent first", "Mia Marlow", "Harmed or at risk", "Contact", "Danger", "Nobody yet"):
        assert shown in main(page)
    assert title(page) == "Cases – Oakfield Primary School"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [({}, NOTHING_OPEN), ({"text": "unicorn"}, NOTHING_FITS), ({"status": "closed"}, NOTHING_FITS)],
)
def test_an_empty_queue_says_so_in_a_sentence(cast: Cast, sent: dict[str, str], sentence: str) -> None:
    assert sentence in main(queue(cast, **sent))
    assert "<table" not in main(queue(cast, **sent))


def test_filters_become_chips_each_of_which_can_be_taken_away(cast: Cast) -> None:
    wanted = make_incident(school=cast.school, by=cast.teacher, category=Category.CONTACT)
    other = make_incident(school=cast.school, by=cast.teacher, narrative="A scam.", category=Category.CONTACT)
    sent = {"text": "video", "category": "contact", "owner": "none", "year_group": "5"}

    both = queue(cast, **sent)
    without_text = queue(cast, **sent, drop="text")
    cleared = queue(cast, **sent, action="clear")

    assert references(both) == [wanted.reference]
    assert "1 found, most urgent first" in main(both)
    for label in ("“video”", "Contact", "Nobody yet", "Year 5"):
        assert 'class="sg-chip" name="drop"' in main(both)
        assert f"{label} <span" in main(both)
    assert set(references(without_text)) == {wanted.reference, other.reference}
    assert "“video”" not in main(without_text)
    assert "sg-chip" not in main(cleared)
    assert "2 open" in main(cleared)
    assert queue(cast, drop="nonsense", text="").status_code == 200


def test_a_search_leaves_one_line_in_the_audit_that_does_not_say_what_was_searched_for(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher, narrative="canarywords")
    queue(cast)
    queue(cast, category="content")
    assert audited(cast.school) == [("school", Event.REPORTED)]

    queue(cast, text="canarywords")

    assert audited(cast.school)[1:] == [("school", Event.SEARCHED)]
    row = AuditEvent.objects.get(event=Event.SEARCHED)
    assert "canarywords" not in f"{row.summary} {row.data} {row.target}"


def test_pages_are_turned_by_buttons_that_keep_the_filters(cast: Cast) -> None:
    many(cast, 60)

    first, last = queue(cast), queue(cast, page="3", category="content")

    assert len(references(first)) == 25
    assert "1 to 25 of 60" in main(first)
    assert 'name="page" value="2"' in main(first)
    assert "Previous page" not in main(first)
    assert "51 to 60 of 60" in main(last)
    assert "Next page" not in main(last)
    assert '<option value="content" selected>' in main(last)


@pytest.mark.parametrize("number", ["0", "-1", "²", "٣", "9" * 5000, "1.5", "", "\x00", "3 OR 1=1", "99"])
def test_a_page_that_does_not_exist_is_the_first_or_the_last(cast: Cast, number: str) -> None:
    many(cast, 30)

    page = queue(cast, page=number)

    assert page.status_code == 200
    assert len(references(page)) in (25, 5)


def test_a_thousand_and_more_rows_are_a_page_like_any_other(cast: Cast) -> None:
    many(cast, 1001)

    page = queue(cast)

    assert "More than 1000 open, most urgent first. Page 1 of 40" in main(page)
    assert "1 to 25 of more than 1,000" in main(page)
    assert len(references(page)) == 25


def test_the_case_page_shows_everything_that_is_known(cast: Cast) -> None:
    people = [
        harmed(make_person(school=cast.school, name="Mia Marlow")),
        Involved(Part.WITNESS, description="A girl\nfrom the bus"),
    ]
    incident = make_incident(
        school=cast.school,
        by=cast.teacher,
        people=people,
        late_reason="The lesson went on.",
        place_detail="At the back",
        online_service="A video game",
    )
    notes.add_note(incident=incident, text="Rang home.", by=cast.deputy, at=NOW)

    page = browser(cast.dsl).get(case_address("incident-detail", incident))

    for shown in (
        *("Mia Marlow", "Year 5, 5A", "Harmed or at risk", "A girl\nfrom the bus", "Not in the school’s list"),
        *(
            "They showed me a video that frightened them.",
            "Stayed with the child.",
            "Late because: The lesson went on.",
        ),
        *("Online, on a phone or computer: A video game, At the back", "Content", "Rang home.", "By Tessa Teacher"),
        "A Year 5 pupil: harmful content, online (A video game).",
        "You, Dennis Deputy, Olive Online",
    ):
        assert shown.replace("’", "'") in main(page).replace("’", "'"), shown
    assert title(page) == f"Case {incident.reference} – Oakfield Primary School"


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        (Precision.UNKNOWN, "Not known"),
        (Precision.DAY, "17 November 2026, time not known"),
        (Precision.TIME, "today 7:25"),
    ],
)
def test_when_it_happened_is_said_as_exactly_as_it_is_known(cast: Cast, precision: Precision, shown: str) -> None:
    known = None if precision is Precision.UNKNOWN else NOW - timedelta(hours=1)
    incident = make_incident(school=cast.school, by=cast.teacher, happened_at=known, happened_precision=precision)

    assert shown in main(browser(cast.dsl).get(case_address("incident-detail", incident)))


def test_each_reading_leaves_one_line_in_the_audit_and_the_first_is_told_to_the_reporter(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    page = case_address("incident-detail", incident)

    for number, name in enumerate(("dsl", "dsl", "deputy"), start=1):
        browser(cast[name]).get(page)
        assert audited(cast.school).count(("school", Event.READ)) == number
    for name, code in (("teacher", 403), ("head", 404), ("governor", 403), ("next_door_dsl", 404)):
        assert browser(cast[name]).get(page).status_code == code

    assert audited(cast.school).count(("school", Event.READ)) == 3
    assert Incident.objects.get().first_opened_at == NOW


def test_a_case_shown_again_after_a_refusal_was_read_too(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    page = browser(cast.dsl).post(case_address("note-add", incident), {"note-text": ""})

    assert "They showed me a video" in main(page)
    assert (
        audited(cast.school) == [("school", Event.READ), ("school", Event.REPORTED)] or len(audited(cast.school)) == 2
    )
    assert Incident.objects.get().first_opened_at == NOW


@pytest.mark.parametrize(("about", "name"), [(About.ADULT, "head"), (About.HEADTEACHER, "chair")])
def test_an_adults_case_is_read_by_its_office_in_a_chain_of_its_own(cast: Cast, about: About, name: str) -> None:
    accused = cast.colleague if about is About.ADULT else cast.head
    incident = make_incident(
        school=cast.school, by=cast.teacher, people=[alleged(person_of(accused, cast.school))], about=about
    )

    page = browser(cast[name]).get(case_address("incident-detail", incident))

    assert page.status_code == 200
    assert "It concerns an adult who works or helps here, so the safeguarding team does not see it." in words(page)
    assert audited(cast.school) == [
        (f"case:{incident.pk}", Event.REPORTED),
        (f"case:{incident.pk}", Event.READ),
    ]
    assert references(queue(cast, name)) == [incident.reference]


def test_buttons_stand_only_where_they_do_something(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client, page = browser(cast.dsl), case_address("incident-detail", incident)

    new = main(client.get(page))
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    seen = main(client.get(page))
    ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=NOW)
    opened = main(client.get(page))
    settle(incident, by=cast.dsl)
    workflow.advance(
        incident=incident, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.BEHAVIOUR
    )
    closed = main(client.get(page))

    buttons = ("Acknowledge</button>", "Set the owner", "Set the level", "Send the question", "Close the case</button>")
    stand = [[button in shown for button in buttons] for shown in (new, seen, opened, closed)]
    assert stand[0] == [True] * 5
    assert stand[1][1:] == stand[2][1:] == [True] * 4
    assert not any(stand[3])
    # What cannot be pressed yet stands there with its reason, tied to the button.
    for name, shown in (("set-owner", new), ("close-case", new), ("close-case", seen), ("watch-case", new)):
        assert f'id="{name}" disabled aria-describedby="{name}-reason"' in shown
        assert f'id="{name}-reason"' in shown
    assert "Acknowledge the concern first, so that the reporter knows it was seen." in new
    assert "things are still open. Do each, or decide against each, first." in seen
    assert 'href="#duty-' in seen
    assert "Next: let Tessa Teacher know that this was seen" in new
    assert "Next: let" not in seen
    assert "Dennis Deputy owns this case." in opened
    assert "Handled under the behaviour policy. Closed by Dora Safe" in closed
    assert "Open it again" in closed


def test_the_menu_stays_and_methods_that_change_nothing_change_nothing(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast.dsl)

    assert client.head(case_address("incident-detail", incident)).status_code == 200
    assert client.post(case_address("incident-detail", incident)).status_code == 405
    for name in ("note-add", "owner-set", "level-set", "question-ask"):
        assert client.get(case_address(name, incident)).status_code == 405
    assert client.put(address("incident-list", cast.school)).status_code == 405


def test_the_sentence_on_what_a_case_is_about_says_online_once(cast: Cast) -> None:
    pupil = make_person(school=cast.school, year_group="8")
    case = make_incident(
        school=cast.school,
        by=cast.teacher,
        people=[harmed(pupil)],
        category=Category.CONDUCT,
        place=Place.ONLINE,
        online_service="TikTok",
    )

    page = browser(cast.dsl).get(case_address("incident-detail", case))

    assert page.context["summary"] == "A Year 8 pupil: behaviour, online (TikTok)."
