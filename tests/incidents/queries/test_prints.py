"""What a printed chronology shows in each style, what everybody is called in it, and that it can be checked later."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import PersonKind
from incidents.entry_kinds import EntryKind
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology, notes, ownership, prints, workflow
from incidents.operations.incidents import Involved
from incidents.queries.prints import Printed, Purpose, Style, Wanted, printed, recheck
from incidents.statuses import Part, Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def incident(cast: Cast) -> Incident:
    people = [harmed(make_person(school=cast.school, name=name)) for name in ("Amira Khan", "Mia Marlow", "Sam Dale")]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people)
    notes.add_note(incident=incident, text="Mia rang.", by=cast.dsl, at=LATER)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=LATER)
    return Incident.objects.select_related("school", "logged_by").get(pk=incident.pk)


def names(made: Printed) -> list[str]:
    return [person.name for person in made.people]


def authors(made: Printed) -> list[str]:
    return ["".join(piece.text for piece in version.by) for item in made.items for version in item.versions]


def test_the_child_it_is_for_is_named_and_others_begin_with_b(incident: Incident) -> None:
    mia = incident.people.select_related("person").get(person__given_name="Mia")

    assert names(printed(incident, Wanted(Style.EVIDENTIAL, child=mia))) == ["Pupil B", "Mia Marlow", "Pupil C"]
    assert names(printed(incident, Wanted(Style.EVIDENTIAL))) == ["Pupil A", "Pupil B", "Pupil C"]
    everybody = printed(incident, Wanted(Style.EVIDENTIAL, is_all_named=True))
    assert names(everybody) == ["Amira Khan", "Mia Marlow", "Sam Dale"]
    assert not everybody.is_replaced


def test_more_children_than_letters_are_told_apart(cast: Cast) -> None:
    people = [harmed(make_person(school=cast.school)) for _ in range(30)]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people)

    found = names(printed(incident, Wanted(Style.SUMMARY)))

    assert len(set(found)) == 30
    assert found[25:28] == ["Pupil Z", "Pupil AA", "Pupil AB"]


def test_a_summary_holds_decisions_as_they_stand_now(cast: Cast, incident: Incident) -> None:
    ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=LATER + timedelta(minutes=1))
    decided = ChronologyEntry.objects.get(event="incident.assigned")
    chronology.correct(entry=decided, text="Given to the deputy.", reason="Plainer.", by=cast.dsl, at=LATER)

    made = printed(incident, Wanted(Style.SUMMARY, is_all_named=True))

    assert {item.item.kind for item in made.items} == {EntryKind.DECISION}
    assert [[version.text[0].text for version in item.versions] for item in made.items][-1] == ["Given to the deputy."]
    assert made.ending[0] == ("Status", "Acknowledged")


def test_an_evidential_print_holds_every_version_of_every_entry(cast: Cast, incident: Incident) -> None:
    note = ChronologyEntry.objects.get(event="incident.note_added")
    chronology.correct(entry=note, text="Sam rang.", reason="Mixed up.", by=cast.deputy, at=LATER)

    made = printed(incident, Wanted(Style.EVIDENTIAL))

    assert sum(len(item.versions) for item in made.items) == made.total == ChronologyEntry.objects.count()
    assert sorted(authors(made)) == ["Dennis Deputy", "Dora Safe", "Dora Safe", "Tessa Teacher"]


def test_without_staff_names_two_of_a_role_are_told_apart(cast: Cast, incident: Incident) -> None:
    accused = person_of(cast.colleague, cast.school)
    incident.people.create(school=cast.school, person=accused, part=Part.NAMED, added_at=NOW, added_by=cast.teacher)
    notes.add_note(incident=incident, text="Colin said: ask Mrs Deputy.", by=cast.colleague, at=LATER)
    notes.add_note(incident=incident, text="Ned Network and Dora Safe know.", by=cast.deputy, at=LATER)

    made = printed(incident, Wanted(Style.WITHOUT_STAFF))

    said = " ".join(piece.text for item in made.items for version in item.versions for piece in version.text)
    assert set(authors(made)) == {
        "Member of staff 1",
        "Member of staff 2",
        "Designated Safeguarding Lead",
        "Deputy Designated Safeguarding Lead",
    }
    assert "Member of staff named" in names(made)
    assert not {"Colin", "Deputy.", "Ned", "Network", "Dora", "Safe"} & set(said.split())


def test_a_child_who_shares_a_name_with_staff_is_found_all_the_same(cast: Cast) -> None:
    dora = make_person(school=cast.school, name="Dora Safely")
    other = make_person(school=cast.school, name="Ann Safe")
    contact = Involved(part=Part.NAMED, person=make_person(school=cast.school, kind=PersonKind.OTHER, name="Al Ng"))
    incident = make_incident(school=cast.school, by=cast.teacher, people=[harmed(dora), alleged(other), contact])
    notes.add_note(incident=incident, text="Dora Safe told Dora and Miss Safe of Ng.", by=cast.dsl, at=LATER)

    made = printed(incident, Wanted(Style.EVIDENTIAL))

    note = next(item for item in made.items if item.item.kind is EntryKind.NOTE)
    assert "".join(piece.text for piece in note.versions[0].text) == (
        "Dora Safe told [Pupil A] and Miss [Pupil B] of [Adult 1]."
    )


def _printed_now(cast: Cast, incident: Incident) -> str:
    wanted = Wanted(Style.EVIDENTIAL)
    made = printed(incident, wanted)
    prints.record(
        incident=incident, wanted=wanted, made=made, purpose=Purpose.COURT, words="Asked.", by=cast.dsl, at=LATER
    )
    return made.digest


def test_what_was_printed_is_found_unaltered_also_after_more_was_added(cast: Cast, incident: Incident) -> None:
    digest = _printed_now(cast, incident)
    notes.add_note(incident=incident, text="Later.", by=cast.dsl, at=LATER + timedelta(minutes=1))

    assert recheck(incident, digest) is None
    assert recheck(incident, "0" * 64) == "No document with this SHA-256 was made of this case."
    other = make_incident(school=cast.school, by=cast.teacher)
    assert recheck(other, digest) == "No document with this SHA-256 was made of this case."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "UPDATE incidents_chronologyentry SET event = 'incident.closed' WHERE event = 'incident.note_added'",
            "An entry",
        ),
        ("DELETE FROM incidents_chronologyentry WHERE event = 'incident.note_added'", "The case had 3 entries then"),
    ],
)
def test_what_was_altered_or_removed_since_is_said(cast: Cast, incident: Incident, change: str, sentence: str) -> None:
    digest = _printed_now(cast, incident)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE incidents_chronologyentry DISABLE TRIGGER USER")
        cursor.execute(change)
        cursor.execute("ALTER TABLE incidents_chronologyentry ENABLE TRIGGER USER")

    assert str(recheck(incident, digest)).startswith(sentence)


def test_the_digest_is_of_what_was_written_whatever_is_shown_of_it(incident: Incident) -> None:
    digests = {printed(incident, Wanted(style)).digest for style in Style}
    named = printed(incident, replace(Wanted(Style.EVIDENTIAL), is_all_named=True)).digest

    assert digests == {named}
