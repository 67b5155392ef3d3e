"""Parents: told, or not told and why; what the policy asks is settled once each pupil's home is."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from accounts.models import Person, PersonKind
from incidents.care import Way, WhyNot
from incidents.models import Incident, InvolvedPerson, Obligation, ParentContact
from incidents.operations import contacts
from incidents.operations.contacts import Home, Telling
from incidents.operations.incidents import Involved
from incidents.queries.contacts import homes
from incidents.statuses import Part
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.asking import ask_for, owed
from tests.incidents.operations.test_actions import FRIDAY, close

KEY = "inform_parents:parents"
SAID = "That she was sent messages, and what we do about it."
HEARD = "“Thank you for ringing.”"
CALL = Telling(NOW - timedelta(hours=1), Way.PHONE, "Dora Safe", SAID, HEARD)


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case in which one pupil was harmed and another is said to have done it; a third saw it."""
    named = [harmed(pupil(cast, "Amira Hadley")), alleged(pupil(cast, "Ben Reed"))]
    saw = Involved(part=Part.WITNESS, person=pupil(cast, "Cleo Witness"))
    return make_incident(school=cast.school, by=cast.teacher, people=[*named, saw])


def pupil(cast: Cast, name: str) -> Person:
    return make_person(school=cast.school, name=name)


def parent(cast: Cast, name: str = "Sara Hadley") -> Person:
    return make_person(school=cast.school, kind=PersonKind.CONTACT, name=name)


def part(case: Incident, name: str) -> InvolvedPerson:
    given, _, family = name.partition(" ")
    row: InvolvedPerson = InvolvedPerson.objects.select_related("person").get(
        incident=case, person__given_name=given, person__family_name=family
    )
    return row


def tell(cast: Cast, case: Incident, name: str = "Amira Hadley", **changes: Any) -> list[ParentContact]:
    details = {"home": Home(described="Mrs Hadley"), "telling": CALL, "sent_id": uuid.uuid4(), **changes}
    return contacts.tell(incident=case, pupil=part(case, name), by=cast.dsl, at=NOW, **details)


def leave(cast: Cast, case: Incident, name: str = "Amira Hadley", **changes: Any) -> list[ParentContact]:
    details: dict[str, Any] = {
        "home": Home(described="Mrs Hadley"),
        "why_not": WhyNot.UNREACHABLE,
        "reason": "Rang three times.",
        "again_at": FRIDAY,
        "sent_id": uuid.uuid4(),
        **changes,
    }
    return contacts.leave_untold(incident=case, pupil=part(case, name), by=cast.dsl, at=NOW, **details)


def test_what_was_said_is_kept_word_for_word_and_written_into_the_chronology(cast: Cast, case: Incident) -> None:
    mother = parent(cast)

    rows = tell(cast, case, home=Home([mother], "Mr Reed, grandfather"))

    stored = {row.name: row for row in ParentContact.objects.all()}
    assert set(stored) == {"Sara Hadley", "Mr Reed, grandfather"} == {row.name for row in rows}
    one = stored["Sara Hadley"]
    assert (one.is_told, one.told_at, one.way_label) == (True, CALL.told_at, "By telephone")
    assert (one.teller, one.said, one.heard) == ("Dora Safe", SAID, HEARD)
    entry = case.chronology.get(event="incident.parents_told")
    assert entry.text == (
        "Home of Amira Hadley: Sara Hadley, Mr Reed, grandfather. By telephone, 17 November 2026 at 7:25, by Dora Safe."
        f"\nThey were told: {SAID}\nThey said: {HEARD}"
    )


def test_the_duty_is_done_once_every_harmed_and_accused_pupils_home_was_told(cast: Cast, case: Incident) -> None:
    tell(cast, case)
    assert owed(case, KEY).state == State.OPEN

    tell(cast, case, "Ben Reed", home=Home(described="Mr Reed"))

    row = owed(case, KEY)
    assert (row.state, row.settled_by) == (State.DONE, cast.dsl)
    assert row.reason == (
        "Home of Amira Hadley: Mrs Hadley told, 17 November 2026 at 7:25.\n"
        "Home of Ben Reed: Mr Reed told, 17 November 2026 at 7:25."
    )


def test_where_one_home_is_told_and_the_other_for_good_is_not_it_is_done(cast: Cast, case: Incident) -> None:
    leave(cast, case, "Ben Reed", again_at=None, why_not=WhyNot.NO_RIGHT, reason="A court order of May.")
    tell(cast, case)

    row = owed(case, KEY)
    assert row.state == State.DONE
    assert row.reason
    assert (
        "Home of Ben Reed: not told. A court order or the law keeps it from them. A court order of May." in row.reason
    )


def test_where_no_home_is_told_for_good_it_is_not_needed_with_the_reasons(cast: Cast, case: Incident) -> None:
    for name in ("Amira Hadley", "Ben Reed"):
        leave(cast, case, name, again_at=None, why_not=WhyNot.PUPIL_ASKED, reason=f"{name} is 17.")

    row = owed(case, KEY)
    assert (row.state, row.settled_by) == (State.WAIVED, cast.dsl)
    assert row.reason
    assert "Amira Hadley is 17." in row.reason
    assert "Ben Reed is 17." in row.reason


