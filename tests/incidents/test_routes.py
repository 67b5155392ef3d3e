"""Who receives a concern: never its subject, never nobody, always the first who may."""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.access import conflicts_of
from accounts.models import Membership, OutboxMessage, PersonKind, Relation, School, User
from accounts.operations import people
from accounts.operations.absences import add_absence
from accounts.outbox import deliver_due
from accounts.queries.members import Holder
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import possible_owners, visible_incidents
from incidents.models import Incident
from incidents.operations.drafts import raise_alarm, save_draft
from incidents.operations.incidents import Involved
from incidents.queries.workload import alarms
from incidents.routes import EXTERNAL_CONTACT, About, Route, choose_route, concerns_an_adult
from incidents.statuses import Part
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, make_person, person_of
from tests.numbers import examples

LADDER = (
    ("dsl", SAFEGUARDING_TEAM),
    ("headteacher", {Role.HEADTEACHER}),
    ("chair_of_governors", {Role.CHAIR_OF_GOVERNORS}),
    ("trust_safeguarding_lead", {Role.TRUST_SAFEGUARDING_LEAD}),
)
FIRST = {About.NO_ADULT: 0, About.ADULT: 1, About.HEADTEACHER: 2}
HANDLERS = sorted({role for _, roles in LADDER for role in roles})
MOST_USERS = 6
USERS = [User(full_name=f"User {number}", email=f"user{number}@school.example") for number in range(MOST_USERS)]
# The person with each number is the user of that number; those after them are pupils and parents.
PEOPLE = [uuid.UUID(int=number + 1) for number in range(MOST_USERS + 2)]


