"""The chronology on paper and as PDF: what it holds, whose names are gone from it, and what is kept of its making."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.errors import Refused
from accounts.models import AuditEvent, PersonKind, Relation
from accounts.operations.people import relate
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology, notes, workflow
from incidents.operations.incidents import Involved
from incidents.statuses import Part, Status
from tests.accounts.documents_payloads import payloads
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.pages import audited, browser, case_address, words
from tests.incidents.views.test_incidents_queries import count, settled
from tests.paper import attached, needs_pdf, told_by, unpacked
from tests.paper import words as words_of

# Of another child, a parent and an aunt of theirs, and somebody nobody knows: only in what names everybody.
CANARIES = ["Wilfred", "Quillfeather", "Ottoline", "Xanthe", "Zenobia"]
LATER = NOW + timedelta(hours=2)
MAKING, SHOWING = 9, 15
SENT = {"style": "evidential", "purpose": "police", "words": "Asked for by DC Example."}
SAID = "WILFRED Quillfeather hit Amira; Quillfeather, Wilfred ran. Wilfreds mum (Ottoline) rang Zenobia."
SAID += " @wilfred.quillfeather"


@pytest.fixture
def incident(cast: Cast) -> Incident:
    """A case full of names, in every field in which anybody writes."""
    amira = make_person(school=cast.school, name="Amira Khan")
    other = make_person(school=cast.school, name="Wilfred Quillfeather")
    mother = make_person(school=cast.school, name="Ottoline Quillfeather", kind=PersonKind.CONTACT)
    father = make_person(school=cast.school, name="Karim Khan", kind=PersonKind.CONTACT)
    relate(person=father, related=amira, relation=Relation.PARENT, at=NOW)
    aunt = make_person(school=cast.school, name="Zenobia Plum", kind=PersonKind.CONTACT)
    relate(person=aunt, related=other, relation=Relation.RELATIVE, at=NOW)
    unknown = Involved(part=Part.WITNESS, description="A girl called Xanthe")
    incident = make_incident(
        school=cast.school,
        by=cast.teacher,
        people=[
            *(harmed(amira), alleged(other), unknown),
            *(Involved(part=Part.NAMED, person=mother), Involved(part=Part.NAMED, person=father)),
        ],
        **dict.fromkeys(("narrative", "action_taken", "place_detail", "late_reason"), f"{SAID} Xanthe saw it."),
        online_service="Chat of Wilfred",
        became_aware_at=NOW - timedelta(days=3),
    )
    note = notes.add_note(incident=incident, text=f"Mr Karim Khan told me: {SAID}", by=cast.dsl, at=LATER)
    chronology.correct(entry=note, text=f"Not so. {SAID}", reason="Wilfred was not there.", by=cast.deputy, at=LATER)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=LATER)
    return incident


def child(incident: Incident) -> str:
    return str(incident.people.get(person__given_name="Amira").pk)


def everything(pdf: bytes, folder: Path) -> str:
    """Return all that a document says to anybody who looks: its text, its facts, its objects, what is attached."""
    assert attached(pdf, folder) == []
    read = [words_of(pdf), told_by("pdfinfo", "-", given=pdf), told_by("pdfinfo", "-meta", "-", given=pdf)]
    return " ".join([*read, unpacked(pdf).decode("latin-1")])


@needs_pdf
@pytest.mark.parametrize("style", ["evidential", "summary", "without_staff"])
@pytest.mark.parametrize("for_child", [True, False])
def test_no_name_is_left_that_its_reader_may_not_have(
    cast: Cast, incident: Incident, style: str, for_child: bool, tmp_path: Path
) -> None:
    names = child(incident) if for_child else "nobody"
    sent = {**SENT, "style": style, "names": names, "words": f"Asked for. {SAID} Xanthe", "as": "pdf"}

    answer = browser(cast.dsl).post(case_address("chronology-print", incident), sent)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{incident.reference}.pdf"'
    said = everything(answer.content, tmp_path)
    gone = [*CANARIES, *([] if for_child else ["Amira", "Karim"])]
    gone += ["Dora", "Tessa", "Dennis", "Teacher", "Deputy"] if style == "without_staff" else []
    assert [name for name in gone if name.lower() in said.lower().replace("deputy designated", "")] == []
    assert "Pupil B" in said
    assert ("Amira Khan" in said) == for_child
    assert ("Dora Safe" in said) == (style != "without_staff")


@needs_pdf
def test_who_has_to_know_everybody_is_given_every_name(cast: Cast, incident: Incident) -> None:
    answer = browser(cast.dsl).post(
        case_address("chronology-print", incident), {**SENT, "names": "everybody", "as": "pdf"}
    )

    said = words_of(answer.content)
    assert [name for name in CANARIES if name not in said] == []
    assert "Pupil B" not in said


@needs_pdf
def test_what_people_typed_reaches_nothing(cast: Cast, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("CNRY-file")
    typed = "\n".join(payloads(9, str(canary)))
    incident = make_incident(school=cast.school, by=cast.teacher, narrative=typed)
    notes.add_note(incident=incident, text=typed, by=cast.dsl, at=NOW)

    answer = browser(cast.dsl).post(
        case_address("chronology-print", incident), {**SENT, "names": "nobody", "as": "pdf"}
    )

    said = words_of(answer.content)
    assert "<img src=" in said
    assert "CNRY-file" not in said
    assert attached(answer.content, tmp_path) == []


def test_it_is_a_page_too_with_the_same_words(cast: Cast, incident: Incident) -> None:
    page = browser(cast.dsl).post(
        case_address("chronology-print", incident), {**SENT, "names": child(incident), "as": "page"}
    )

    assert page.status_code == 200
    assert [name for name in CANARIES if name.lower() in words(page).lower()] == []
    assert '<mark class="sg-replaced">[Pupil B]</mark> hit Amira' in words(page)
    assert "Karim Khan told me" in words(page)
    assert "<script" not in words(page)


def test_that_it_was_made_is_kept_with_its_purpose_before_it_leaves(
    cast: Cast, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise Refused("document_too_slow", "This document took too long to make.")

    monkeypatch.setattr("incidents.views.prints.write_pdf", refuse)
    before = len(audited(cast.school))

    page = browser(cast.dsl).post(
        case_address("chronology-print", incident), {**SENT, "names": child(incident), "as": "pdf"}
    )

    assert "This document took too long to make." in words(page)
    entry = ChronologyEntry.objects.get(event=Event.CHRONOLOGY_PRINTED)
    assert entry.text == (
        "Evidential. For: The police. Asked for by DC Example. Made for Amira Khan; other children are letters in it."
    )
    events = [event for _, event in audited(cast.school)]
    assert (len(events), events.count(Event.CHRONOLOGY_PRINTED)) == (before + 1, 1)
    row = AuditEvent.objects.get(event=Event.CHRONOLOGY_PRINTED)
    assert set(row.data) == {"entry", "style", "purpose", "sha256", "entries"}
    assert "Amira" not in str(row.data) + row.summary


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"style": ""}, "Choose what it should hold."),
        ({"names": "somebody"}, "Choose who may be named."),
        ({"purpose": ""}, "Choose whom it is for."),
        ({"words": " "}, "Write down what it is for. It is kept with the case."),
        ({"style": "without_staff", "names": "everybody"}, "does not name everybody else"),
    ],
)
def test_without_an_answer_nothing_is_made(
    cast: Cast, incident: Incident, change: dict[str, str], sentence: str
) -> None:
    page = browser(cast.dsl).post(case_address("chronology-print", incident), {**SENT, "names": "nobody", **change})

    assert sentence in words(page)
    assert not ChronologyEntry.objects.filter(event=Event.CHRONOLOGY_PRINTED).exists()


def test_what_was_printed_can_be_checked(cast: Cast, incident: Incident, capsys: pytest.CaptureFixture[str]) -> None:
    page = words(
        browser(cast.dsl).post(case_address("chronology-print", incident), {**SENT, "names": "nobody", "as": "page"})
    )
    notes.add_note(incident=incident, text="Written later.", by=cast.dsl, at=AuditEvent.objects.latest("at").at)
    row = AuditEvent.objects.get(event=Event.CHRONOLOGY_PRINTED)
    slug, seal, digest = cast.school.slug, bytes(row.hash).hex(), row.data["sha256"]

    assert seal in page
    assert digest in page
    call_command("verify_audit", school=slug, row=["school", str(row.seq), seal])
    assert "as printed" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify_audit", school=slug, row=["school", str(row.seq), "00"])
    assert "is not what was printed" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify_print", incident.reference, "00", school=slug)


def test_the_pages_ask_as_often_for_a_long_chronology_as_for_a_short_one(cast: Cast, incident: Incident) -> None:
    client = settled(browser(cast.dsl), cast)
    target = case_address("chronology-print", incident)
    sent = {**SENT, "names": child(incident), "as": "page"}
    client.get(target)

    def counts() -> list[int]:
        return [count(lambda: client.get(target)), count(lambda: client.post(target, sent))]

    with_few = counts()
    for number in range(40):
        notes.add_note(incident=incident, text=f"Wilfred {number}", by=cast.deputy, at=NOW)

    assert counts() == with_few == [MAKING, SHOWING]
