"""Who may see a case: allowed and denied with the same set-up, and one 404 for everything that is not one's own."""

import uuid
from datetime import timedelta

import pytest
from django.http import Http404

from accounts.access import access_school
from accounts.models import Membership, Person, Relation, Relationship, User
from accounts.operations import people
from accounts.permissions import Permission
from accounts.roles import Role
from incidents.access import (
    access_draft,
    access_incident,
    access_my_concern,
    handled_by_user,
    may_own,
    my_concerns,
    my_drafts,
    possible_owners,
    visible_incidents,
)
from incidents.models import Incident
from incidents.operations.drafts import save_draft
from incidents.operations.incidents import Involved
from incidents.queries.incidents import QueueFilter, queue_page
from incidents.queries.people import involved_people
from incidents.queries.workload import handling
from incidents.routes import About
from incidents.statuses import Part
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_member, make_person, person_of
from tests.incidents.pages import address, body, browser, case_address, main, references

EVERYBODY = [name for name in Cast.__dataclass_fields__ if name not in ("school", "next_door")]
TEAM = {"dsl", "deputy", "online_safety_lead"}
EVERYTHING = (Permission.INCIDENT_READ, Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE)


def _readers(cast: Cast, incident: Incident) -> set[str]:
    return {name for name in EVERYBODY if incident in visible_incidents(cast.access(name))}


def _may(cast: Cast, name: str, incident: Incident, permission: Permission) -> bool:
    try:
        return access_incident(cast.access(name), incident.reference, permission) == incident
    except Http404:
        return False


def _case_about(cast: Cast, who: Person, part: Part) -> Incident:
    """Log two cases: one about somebody in a part, and one about nobody in particular beside it."""
    make_incident(school=cast.school, by=cast.teacher)
    make_incident(school=cast.next_door, by=cast.next_door_teacher)
    return make_incident(school=cast.school, by=cast.teacher, people=[Involved(part=part, person=who)])


@pytest.mark.parametrize(
    ("about", "readers"), [(About.NO_ADULT, TEAM), (About.ADULT, {"head"}), (About.HEADTEACHER, {"chair"})]
)
def test_those_who_handle_a_case_may_do_everything_to_it_and_nobody_else_anything(
    cast: Cast, about: About, readers: set[str]
) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, about=about)

    assert _readers(cast, incident) == readers
    for permission in EVERYTHING:
        assert {name for name in EVERYBODY if _may(cast, name, incident, permission)} == readers


@pytest.mark.parametrize(
    ("part", "sees"), [(Part.ALLEGED, False), (Part.HARMED, True), (Part.WITNESS, True), (Part.NAMED, True)]
)
def test_a_case_is_about_whoever_is_said_to_have_caused_harm(cast: Cast, part: Part, sees: bool) -> None:
    pupil = make_person(school=cast.school)
    people.relate(person=pupil, related=person_of(cast.dsl, cast.school), relation=Relation.PARENT, at=NOW)

    incident = _case_about(cast, pupil, part)

    assert ("dsl" in _readers(cast, incident)) is sees
    assert "deputy" in _readers(cast, incident)


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("is_declared_by_reader", [True, False])
def test_no_relative_reads_it_whichever_of_the_two_declared_it(
    cast: Cast, relation: Relation, is_declared_by_reader: bool
) -> None:
    reader, pupil = person_of(cast.dsl, cast.school), make_person(school=cast.school)
    pair = (reader, pupil) if is_declared_by_reader else (pupil, reader)
    people.relate(person=pair[0], related=pair[1], relation=relation, at=NOW)

    incident = _case_about(cast, pupil, Part.ALLEGED)

    assert _readers(cast, incident) == TEAM - {"dsl"}
    Relationship.objects.all().delete()
    assert _readers(cast, incident) == TEAM


def test_a_user_is_kept_away_by_any_person_they_ever_were(cast: Cast) -> None:
    former = make_person(school=cast.school)
    make_member(school=cast.school, role=Role.GOVERNOR, user=cast.dsl)
    Membership.objects.filter(user=cast.dsl, role=Role.GOVERNOR).update(
        person=former, ends_on=NOW.date() - timedelta(days=30)
    )

    incident = _case_about(cast, former, Part.ALLEGED)

    assert "dsl" not in _readers(cast, incident)