@dataclass(frozen=True)
class Staffroom:
    """Who holds what, who is related to whom, whom a concern is about, and who is away."""

    roles: list[set[Role]]
    related: set[tuple[int, int]]
    accused: set[int]
    about: About
    away: frozenset[int] = frozenset()

    def holds(self, role: Role) -> list[int]:
        return [number for number, roles in enumerate(self.roles) if role in roles]

    def subjects(self) -> set[int]:
        """The accused; whoever says "the headteacher" accuses every headteacher, named or not."""
        return self.accused | (set(self.holds(Role.HEADTEACHER)) if self.about is About.HEADTEACHER else set())

    def barred(self) -> set[int]:
        """The subjects and their declared relatives, whichever of the two declared it."""
        subjects = self.subjects()
        relatives = {two for one, two in self.related if one in subjects}
        return subjects | relatives | {one for one, two in self.related if two in subjects}

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Answer the questions that the routes ask the database."""

        def holders(school: School, roles: frozenset[Role], *, at: datetime, even_absent: bool = False) -> list[Holder]:
            return [
                Holder(user=USERS[number], role=role, is_present=number not in self.away)
                for number, held in enumerate(self.roles)
                for role in sorted(held)
                if role in roles and (even_absent or number not in self.away)
            ]

        def conflicted(user_ids: Collection[uuid.UUID], person_ids: frozenset[uuid.UUID]) -> frozenset[uuid.UUID]:
            named = {number for number, person in enumerate(PEOPLE) if person in person_ids}
            close = named | {two for one, two in self.related if one in named}
            close |= {one for one, two in self.related if two in named}
            return frozenset(USERS[number].pk for number in close if number < MOST_USERS) & frozenset(user_ids)

        with (
            mock.patch("incidents.routes.holders", holders),
            mock.patch("incidents.routes.conflicted", conflicted),
        ):
            yield

    def rungs(self) -> list[tuple[str, set[int]]]:
        """Those on each rung from the first one on who may receive it, the rungs with nobody left out."""
        found = []
        for key, roles in LADDER[FIRST[self.about] :]:
            on_rung = {number for role in roles for number in self.holds(role)}
            free = on_rung - self.barred()
            if free and (key == "dsl" or free == on_rung):
                found.append((key, free))
        return found

    def route(self) -> Route:
        with self.in_place():
            accused = frozenset(PEOPLE[number] for number in self.accused)
            if self.about is About.HEADTEACHER:
                accused |= {PEOPLE[number] for number in self.holds(Role.HEADTEACHER)}
            return choose_route(School(), about=self.about, alleged_ids=accused, at=NOW)


numbers = st.integers(0, len(PEOPLE) - 1)
staffrooms = st.builds(
    Staffroom,
    roles=st.lists(st.sets(st.sampled_from(HANDLERS), max_size=3), min_size=MOST_USERS, max_size=MOST_USERS),
    related=st.sets(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]), max_size=4),
    accused=st.sets(numbers, max_size=3),
    about=st.sampled_from(About),
    away=st.frozensets(st.integers(0, MOST_USERS - 1)),
)


@settings(max_examples=2500, deadline=None)
@given(staffrooms)
def test_nobody_receives_a_concern_about_themselves_or_a_relative_and_it_never_ends_in_nobody(room: Staffroom) -> None:
    route = room.route()

    told = {USERS.index(user) for user in route.called}
    assert told & room.barred() == set()
    assert bool(route.recipients) is (route.handled_by != EXTERNAL_CONTACT)
    assert len(route.called) == len(told)


@settings(max_examples=examples(1000, promised=2000), deadline=None)
@given(staffrooms)
def test_the_first_rung_that_may_receive_it_does(room: Staffroom) -> None:
    route, rungs = room.route(), room.rungs()

    assert route.handled_by == (rungs[0][0] if rungs else EXTERNAL_CONTACT)
    free = rungs[0][1] if rungs else set()
    assert {USERS.index(user) for user in route.recipients} == (free - room.away or free)


@settings(max_examples=examples(1500, promised=2000), deadline=None)
@given(staffrooms)
def test_being_away_moves_no_case_and_somebody_who_is_here_is_told_where_anybody_is(room: Staffroom) -> None:
    route, with_everybody = room.route(), replace(room, away=frozenset()).route()

    assert route.handled_by == with_everybody.handled_by
    here = [free - room.away for _, free in room.rungs()]
    first = next((present for present in here if present), set())
    assert first <= {USERS.index(user) for user in route.called}
    stands_in = bool(here) and not here[0]
    assert {USERS.index(user) for user in route.stand_ins} == (first if stands_in else set())


CAST = ("dsl", "deputy", "online_safety_lead", "head", "chair", "trust_lead", "teacher", "governor")


@settings(
    max_examples=examples(40, promised=2_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    accused=st.sets(st.sampled_from(CAST), max_size=2),
    related=st.sets(st.tuples(st.sampled_from(CAST), st.sampled_from(CAST)).filter(lambda p: p[0] != p[1]), max_size=2),
    away=st.sets(st.sampled_from(CAST[:6]), max_size=4),
    about=st.sampled_from(About),
)
def test_in_the_database_too_nobody_who_is_told_or_reads_it_is_close_to_it(
    cast: Cast, accused: set[str], related: set[tuple[str, str]], away: set[str], about: About
) -> None:
    with transaction.atomic():
        for one, two in related:
            people.relate(
                person=person_of(cast[one], cast.school),
                related=person_of(cast[two], cast.school),
                relation=Relation.SIBLING,
                at=NOW,
            )
        User.objects.filter(pk__in=[cast[name].pk for name in away]).update(is_active=False)
        persons = [person_of(cast[name], cast.school) for name in accused]

        incident = make_incident(school=cast.school, by=cast.colleague, people=[*map(alleged, persons)], about=about)

        messages = list(OutboxMessage.objects.select_related("recipient"))
        users = [message.recipient for message in messages if message.recipient]
        assert messages
        assert bool(users) is (incident.handled_by != EXTERNAL_CONTACT)
        ids = {person.pk for person in persons}
        assert not [user for user in users if not user.is_active or conflicts_of(user) & ids]
        for user in users:
            name = next(name for name in CAST if cast[name] == user)
            assert incident in visible_incidents(cast.access(name))
        transaction.set_rollback(True)


def test_where_nobody_at_the_school_may_the_contact_outside_it_is_told(cast: Cast) -> None:
    everybody = [alleged(person_of(cast[name], cast.school)) for name in ("head", "chair", "trust_lead")]

    incident = make_incident(school=cast.school, by=cast.teacher, people=everybody, about=About.HEADTEACHER)
    deliver_due(NOW)

    assert incident.handled_by == EXTERNAL_CONTACT
    message = OutboxMessage.objects.get()
    assert (message.address, message.recipient, message.path) == ("contact@oakfield-council.example", None, "/")
    assert [sent.to for sent in mail.outbox] == [["contact@oakfield-council.example"]]
    assert incident.reference not in mail.outbox[0].body
    readers = [name for name in CAST if incident in visible_incidents(cast.access(name))]
    assert readers == []


def test_a_concern_about_the_headteacher_who_is_not_named_does_not_reach_them_in_another_role(cast: Cast) -> None:
    Membership.objects.filter(user__in=[cast.chair, cast.trust_lead]).delete()
    make_member(school=cast.school, role=Role.TRUST_SAFEGUARDING_LEAD, user=cast.head)

    incident = make_incident(school=cast.school, by=cast.teacher, about=About.HEADTEACHER)

    assert incident.handled_by == EXTERNAL_CONTACT
    assert list(OutboxMessage.objects.filter(recipient=cast.head)) == []


def test_a_relative_of_the_unnamed_headteacher_does_not_receive_it_either(cast: Cast) -> None:
    people.relate(
        person=person_of(cast.chair, cast.school),
        related=person_of(cast.head, cast.school),
        relation=Relation.PARTNER,
        at=NOW,
    )

    incident = make_incident(school=cast.school, by=cast.teacher, about=About.HEADTEACHER)

    assert incident.handled_by == "trust_safeguarding_lead"


def test_a_pupil_who_is_the_child_of_one_on_the_team_goes_to_the_others(cast: Cast) -> None:
    pupil = make_person(school=cast.school, name="Pia Safe")
    people.relate(person=person_of(cast.dsl, cast.school), related=pupil, relation=Relation.PARENT, at=NOW)

    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(pupil)])

    assert incident.handled_by == "dsl"
    told = set(OutboxMessage.objects.values_list("recipient__full_name", flat=True))
    assert told == {"Dennis Deputy", "Olive Online"}


def test_the_school_next_door_is_never_told(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    make_incident(school=cast.next_door, by=cast.next_door_teacher)

    here = OutboxMessage.objects.filter(school=cast.school).values_list("recipient", flat=True)
    there = OutboxMessage.objects.filter(school=cast.next_door).values_list("recipient", flat=True)
    assert set(here) == {cast.dsl.pk, cast.deputy.pk, cast.online_safety_lead.pk}
    assert set(there) == {cast.next_door_dsl.pk}


@pytest.mark.parametrize(
    ("days", "handler"), [((-10, -1), "headteacher"), ((-10, 0), "dsl"), ((0, None), "dsl"), ((1, None), "headteacher")]
)
def test_whoever_holds_the_role_today_receives_it(cast: Cast, days: tuple[int, int | None], handler: str) -> None:
    starts, ends = (None if day is None else NOW.date() + timedelta(days=day) for day in days)
    Membership.objects.filter(user__in=[cast.deputy, cast.online_safety_lead]).delete()
    Membership.objects.filter(user=cast.dsl).update(starts_on=starts, ends_on=ends)

    assert make_incident(school=cast.school, by=cast.teacher).handled_by == handler


def _away(cast: Cast, *names: str) -> None:
    for name in names:
        add_absence(
            school=cast.school, user=cast[name], starts_on=NOW.date(), ends_on=NOW.date(), by=cast[name], at=NOW
        )


def _told(kind: str) -> set[str]:
    return set(OutboxMessage.objects.filter(kind=kind).values_list("recipient__full_name", flat=True))


def test_of_the_team_those_who_are_here_are_told(cast: Cast) -> None:
    _away(cast, "dsl", "online_safety_lead")

    make_incident(school=cast.school, by=cast.teacher)

    assert _told("incidents/new_concern") == {"Dennis Deputy"}
    assert _told("incidents/team_away") == set()


def test_while_the_whole_team_is_away_the_headteacher_hears_of_it_and_it_stays_the_teams(cast: Cast) -> None:
    _away(cast, "dsl", "deputy", "online_safety_lead")

    incident = make_incident(school=cast.school, by=cast.teacher)

    assert incident.handled_by == "dsl"
    assert _told("incidents/team_away") == {"Hetty Head"}
    # They are the only ones who may read it: a message on a day off is better than a concern that nobody opens.
    assert _told("incidents/new_concern") == {"Dora Safe", "Dennis Deputy", "Olive Online"}
    message = OutboxMessage.objects.get(kind="incidents/team_away")
    assert message.path == "/s/oakfield/"
    assert incident not in visible_incidents(cast.access("head"))
    back = NOW + timedelta(days=1)
    for name in ("dsl", "deputy", "online_safety_lead"):
        assert incident in visible_incidents(cast.access(name))
        assert incident in visible_incidents(cast.access(name, back))
    assert set(possible_owners(incident, [], at=NOW)) == {cast.dsl, cast.deputy, cast.online_safety_lead}


def test_whom_it_is_about_never_stands_in(cast: Cast) -> None:
    _away(cast, "head")
    accused = alleged(person_of(cast.chair, cast.school))

    incident = make_incident(school=cast.school, by=cast.teacher, people=[accused], about=About.ADULT)

    assert incident.handled_by == "headteacher"
    assert (_told("incidents/new_concern"), _told("incidents/team_away")) == ({"Hetty Head"}, {"Tom Trust"})


def test_where_nobody_at_all_is_here_those_who_handle_it_are_told_all_the_same(cast: Cast) -> None:
    _away(cast, "dsl", "deputy", "online_safety_lead", "head", "chair", "trust_lead")

    make_incident(school=cast.school, by=cast.teacher)

    assert _told("incidents/new_concern") == {"Dora Safe", "Dennis Deputy", "Olive Online"}
    assert _told("incidents/team_away") == set()


def test_a_call_for_help_reaches_somebody_who_is_here(cast: Cast) -> None:
    _away(cast, "dsl", "deputy", "online_safety_lead")
    draft = save_draft(school=cast.school, author=cast.teacher, draft_id=uuid.uuid4(), content={}, at=NOW)

    raise_alarm(draft=draft, about=About.NO_ADULT, alleged_ids=frozenset(), at=NOW)

    assert cast.head.pk in draft.alerted_users
    assert alarms(cast.access("head"), at=NOW) == [draft]
    assert alarms(cast.access("chair"), at=NOW) == []


@pytest.mark.parametrize(
    ("kind", "is_member", "is_adult"),
    [
        (PersonKind.STAFF, False, True),
        (PersonKind.CONTACT, True, True),
        (PersonKind.CONTACT, False, False),
        (PersonKind.PUPIL, False, False),
        (PersonKind.OTHER, False, False),
    ],
)
def test_an_adult_is_whoever_works_or_helps_here(cast: Cast, kind: PersonKind, is_member: bool, is_adult: bool) -> None:
    person = make_person(school=cast.school, kind=kind)
    if is_member:
        Membership.objects.filter(user=cast.governor).update(person=person)

    assert concerns_an_adult([person]) is is_adult
    assert concerns_an_adult([]) is False


def test_an_adult_whose_part_is_to_have_seen_it_does_not_move_the_case(cast: Cast) -> None:
    witness = Involved(part=Part.WITNESS, person=person_of(cast.head, cast.school))

    incident = make_incident(school=cast.school, by=cast.teacher, people=[witness])

    assert Incident.objects.get().handled_by == incident.handled_by == "dsl"
