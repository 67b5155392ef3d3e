"""Whatever is typed: it comes back to the letter or is refused with a sentence, it is never run, and never a 500."""

import html
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Person, User
from accounts.models.people import searchable
from incidents.events import Event
from incidents.models import ChronologyEntry, ConcernDraft, Incident, InvolvedPerson
from incidents.operations import questions
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_person
from tests.incidents.pages import address, browser, case_address, draft_address, main, send, typed, value_of, words

NUL = "invisible character"
BOXES = ("narrative", "action_taken", "place_detail", "online_service", "late_reason")
HARMLESS = [
    "\u202egnp.exe\u202c \u2066abc\u2069 \u200f",
    "👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e007f 🇬🇧 \ufe0f",
    "Z\u0341\u0335a\u0340l\u0336g\u0353o" + "\u0301" * 30,
    "e\u0301 é \u1e9b\u0323 \ufb01 \u212b",
    "\u2028line\u2029 \u0085 \x0b\x0c\x1b[31m\x07\x08 \x7f",
    "\ufeffbom \u00ad \u200b \u3164",
    "\U0010ffff \ufffe \ufdd0",
    "ﷺ 你好 שלום हिन्दी",
    "\r\n\r\n lines \n\r \t ",
    "%s %(x)s {0} {{ 7|add:7 }} {% debug %} ${7*7} #{7*7}",
    "../../etc/passwd \\..\\ C:\\con %00 %0d%0aSet-Cookie: x=1",
    "'; DROP TABLE incidents_incident; -- \" OR 1=1",
    '=HYPERLINK("http://x.example","y") @SUM(1) +1 -1',
    "NULL undefined NaN true 0x1F 1e309",
]
XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</title></p></bdi><svg/onload=alert(1)>",
    "<!--><iframe src=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<a href="javascript:alert(1)">x</a>',
    "]]><!CDATA[<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "\u003cscript\u003e\u2028alert(1)",
]


def everywhere(text: str, *people: Any) -> dict[str, Any]:
    """Return a late concern with the text in every box."""
    boxes = {name: text[:80] if name == "online_service" else text[:500] for name in BOXES}
    rows = [*people, ("unknown", "named", text[:500])]
    return typed(*rows, aware_date="2026-11-14", happened_date="", happened_time="", **boxes)


def stored(incident: Incident) -> dict[str, str]:
    return {name: getattr(incident, name) for name in BOXES}


@pytest.mark.parametrize("text", HARMLESS + XSS)
def test_words_in_every_box_come_back_to_the_letter(cast: Cast, text: str) -> None:
    client, draft_id = browser(cast.teacher), uuid.uuid4()
    data = everywhere(text)
    client.post(address("draft-save", cast.school, draft_id=draft_id), data)
    form = client.get(draft_address(cast.school, draft_id))
    for name in BOXES[:4]:
        assert value_of(form, name) == data[name], name

    sent = send(client, cast.school, data, draft_id)

    assert sent.status_code == 302
    incident = Incident.objects.get()
    assert stored(incident) == {name: data[name] for name in BOXES}
    assert InvolvedPerson.objects.get().description == text[:500]
    for page in (
        client.get(case_address("my-concern", incident)),
        browser(cast.dsl).get(case_address("incident-detail", incident)),
    ):
        assert text in words(page)


@pytest.mark.parametrize("box", [*BOXES, "person_description"])
def test_a_letter_that_cannot_be_kept_is_refused_with_a_sentence_and_the_rest_stays(cast: Cast, box: str) -> None:
    data = everywhere("words")
    data[box] = ["a\x00b"] if box == "person_description" else "a\x00b"
    client, draft_id = browser(cast.teacher), uuid.uuid4()

    page = send(client, cast.school, data, draft_id)

    assert page.status_code == 200
    assert NUL in words(page)
    assert not Incident.objects.exists()
    assert client.get(draft_address(cast.school, draft_id)).status_code == 200
    for name in BOXES[:4]:
        assert value_of(page, name) == data[name]