def test_every_role_and_superuser_together_open_no_case_about_oneself(cast: Cast) -> None:
    for role in set(Role) - {Role.STAFF}:
        make_member(school=cast.school, role=role, user=cast.colleague)
    User.objects.filter(pk=cast.colleague.pk).update(is_superuser=True)
    person = person_of_first(cast.colleague)
    mine, other = _case_about(cast, person, Part.ALLEGED), make_incident(school=cast.school, by=cast.teacher)

    access = access_school(User.objects.get(pk=cast.colleague.pk), cast.school.slug, at=NOW)

    assert mine not in visible_incidents(access)
    assert other in visible_incidents(access)
    assert cast.colleague not in possible_owners(mine, involved_people(mine), at=NOW)


def person_of_first(user: User) -> Person:
    return Membership.objects.filter(user=user, role=Role.STAFF).select_related("person").get().person


def test_being_a_superuser_opens_nothing(cast: Cast) -> None:
    operator = User.objects.create_superuser("operator@host.example", "a long enough password", full_name="Op Erator")
    incident = make_incident(school=cast.school, by=cast.teacher)

    assert browser(operator).get(case_address("incident-detail", incident)).status_code == 404
    with pytest.raises(Http404):
        access_school(operator, cast.school.slug, at=NOW)
    make_member(school=cast.school, role=Role.STAFF, user=operator)
    assert browser(operator).get(case_address("incident-detail", incident)).status_code == 403
    assert list(visible_incidents(access_school(operator, cast.school.slug, at=NOW))) == []


@pytest.mark.parametrize(
    ("starts", "ends", "opens"),
    [(-10, None, True), (0, 0, True), (-10, 0, True), (-10, -1, False), (1, None, False), (1, 5, False)],
)
def test_a_role_opens_a_case_from_its_first_to_its_last_day(
    cast: Cast, starts: int, ends: int | None, opens: bool
) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    today = NOW.date()
    last = None if ends is None else today + timedelta(days=ends)
    Membership.objects.filter(user=cast.dsl).update(starts_on=today + timedelta(days=starts), ends_on=last)

    answer = browser(cast.dsl).get(case_address("incident-detail", incident))

    assert answer.status_code == (200 if opens else 404)
    assert may_own(cast.dsl, incident, at=NOW) is opens
    assert (cast.dsl in possible_owners(incident, involved_people(incident), at=NOW)) is opens


def test_whoever_is_deactivated_is_out_at_the_next_request(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast.dsl)
    assert client.get(case_address("incident-detail", incident)).status_code == 200

    User.objects.filter(pk=cast.dsl.pk).update(is_active=False)

    answer = client.get(case_address("incident-detail", incident))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/sign-in/")
    assert cast.dsl not in possible_owners(incident, involved_people(incident), at=NOW)


@pytest.mark.parametrize(
    ("office", "about"),
    [
        ("head", About.ADULT),
        ("chair", About.HEADTEACHER),
        ("trust_lead", None),
    ],
)
def test_each_office_reads_what_came_to_it_and_nothing_of_the_others(
    cast: Cast, office: str, about: About | None
) -> None:
    cases = {
        "head": make_incident(school=cast.school, by=cast.teacher, about=About.ADULT),
        "chair": make_incident(school=cast.school, by=cast.teacher, about=About.HEADTEACHER),
        "team": make_incident(school=cast.school, by=cast.teacher),
    }
    both = [alleged(person_of(cast[name], cast.school)) for name in ("head", "chair")]
    cases["trust_lead"] = make_incident(school=cast.school, by=cast.teacher, people=both, about=About.HEADTEACHER)

    assert list(visible_incidents(cast.access(office))) == [cases[office]]
    assert handled_by_user(cast.access(office)) == [cases[office].handled_by]


def test_absent_foreign_and_forbidden_are_one_and_the_same_page(cast: Cast) -> None:
    about_dsl = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person_of(cast.dsl, cast.school))])
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)
    foreign = make_incident(school=cast.next_door, by=cast.next_door_teacher)
    reader = browser(cast.dsl)

    def answer(name: str, **kwargs: object) -> tuple[int, str, list[str]]:
        made = reader.get(address(name, cast.school, **kwargs))
        return made.status_code, body(made), sorted(set(made.headers) - {"Set-Cookie"})

    for name in ("incident-detail", "my-concern", "incident-receipt"):
        absent = answer(name, reference="OAK-2222")
        assert absent[0] == 404
        for hidden in (about_dsl, adult, foreign):
            assert answer(name, reference=hidden.reference) == absent
    for name in ("note-add", "question-ask", "owner-set", "level-set"):
        absent_post = reader.post(address(name, cast.school, reference="OAK-2222"), {"note-text": "x"})
        for hidden in (about_dsl, adult, foreign):
            posted = reader.post(address(name, cast.school, reference=hidden.reference), {"note-text": "x"})
            assert (
                (posted.status_code, body(posted))
                == (absent_post.status_code, body(absent_post))
                == (404, body(posted))
            )
    assert body(reader.get("/s/birchwood/")) == body(reader.get("/s/nowhere/"))