def test_not_yet_told_settles_nothing_and_somebody_looks_at_it_again(cast: Cast, case: Incident) -> None:
    leave(cast, case)
    leave(cast, case, "Ben Reed")

    assert owed(case, KEY).state == State.OPEN
    again = Obligation.objects.filter(incident=case, pack_id="").order_by("words")
    assert {row.words for row in again} == {
        "Decide again whether the parents of Amira Hadley can be told",
        "Decide again whether the parents of Ben Reed can be told",
    }
    assert {row.due_at for row in again} == {FRIDAY}


@pytest.mark.parametrize("why", [WhyNot.UNSAFE, WhyNot.AGENCY_ASKED])
def test_while_telling_them_would_put_a_child_at_risk_the_clock_rests(cast: Cast, case: Incident, why: WhyNot) -> None:
    leave(cast, case, why_not=why, reason="She says he would beat her.")

    row = owed(case, KEY)
    assert (row.state, row.alert_at) == (State.PAUSED, None)
    paused = case.chronology.get(event="incident.duty_paused")
    assert f"{why.label}. She says he would beat her." in paused.text


def test_once_they_can_be_told_after_all_it_is_done_and_nobody_looks_at_it_again(cast: Cast, case: Incident) -> None:
    leave(cast, case, why_not=WhyNot.UNSAFE)
    tell(cast, case, "Ben Reed")

    tell(cast, case)

    assert owed(case, KEY).state == State.DONE
    assert Obligation.objects.get(incident=case, pack_id="").state == State.DONE


def test_a_new_reason_takes_the_place_of_the_day_before(cast: Cast, case: Incident) -> None:
    leave(cast, case)
    leave(cast, case, again_at=FRIDAY + timedelta(days=7))

    waiting = Obligation.objects.filter(incident=case, pack_id="").order_by("due_at")
    assert [(row.state, row.due_at) for row in waiting] == [
        (State.DONE, FRIDAY),
        (State.OPEN, FRIDAY + timedelta(days=7)),
    ]


def test_the_police_first(cast: Cast, case: Incident) -> None:
    ask_for(case, "forbid:share_beyond_school!", until="police_advice")

    with pytest.raises(Refused, match="The police first") as refused:
        tell(cast, case)

    assert refused.value.code == "telling_forbidden"
    assert not ParentContact.objects.exists()
    # Not telling them is what the policy wants, and is written down.
    leave(cast, case, why_not=WhyNot.AGENCY_ASKED)
    assert ParentContact.objects.get().is_told is False


def test_whom_it_is_about_is_not_told_by_way_of_their_parents(cast: Cast, case: Incident) -> None:
    ask_for(case, "forbid:tell_subject!")
    accused = parent(cast, "Paul Hadley")
    InvolvedPerson.objects.create(
        school=cast.school, incident=case, person=accused, part=Part.ALLEGED, added_at=NOW, added_by=cast.dsl
    )

    for name, home in (("Ben Reed", Home(described="Mr Reed")), ("Amira Hadley", Home([accused]))):
        with pytest.raises(Refused, match="forbids telling the person it is about"):
            tell(cast, case, name, home=home)
    assert tell(cast, case, home=Home([parent(cast)]))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"home": Home()}, "nobody_named"),
        ({"home": Home(described=" ")}, "nobody_named"),
        ({"telling": replace(CALL, said="\n")}, "said_missing"),
        ({"telling": replace(CALL, teller="")}, "said_missing"),
        ({"telling": replace(CALL, told_at=NOW + timedelta(minutes=1))}, "told_in_future"),
    ],
)
def test_a_telling_that_says_nothing_is_refused(cast: Cast, case: Incident, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        tell(cast, case, **changes)

    assert refused.value.code == code
    assert not ParentContact.objects.exists()


def test_not_telling_has_a_reason(cast: Cast, case: Incident) -> None:
    with pytest.raises(Refused) as refused:
        leave(cast, case, reason=" ")

    assert refused.value.code == "reason_missing"
    assert not ParentContact.objects.exists()
    assert owed(case, KEY).state == State.OPEN


def test_a_closed_case_is_opened_first(cast: Cast, case: Incident) -> None:
    close(cast, case)

    for attempt in (tell, leave):
        with pytest.raises(Refused, match="closed"):
            attempt(cast, case)


def test_sent_twice_it_is_kept_once(cast: Cast, case: Incident) -> None:
    sent_id = uuid.uuid4()

    first = tell(cast, case, sent_id=sent_id)
    assert tell(cast, case, sent_id=sent_id) == first

    assert ParentContact.objects.count() == 1
    assert case.chronology.filter(event="incident.parents_told").count() == 1


def test_an_entry_is_never_changed(cast: Cast, case: Incident) -> None:
    [row] = tell(cast, case)
    row.said = "Something else"

    with pytest.raises(Refused, match="only ever added to"):
        row.save()


def test_the_latest_entry_stands_first_and_witnesses_do_not_count(cast: Cast, case: Incident) -> None:
    leave(cast, case)
    tell(cast, case)

    found = {home.name: home for home in homes(case)}

    assert [entry.is_told for entry in found["Amira Hadley"].entries] in ([True, False], [False, True])
    assert (found["Amira Hadley"].is_settled, found["Ben Reed"].is_settled) == (True, False)
    assert [home.counts for home in homes(case)] == [True, True, False]