@pytest.mark.parametrize("query", ["\x00", "mia\x00", "a b " * 3000, "x" * 300_000, "(((", "\\"])
def test_a_search_for_people_that_makes_no_sense_does_not_spoil_the_draft(cast: Cast, query: str) -> None:
    client, draft_id = browser(cast.teacher), uuid.uuid4()

    sent = send(client, cast.school, typed(action="find_person", person_query=query), draft_id)

    assert sent.status_code == 302
    page = client.get(draft_address(cast.school, draft_id))
    assert page.status_code == 200
    assert value_of(page, "narrative") == typed()["narrative"]


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        (50_001, "This is 1 letters too long. Shorten it; nothing you typed is lost."),
        (1_000_000, "This is 950,000 letters too long. Shorten it; nothing you typed is lost."),
        (2_000_000, "This is too long to be saved. Shorten what happened, and say that there is more."),
    ],
)
def test_very_long_words_are_refused_and_stay_on_the_page(cast: Cast, letters: int, sentence: str) -> None:
    text = "a" * letters

    page = send(browser(cast.teacher), cast.school, typed(narrative=text))

    assert page.status_code == 200
    assert sentence in words(page)
    assert value_of(page, "narrative") == text
    is_saved = letters < 1_500_000
    assert ("What you typed is saved." in words(page)) is is_saved
    assert ConcernDraft.objects.count() == is_saved


def test_fifty_thousand_letters_of_any_kind_are_kept(cast: Cast) -> None:
    text = "\u202e👩\u200d👧é" * 10_000

    sent = send(browser(cast.teacher), cast.school, typed(narrative=text))

    assert sent.status_code == 302
    assert Incident.objects.get().narrative == text