def test_a_lead_who_is_accused_loses_the_case_everywhere_at_once(cast: Cast) -> None:
    pupil, child = make_person(school=cast.school, name="Mia Marlow"), make_person(school=cast.school)
    kept = make_incident(school=cast.school, by=cast.teacher)
    lost = make_incident(
        school=cast.school, by=cast.teacher, people=[alleged(pupil), harmed(child)], is_danger_reported=True
    )
    client = browser(cast.dsl)
    queue, home = address("incident-list", cast.school), address("school-home", cast.school)
    assert lost.reference in references(client.get(queue))

    people.relate(person=person_of(cast.dsl, cast.school), related=pupil, relation=Relation.PARENT, at=NOW)

    assert references(client.get(queue)) == [kept.reference]
    assert "1 open" in main(client.get(queue))
    assert queue_page(cast.access("dsl"), QueueFilter()).total == 1
    assert queue_page(cast.access("deputy"), QueueFilter()).total == 2
    for text in ("Mia Marlow", lost.reference):
        assert references(client.post(queue, {"text": text})) == []
    assert lost.reference not in main(client.get(home))
    assert lost.reference in main(browser(cast.deputy).get(home))
    mine = handling(cast.access("dsl"), at=NOW)
    assert mine is not None
    assert (mine.danger, [row.reference for row in mine.unseen]) == ([], [kept.reference])
    owners = possible_owners(lost, involved_people(lost), at=NOW)
    assert owners == [cast.deputy, cast.online_safety_lead]
    assert "Dora Safe" not in main(browser(cast.deputy).get(case_address("incident-detail", lost)))
    assert not may_own(cast.dsl, lost, at=NOW)


def test_pages_of_whoever_a_case_is_about_are_the_same_with_and_without_it(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast.dsl)
    pages = [address(name, cast.school) for name in ("school-home", "incident-list", "my-concerns", "incident-report")]

    def seen() -> list[str]:
        # Twice, since the first look at a page may change what the second one shows.
        answers = [client.get(page) for page in pages * 2]
        answers.append(client.post(pages[1], {"text": "frightened"}))
        return [body(answer).replace(str(answer.context.get("draft_id")), "") for answer in answers]

    before = seen()
    for number in range(3):
        made = make_incident(
            school=cast.school, by=cast.teacher, people=[alleged(person_of(cast.dsl, cast.school))], about=About.ADULT
        )
        browser(cast.head).get(case_address("incident-detail", made))
        assert number < 3

    assert seen() == before


def test_a_reporter_keeps_their_own_words_and_sees_nobody_elses(cast: Cast) -> None:
    mine = make_incident(school=cast.school, by=cast.teacher)
    other = make_incident(school=cast.school, by=cast.colleague)

    assert list(my_concerns(cast.access("teacher"))) == [mine]
    assert access_my_concern(cast.access("teacher"), mine.reference.lower()) == mine
    with pytest.raises(Http404):
        access_my_concern(cast.access("teacher"), other.reference)
    with pytest.raises(Http404):
        access_incident(cast.access("teacher"), mine.reference, Permission.INCIDENT_READ)


def test_a_draft_is_for_its_author_at_its_school(cast: Cast) -> None:
    draft = save_draft(school=cast.school, author=cast.teacher, draft_id=uuid.uuid4(), content={"fields": {}}, at=NOW)
    make_member(school=cast.next_door, user=cast.teacher)

    assert access_draft(cast.access("teacher"), draft.pk) == draft
    assert my_drafts(cast.access("teacher")) == [draft]
    assert access_draft(cast.access("teacher"), uuid.uuid4()) is None
    assert my_drafts(access_school(cast.teacher, cast.next_door.slug, at=NOW)) == []
    for stranger in (cast.access("dsl"), access_school(cast.teacher, cast.next_door.slug, at=NOW)):
        with pytest.raises(Http404):
            access_draft(stranger, draft.pk)


def test_nobody_at_the_school_owns_what_went_outside_it(cast: Cast) -> None:
    everybody = [alleged(person_of(cast[name], cast.school)) for name in ("head", "chair", "trust_lead")]
    incident = make_incident(school=cast.school, by=cast.teacher, people=everybody, about=About.HEADTEACHER)

    assert possible_owners(incident, involved_people(incident), at=NOW) == []
