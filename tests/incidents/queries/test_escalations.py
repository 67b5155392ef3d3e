"""What was missed and cannot be opened: shown to whom it was told, as a role and a moment, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import OutboxMessage, Relation
from accounts.operations import people
from accounts.roles import Role
from incidents.models import Escalation, Incident, InvolvedPerson, Obligation
from incidents.operations import told_concerns
from incidents.operations.escalations import OBLIGATIONS
from incidents.queries.escalations import SHOWN, MissedElsewhere, missed_elsewhere, stuck_duties
from incidents.routes import About
from incidents.statuses import Part
from policies.models import STUCK
from policies.operations.sweep import sweep
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, person_of
from tests.incidents.pages import address, browser, main, title

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVERYBODY = ("teacher", "colleague", "dsl", "deputy", "online_safety_lead", "head", "chair", "governor", "ict")


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Every request happens at the hour of the cast; the second factor has its own tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.SECOND_FACTOR_REQUIRED = False


def overdue(incident: Incident, **details: Any) -> Obligation:
    """Leave one duty of a case, a deed of the DSL that was due five hours ago; forget the messages."""
    row = Obligation.objects.filter(incident=incident).order_by("key").first()
    assert row is not None
    Obligation.objects.exclude(pk=row.pk).update(state="withdrawn", settled_at=NOW, alert_at=None)
    values = {
        "key": "do:keep_safe",
        "kind": "do",
        "target": "keep_safe",
        "owner_role": "dsl",
        "strength": 2,
        "any_of": [],
    }
    values |= {"within": "4h", "state": "open", "settled_at": None, "settled_by": None, "after_key": ""}
    due = NOW - 5 * HOUR
    values |= {"starts_at": NOW - 9 * HOUR, "due_at": due, "alert_at": due} | details
    Obligation.objects.filter(pk=row.pk).update(**values)
    OutboxMessage.objects.all().delete()
    row.refresh_from_db()
    return row


def missed_up_to_the_head(cast: Cast, **details: Any) -> Obligation:
    """Let a duty of the DSL be missed so long that the deputy and then the headteacher were told."""
    row = overdue(make_incident(school=cast.school, by=cast.teacher, **details))
    for moment in (NOW - 5 * HOUR, NOW - HOUR):
        sweep(now=moment, tables=[OBLIGATIONS])
    assert list(Escalation.objects.order_by("step").values_list("told_role", flat=True)) == [
        "deputy_dsl",
        "headteacher",
    ]
    return row


def seen(cast: Cast, at: Any = NOW) -> list[str]:
    return [name for name in EVERYBODY if missed_elsewhere(cast.access(name), at=at)]


# What other offices missed


def test_whoever_was_told_sees_the_role_and_the_time_and_nobody_else_anything(cast: Cast) -> None:
    row = missed_up_to_the_head(cast)

    assert seen(cast) == ["head"]
    assert missed_elsewhere(cast.access("head"), at=NOW) == [
        MissedElsewhere("Designated Safeguarding Lead", NOW - 5 * HOUR)
    ]
    assert missed_elsewhere(cast.access("next_door_dsl"), at=NOW) == []
    page = browser(cast.head).get(address("school-home", cast.school))
    section = main(page).partition("Missed by another office")[2].partition("</section>")[0]
    assert "Designated Safeguarding Lead" in section
    assert "due today 3:25" in section
    for telling in (row.incident.reference, row.text, str(row.pk), row.clause, str(row.incident_id)):
        assert telling not in section


@pytest.mark.parametrize("name", ["teacher", "dsl", "deputy", "chair", "governor", "ict"])
def test_the_section_is_absent_for_whoever_was_not_told(cast: Cast, name: str) -> None:
    missed_up_to_the_head(cast)

    page = browser(cast[name]).get(address("school-home", cast.school))

    assert title(page).startswith("My day")
    assert "Missed by another office" not in main(page)


def test_the_role_alone_is_not_enough_it_has_to_have_been_this_very_person(cast: Cast) -> None:
    missed_up_to_the_head(cast)
    second = make_member(school=cast.school, role=Role.HEADTEACHER, name="Second Head")

    assert main(browser(second).get(address("school-home", cast.school))).count("Missed by another office") == 0
    OutboxMessage.objects.all().delete()
    assert seen(cast) == []


def test_who_is_found_to_have_caused_harm_or_is_close_to_them_sees_it_no_longer(cast: Cast) -> None:
    row = missed_up_to_the_head(cast)
    head, colleague = person_of(cast.head, cast.school), person_of(cast.colleague, cast.school)
    assert seen(cast) == ["head"]

    found = InvolvedPerson.objects.create(
        school=cast.school,
        incident=row.incident,
        person=colleague,
        part=Part.ALLEGED,
        added_at=NOW,
        added_by=cast.dsl,
    )
    assert seen(cast) == ["head"], "somebody else's part hides nothing"
    people.relate(person=colleague, related=head, relation=Relation.SIBLING, at=NOW)
    assert seen(cast) == []
    found.delete()
    assert seen(cast) == ["head"]
    InvolvedPerson.objects.create(
        school=cast.school, incident=row.incident, person=head, part=Part.ALLEGED, added_at=NOW, added_by=cast.dsl
    )
    assert seen(cast) == []


def test_of_a_case_about_them_nobody_is_told_and_nobody_sees(cast: Cast) -> None:
    people_of_it = [alleged(person_of(cast.head, cast.school))]
    case = make_incident(school=cast.school, by=cast.teacher, about=About.HEADTEACHER, people=people_of_it)
    overdue(case)
    for hours in range(0, 120, 12):
        sweep(now=NOW + hours * HOUR, tables=[OBLIGATIONS])

    assert Escalation.objects.exists()
    assert [
        name for name in seen(cast, NOW + 5 * DAY) if name in ("head", "dsl", "deputy", "teacher", "governor")
    ] == []


def test_a_case_that_few_may_know_of_by_now_is_not_shown_below(cast: Cast) -> None:
    row = missed_up_to_the_head(cast)

    Incident.objects.filter(pk=row.incident_id).update(handled_by="chair_of_governors")

    assert seen(cast) == []


def test_a_case_that_opens_to_them_by_now_is_not_called_another_offices(cast: Cast) -> None:
    missed_up_to_the_head(cast)
    make_member(school=cast.school, role=Role.DSL, user=cast.head)

    assert seen(cast) == []


def test_what_was_done_since_stands_there_for_a_week_and_what_is_still_open_as_long_as_it_is(cast: Cast) -> None:
    row = missed_up_to_the_head(cast)
    assert seen(cast, NOW + 30 * DAY) == ["head"]

    Obligation.objects.filter(pk=row.pk).update(state="done", settled_at=NOW, alert_at=None)

    assert seen(cast, NOW - HOUR + SHOWN - DAY / 24) == ["head"]
    assert seen(cast, NOW + SHOWN) == []


def test_one_duty_is_one_line_and_one_statement_reads_many(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    missed_up_to_the_head(cast)
    other = overdue(make_incident(school=cast.school, by=cast.teacher), key="do:other")
    queued = {"school": cast.school, "kind": "incidents/duty_missed_elsewhere", "path": "/", "recipient": cast.head}
    for row, step in ((other, 7), (other, 8), (Obligation.objects.get(key="do:keep_safe"), 1)):
        key = f"missed:{row.pk}:{step}:{cast.head.pk}"
        OutboxMessage.objects.create(dedupe_key=key, queued_at=NOW, next_try_at=NOW, **queued)
    for step in (7, 8):
        Escalation.objects.create(
            school=cast.school, obligation=other, step=step, told_role="headteacher", is_reminder=False, at=NOW
        )
    head, teacher = cast.access("head"), cast.access("teacher")
    assert head.conflicts

    with django_assert_num_queries(1):
        assert len(missed_elsewhere(head, at=NOW)) == 2
    with django_assert_num_queries(0):
        assert missed_elsewhere(teacher, at=NOW) == []


# What the sweep cannot act upon


def stuck(cast: Cast, name: str) -> list[str]:
    return [one.reference for one in stuck_duties(cast.access(name))]


def test_what_the_sweep_cannot_act_upon_is_shown_to_whom_its_case_opens(cast: Cast) -> None:
    row = overdue(make_incident(school=cast.school, by=cast.teacher), failures=STUCK)
    adults = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)
    Obligation.objects.filter(incident=adults, key="consult:lado").update(failures=STUCK)
    make_incident(school=cast.next_door, by=cast.next_door_teacher)

    shown = {name: stuck(cast, name) for name in (*EVERYBODY, "next_door_dsl")}

    team = [row.incident.reference]
    assert {name: found for name, found in shown.items() if found} == {
        "dsl": team,
        "deputy": team,
        "online_safety_lead": team,
        "head": [adults.reference],
    }
    page = main(browser(cast.dsl).get(address("school-home", cast.school)))
    section = page.partition("Nobody is reminded of these")[2].partition("</section>")[0]
    assert f"{row.incident.reference}/#duty-{row.pk}" in section
    assert "See to them yourself today, and tell whoever runs this system." in section
    assert "Nobody is reminded" not in main(browser(cast.teacher).get(address("school-home", cast.school)))


def test_whoever_a_case_is_about_sees_nothing_stuck_of_it(cast: Cast) -> None:
    row = overdue(make_incident(school=cast.school, by=cast.teacher), failures=STUCK)
    deputy = person_of(cast.deputy, cast.school)
    accused = {"person": deputy, "part": Part.ALLEGED, "added_at": NOW, "added_by": cast.dsl}
    InvolvedPerson.objects.create(school=cast.school, incident=row.incident, **accused)

    assert (stuck(cast, "deputy"), stuck(cast, "dsl")) == ([], [row.incident.reference])


@pytest.mark.parametrize(
    "details", [{"failures": STUCK - 1}, {"failures": STUCK, "state": "done", "settled_at": NOW, "alert_at": None}]
)
def test_what_may_still_go_well_or_is_settled_is_not_stuck(cast: Cast, details: dict[str, Any]) -> None:
    overdue(make_incident(school=cast.school, by=cast.teacher), **details)

    assert stuck(cast, "dsl") == []
    assert "Nobody is reminded" not in main(browser(cast.dsl).get(address("school-home", cast.school)))


def test_what_was_told_and_is_stuck_stands_there_too_and_one_statement_reads_many(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    told = told_concerns.open_told(
        school=cast.school, writer=cast.teacher, by=cast.dsl, became_aware_at=NOW, memory="", at=NOW
    )
    told.failures = STUCK
    for number in range(3):
        overdue(make_incident(school=cast.school, by=cast.teacher), failures=STUCK, key=f"do:{number}")
    Obligation.objects.filter(failures=STUCK).update(state="open", settled_at=None)
    dsl, teacher = cast.access("dsl"), cast.access("teacher")
    assert dsl.conflicts

    with django_assert_num_queries(1):
        found = stuck_duties(dsl, told=[told])
    with django_assert_num_queries(0):
        assert stuck_duties(teacher, told=[told]) == []

    assert [one.reference for one in found][-1] == ""
    assert (len(found), found[-1].path) == (4, address("told-concern-detail", cast.school, told_id=told.pk))