@pytest.mark.parametrize("page", ["draft", "note", "queue", "signed out"])
@pytest.mark.parametrize("size", ["5 MB", "thousands of boxes"])
def test_what_is_too_large_to_read_gets_a_page_that_says_so(cast: Cast, page: str, size: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client = Client() if page == "signed out" else browser(cast.dsl)
    target = {
        "note": case_address("note-add", incident),
        "queue": address("incident-list", cast.school),
    }.get(page, draft_address(cast.school, uuid.uuid4()))
    data = {"narrative": "a" * 5_000_000} if size == "5 MB" else {f"box{number}": "a" for number in range(3000)}

    answer = client.post(target, data)

    assert answer.status_code == 400
    assert "We could not read what your browser sent" in words(answer)
    assert "what you typed is usually still on the page" in words(answer)


def _pages(cast: Cast, incident: Incident, payload: str) -> dict[str, Callable[[], Any]]:
    teacher, lead, admin = browser(cast.teacher), browser(cast.dsl), browser(cast.administrator)
    refused = {"note-text": f"{payload}\x00"}
    return {
        "form": lambda: send(teacher, cast.school, everywhere(payload) | {"category": ""}),
        "found": lambda: send(teacher, cast.school, typed(action="nothing", person_query=payload, category="")),
        "receipt": lambda: teacher.get(case_address("incident-receipt", incident)),
        "my concern": lambda: teacher.get(case_address("my-concern", incident)),
        "my concerns": lambda: teacher.get(address("my-concerns", cast.school)),
        "case": lambda: lead.get(case_address("incident-detail", incident)),
        "refused": lambda: lead.post(case_address("note-add", incident), refused),
        "queue": lambda: lead.get(address("incident-list", cast.school)),
        "filters": lambda: lead.post(address("incident-list", cast.school), {"text": payload, "status": payload}),
        "home": lambda: lead.get(address("school-home", cast.school)),
        "own home": lambda: teacher.get(address("school-home", cast.school)),
        "members": lambda: admin.get(address("member-list", cast.school)),
        "session ended": lambda: Client().post(case_address("note-add", incident), {payload: payload}),
        "not found": lambda: lead.get(f"{address('incident-list', cast.school)}{payload}/"),
    }


@pytest.mark.parametrize("payload", XSS)
def test_nothing_that_was_typed_is_ever_run(cast: Cast, payload: str) -> None:
    pupil = make_person(school=cast.school)
    Person.objects.filter(pk=pupil.pk).update(
        given_name=payload[:80], family_name=payload[:80], search_name=searchable(payload)[:170], form=payload[:20]
    )
    User.objects.filter(pk__in=[cast.teacher.pk, cast.dsl.pk]).update(full_name=payload)
    type(cast.school).objects.filter(pk=cast.school.pk).update(name=payload, role_titles={"dsl": payload})
    teacher = browser(cast.teacher)
    assert send(teacher, cast.school, everywhere(payload, (str(pupil.pk), "harmed", ""))).status_code == 302
    incident = Incident.objects.get()
    lead = browser(cast.dsl)
    lead.post(case_address("question-ask", incident), {"question-text": payload})
    question = ChronologyEntry.objects.get(event=Event.QUESTION_ASKED)
    answer = case_address("question-answer", incident, question_id=question.pk)
    assert teacher.post(answer, {f"{question.pk}-text": payload}).status_code == 302
    lead.post(case_address("note-add", incident), {"note-text": payload})
    lead.post(case_address("level-set", incident), {"level": "0", "reason": payload})

    seen = {name: ask().content.decode() for name, ask in _pages(cast, incident, payload).items()}

    dangerous = {name for name, page in seen.items() if payload in page}
    # A payload that is escaped already would be found as part of its own escaped form.
    assert dangerous == set() or html.unescape(payload) != payload
    for name in ("form", "my concern", "case", "refused", "queue", "home", "members", "session ended"):
        assert payload in html.unescape(seen[name]), name
    assert not [name for name, page in seen.items() if "<script>alert" in page or "onerror=alert(1)>" in page]


def test_what_is_written_about_a_case_comes_back_to_the_letter(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    lead, teacher = browser(cast.dsl), browser(cast.teacher)
    question = questions.ask(incident=incident, text="When?", by=cast.dsl, at=NOW)

    for text in HARMLESS:
        lead.post(case_address("note-add", incident), {"note-text": text})
        lead.post(case_address("question-ask", incident), {"question-text": text})
    answer = case_address("question-answer", incident, question_id=question.pk)
    teacher.post(answer, {f"{question.pk}-text": "".join(HARMLESS)})

    entries = {
        event: [entry.text for entry in ChronologyEntry.objects.filter(event=event)]
        for event in (Event.NOTE_ADDED, Event.QUESTION_ASKED, Event.QUESTION_ANSWERED)
    }
    assert set(entries[Event.NOTE_ADDED]) == set(HARMLESS)
    assert set(entries[Event.QUESTION_ASKED]) == {*HARMLESS, "When?"}
    assert entries[Event.QUESTION_ANSWERED] == ["".join(HARMLESS)]
    assert all(text in main(lead.get(case_address("incident-detail", incident))) for text in HARMLESS)


texts = st.text(max_size=80)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    boxes=st.fixed_dictionaries(dict.fromkeys(BOXES, texts)), described=texts, action=st.one_of(st.just("send"), texts)
)
def test_any_words_at_all_are_kept_or_refused(cast: Cast, boxes: dict[str, str], described: str, action: str) -> None:
    client, draft_id = browser(cast.teacher), uuid.uuid4()
    data = everywhere("x") | boxes | {"person_description": [described], "late_was_asked": "1", "action": action}

    sent = send(client, cast.school, data, draft_id)

    if Incident.objects.filter(draft_id=draft_id).exists():
        incident = Incident.objects.get(draft_id=draft_id)
        assert {name: value or "" for name, value in stored(incident).items()} == boxes
        page = client.get(case_address("my-concern", incident))
        assert words(page).count(boxes["narrative"]) >= 1
    else:
        assert sent.status_code in (200, 302)
        page = client.get(draft_address(cast.school, draft_id))
        assert value_of(page, "narrative") == boxes["narrative"]
    assert page.status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.dictionaries(st.sampled_from(["text", "status", "category", "year_group", "owner", "page", "drop"]), texts)
)
def test_any_filter_at_all_gets_a_queue(cast: Cast, sent: dict[str, str]) -> None:
    client = browser(cast.dsl)

    assert client.post(address("incident-list", cast.school), sent).status_code == 200
    found = client.post(address("person-search", cast.school), {"q": sent.get("text", "")})
    assert found.status_code == 200


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "unicode_escape", "hex"])
def test_letters_of_another_alphabet_table_are_no_way_in(cast: Cast, charset: str) -> None:
    """A browser sends UTF-8. Whoever says otherwise may smuggle in halves of letters that nothing can write down."""
    draft_id = uuid.uuid4()
    sent = (
        '--x\r\nContent-Disposition: form-data; name="narrative"\r\n\r\n\\ud800 +2AA-\r\n'
        '--x\r\nContent-Disposition: form-data; name="action"\r\n\r\nsave\r\n--x--\r\n'
    )
    client = browser(cast.teacher)
    client.raise_request_exception = False

    answer = client.generic(
        "POST", draft_address(cast.school, draft_id), sent, f"multipart/form-data; boundary=x; charset={charset}"
    )

    assert answer.status_code in (302, 400)
