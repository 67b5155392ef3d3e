"""The demonstration data, in its small size: what every page may count on finding."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from io import StringIO
from itertools import pairwise
from typing import NamedTuple

import pytest
from django.conf import LazySettings, settings
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts.access import access_school, conflicts_of
from accounts.audit import verify_chain
from accounts.encryption import opened_keys
from accounts.heartbeats import last_beats
from accounts.models import (
    AuditEvent,
    ClosedDay,
    Membership,
    OutboxMessage,
    Person,
    Relationship,
    School,
    Term,
    Trust,
    User,
)
from accounts.roles import SAFEGUARDING_TEAM, Role
from accounts.upns import upn_is_valid
from incidents.access import visible_incidents
from incidents.events import Event
from incidents.forms.reporting import Typed
from incidents.models import (
    AgencyEntry,
    ChronologyEntry,
    ConcernDraft,
    Escalation,
    Incident,
    InvolvedPerson,
    Obligation,
    Referral,
)
from incidents.queries import workload
from incidents.statuses import Level, Part, Status
from incidents.workflow import TRANSITIONS
from policies.engine.packs import Pack
from policies.engine.taxonomy import Category
from policies.models import SchoolDuty
from policies.operations.sweep import sweep
from policies.queries.duties import asked_of
from policies.queries.packs import adoption_in_force, packs_of
from policies.statuses import State
from safeguarding.demonstration.calendars import at_local
from safeguarding.tasks import TABLES

TODAY = "2026-11-17"
NOW = at_local(date(2026, 11, 17), time(10, 40))


class Figures(NamedTuple):
    """What a run has made."""

    cases: list[tuple[object, ...]]
    people: list[str]
    entries: list[tuple[str, ...]]
    audit_rows: int


REACHABLE = {Status.REPORTED} | {transition.target for transition in TRANSITIONS}


@pytest.fixture(scope="module")
def figures(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Figures, Figures]]:
    """Seed twice and keep the second; taken back after the last test of this file."""
    quick = override_settings(DEMONSTRATION=True, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), quick, transaction.atomic():
        with transaction.atomic():
            seed()
            first = figures_now()
            transaction.set_rollback(True)
        opened_keys.forget()
        seed()
        yield first, figures_now()
        transaction.set_rollback(True)


@pytest.fixture
def seeded(figures: object, db: None) -> list[School]:
    """Return the demonstration schools."""
    return list(School.objects.order_by("slug"))


def figures_now() -> Figures:
    """Return what a run has made, without its random ids and references."""
    cases = [
        (
            incident.school.slug,
            incident.logged_at.isoformat(),
            incident.logged_by.email,
            incident.status,
            incident.level,
            incident.category,
            hashlib.sha256(f"{incident.narrative} {incident.action_taken}".encode()).hexdigest(),
        )
        for incident in Incident.objects.select_related("school", "logged_by")
    ]
    people = Person.objects.values_list("school__slug", "search_name", "year_group", "form", "upn", "vulnerabilities")
    entries = [
        (
            entry.at.isoformat(),
            entry.event,
            entry.by.email if entry.by else "",
            hashlib.sha256(entry.text.encode()).hexdigest(),
        )
        for entry in ChronologyEntry.objects.select_related("by")
    ]
    return Figures(sorted(cases), sorted(map(str, people)), sorted(entries), AuditEvent.objects.count())


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", today=TODAY, size="small", stdout=out)
    return out.getvalue()


def test_every_chain_of_every_school_verifies(seeded: list[School]) -> None:
    assert len(seeded) == 2
    assert Trust.objects.count() == 1
    assert [verify_chain(school) for school in seeded] == [[], []]


def test_every_role_is_held_at_every_school_and_one_person_works_at_all(seeded: list[School]) -> None:
    for school in seeded:
        held = Membership.objects.for_school(school).held_on(NOW.date()).values_list("role", flat=True)
        assert set(held) == set(Role)
    lead = User.objects.filter(memberships__role=Role.TRUST_SAFEGUARDING_LEAD).distinct().get()
    assert lead.memberships.count() == len(seeded)
    assert User.objects.filter(memberships__role=Role.STAFF, memberships__school=seeded[0]).count() >= 5


def test_everybody_signs_in_with_the_one_password(seeded: list[School]) -> None:
    hashes = set(User.objects.values_list("password", flat=True))

    assert len(hashes) == 1
    assert check_password(settings.DEMONSTRATION_PASSWORD, hashes.pop())
    assert all(email.endswith(".example") for email in User.objects.values_list("email", flat=True))


def test_every_category_and_every_status_that_can_be_reached_occurs(seeded: list[School]) -> None:
    for school in seeded:
        cases = Incident.objects.for_school(school)
        assert set(cases.values_list("category", flat=True)) == set(Category)
        assert set(cases.values_list("status", flat=True)) == REACHABLE
    outcomes = Counter(Incident.objects.filter(status=Status.CLOSED).values_list("outcome", flat=True))
    assert len(outcomes) >= 3


def test_nobody_can_see_a_case_about_themselves_or_a_relative(seeded: list[School]) -> None:
    conflicts = 0
    for membership in Membership.objects.select_related("user", "school").order_by("pk"):
        access = access_school(membership.user, membership.school.slug, at=NOW)
        about_them = InvolvedPerson.objects.filter(part=Part.ALLEGED, person__in=conflicts_of(membership.user))
        conflicts += about_them.count()
        assert not visible_incidents(access).filter(people__in=about_them).exists()
        assert not Incident.objects.filter(people__in=about_them, owner=membership.user).exists()
    assert conflicts >= 5, "colleagues, the headteacher and the deputies' children"


def test_the_deputy_has_a_child_at_the_school_and_never_touches_the_cases_about_it(seeded: list[School]) -> None:
    for school in seeded:
        deputy = User.objects.get(memberships__role=Role.DEPUTY_DSL, memberships__school=school)
        about_the_child = Incident.objects.for_school(school).filter(
            people__part=Part.ALLEGED, people__person__in=conflicts_of(deputy)
        )
        assert about_the_child.count() >= 2
        assert not ChronologyEntry.objects.filter(incident__in=about_the_child, by=deputy).exists()
        told = OutboxMessage.objects.filter(
            recipient=deputy, path__in=[one.get_absolute_url() for one in about_the_child]
        )
        assert not told.exists()


def test_cases_about_adults_lie_with_one_office_and_are_invisible_to_the_safeguarding_team(
    seeded: list[School],
) -> None:
    adult = Incident.objects.filter(is_about_adult=True)
    assert set(adult.values_list("handled_by", flat=True)) == {Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS}
    for membership in Membership.objects.filter(role__in=SAFEGUARDING_TEAM).select_related("user", "school"):
        access = access_school(membership.user, membership.school.slug, at=NOW)
        assert visible_incidents(access).exists()
        assert not visible_incidents(access).filter(is_about_adult=True).exists()
    for school in seeded:
        head = Membership.objects.for_school(school).get(role=Role.HEADTEACHER)
        seen = visible_incidents(access_school(head.user, school.slug, at=NOW))
        assert set(seen) == set(adult.filter(school=school, handled_by=Role.HEADTEACHER))
        assert seen.exists()
    about_the_head = adult.get(handled_by=Role.CHAIR_OF_GOVERNORS)
    chair = Membership.objects.get(school=about_the_head.school, role=Role.CHAIR_OF_GOVERNORS)
    assert list(visible_incidents(access_school(chair.user, chair.school.slug, at=NOW))) == [about_the_head]


def test_what_is_done_to_a_case_is_done_by_those_who_handle_it(seeded: list[School]) -> None:
    reporters = {Event.REPORTED, Event.QUESTION_ANSWERED}
    # What nobody did, the system did.
    done = ChronologyEntry.objects.exclude(event__in=reporters).exclude(by=None)
    entries = done.select_related("by", "incident__school")
    for entry in entries:
        access = access_school(entry.by, entry.incident.school.slug, at=entry.at)
        assert visible_incidents(access).filter(pk=entry.incident_id).exists()


def test_moments_follow_one_another_and_none_lies_ahead(seeded: list[School]) -> None:
    cases = Incident.objects.all()
    assert not cases.filter(logged_at__gt=NOW).exists()
    assert not cases.filter(became_aware_at__gt=F("logged_at")).exists()
    assert not cases.filter(happened_at__gt=F("became_aware_at")).exists()
    assert not AuditEvent.objects.filter(at__gt=NOW).exists()
    for chain in {row.chain_id for row in AuditEvent.objects.only("chain_id")}:
        moments = list(AuditEvent.objects.filter(chain=chain).order_by("seq").values_list("at", flat=True))
        assert all(one <= two for one, two in pairwise(moments))
    first, last = cases.order_by("logged_at").values_list("logged_at", flat=True)[0], NOW
    assert (last - first).days > 250


def test_late_concerns_say_why_and_others_do_not(seeded: list[School]) -> None:
    for incident in Incident.objects.all():
        is_late = (incident.logged_at - incident.became_aware_at).total_seconds() > 24 * 3600
        assert is_late == bool(incident.late_reason)
    assert Incident.objects.filter(late_reason__isnull=False).exists()


def test_this_morning_waits_for_somebody(seeded: list[School]) -> None:
    for school in seeded:
        new = Incident.objects.for_school(school).filter(status=Status.REPORTED)
        assert new.count() >= 4
        assert {incident.logged_at.astimezone(NOW.tzinfo).date() for incident in new} == {NOW.date()}
        assert new.filter(level=Level.DANGER).count() == 1
        team = Membership.objects.for_school(school).get(role=Role.DSL)
        handling = workload.handling(access_school(team.user, school.slug, at=NOW), at=NOW)
        assert handling is not None
        assert len(handling.danger) == 1
        assert len(handling.unseen) >= 3


def test_the_teacher_of_the_sign_in_page_has_a_question_a_draft_and_concerns(seeded: list[School]) -> None:
    for school in seeded:
        plain = Membership.objects.for_school(school).filter(role=Role.STAFF).order_by("user__email")
        reporting = workload.reporting(access_school(plain[0].user, school.slug, at=NOW))
        assert len(reporting.questions) == 1
        assert len(reporting.drafts) == 1
        assert reporting.concerns
        assert ConcernDraft.objects.for_school(school).values("author").distinct().count() == 2
        for draft in ConcernDraft.objects.for_school(school):
            typed = Typed.from_content(draft.typed())
            assert typed.fields["narrative"]
            assert Person.objects.for_school(school).filter(pk__in=typed.person_ids()).count() == 1


def test_questions_answers_notes_levels_and_reopened_cases_occur(seeded: list[School]) -> None:
    happened = set(ChronologyEntry.objects.values_list("event", flat=True))

    wanted = {Event.QUESTION_ASKED, Event.QUESTION_ANSWERED, Event.NOTE_ADDED, Event.LEVEL_SET, Event.ASSIGNED}
    assert wanted | {Event.CLOSED, Event.REPORTED, Event.ACKNOWLEDGED} <= happened
    assert {Event.READ, Event.RECEIPT_READ} <= set(AuditEvent.objects.values_list("event", flat=True))


def test_no_text_has_an_empty_slot_left(seeded: list[School]) -> None:
    texts = [entry.text for entry in ChronologyEntry.objects.all()]
    for incident in Incident.objects.all():
        texts += [incident.narrative, incident.action_taken, incident.place_detail or "", incident.online_service or ""]
    texts += [named.description for named in InvolvedPerson.objects.filter(person__isnull=True)]
    assert not [text for text in texts if "{" in text or "}" in text or "None" in text]


def test_pupils_have_valid_numbers_years_and_families(seeded: list[School]) -> None:
    pupils = Person.objects.filter(kind="pupil")
    assert all(upn_is_valid(pupil.upn) and pupil.upn[1:4] == "999" for pupil in pupils)
    assert all(pupil.year_group and pupil.form for pupil in pupils)
    assert pupils.exclude(vulnerabilities=[]).exists()
    assert set(Relationship.objects.values_list("relation", flat=True)) == {"parent", "sibling"}
    assert Person.objects.filter(kind="contact").exists()


def test_the_calendar_has_five_terms_with_their_half_terms(seeded: list[School]) -> None:
    for school in seeded:
        assert Term.objects.for_school(school).count() == 5
        assert ClosedDay.objects.for_school(school).filter(reason="Half-term").count() == 25


def test_no_message_waits_and_none_was_sent_to_anybody(seeded: list[School]) -> None:
    assert OutboxMessage.objects.exists()
    assert not OutboxMessage.objects.filter(sent_at__isnull=True).exists()
    assert not OutboxMessage.objects.filter(sent_at__lt=F("queued_at")).exists()
    assert mail.outbox == []
    assert last_beats() == {}, "only a sweep may say that a sweep has run"


def test_the_first_sweep_finds_a_quiet_house(seeded: list[School]) -> None:
    """Its past was swept as it went by: what was missed was told then, and some of it was."""
    assert Escalation.objects.exists()
    for minutes in (0, 1, 10):
        assert sweep(now=NOW + timedelta(minutes=minutes), tables=TABLES).handled == 0
    after_an_hour = sweep(now=NOW + timedelta(hours=1), tables=TABLES)
    assert after_an_hour.failed == 0
    assert after_an_hour.told <= 12 * len(seeded), "this morning's, and no flood of old ones"


def test_what_was_owed_lately_was_done_but_for_a_little(seeded: list[School]) -> None:
    lately = Obligation.objects.filter(incident__logged_at__gt=NOW - timedelta(days=30), kind="do", strength=2)
    done, still_open = lately.filter(state=State.DONE).count(), lately.filter(state=State.OPEN)
    seen = still_open.exclude(incident__status=Status.REPORTED)

    assert done > 3 * seen.count()
    assert not Obligation.objects.filter(failures__gt=0).exists()


def test_the_same_seed_gives_the_same_schools_people_and_cases(figures: tuple[Figures, Figures]) -> None:
    first, second = figures

    assert first == second
    assert len(first.cases) > 40


def test_a_second_run_changes_nothing_and_says_so(seeded: list[School]) -> None:
    before = figures_now()

    assert seed() == "There is a school already: nothing was changed.\n"

    assert figures_now() == before


def test_it_is_refused_outside_a_demonstration(db: None, settings: LazySettings) -> None:
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="not a demonstration"):
        seed()


def test_a_day_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="not a day"):
        call_command("seed_demo", today="tomorrow", size="small")


def test_every_school_knows_whom_to_call_and_has_told_agencies_of_a_case(seeded: list[School]) -> None:
    for school in seeded:
        entries = AgencyEntry.objects.for_school(school)
        assert entries.count() >= 7
        assert entries.exclude(verified_on=None).count() == entries.count()
        made = Referral.objects.for_school(school)
        assert {row.agency for row in made} == {"police", "childrens_social_care"}
        assert made.get(closed_at=None).agency == "childrens_social_care"


def test_every_school_kept_its_duties_but_for_one_of_late(seeded: list[School]) -> None:
    for school in seeded:
        rounds = SchoolDuty.objects.for_school(school)
        done = rounds.filter(state=State.DONE)
        late = [row for row in rounds.filter(state=State.OPEN) if row.is_late(NOW)]

        assert done.count() > rounds.filter(state=State.OPEN).count()
        assert all(row.reason and row.done_on and row.due_at and row.done_on <= row.due_at.date() for row in done)
        assert rounds.filter(state=State.WAIVED).count() == 1
        assert len(late) == 1
        assert late[0].due_at
        assert 1 <= (NOW - late[0].due_at).days <= 14
        assert rounds.filter(state=State.OPEN, due_at__range=(NOW, NOW + timedelta(days=45))).exists()
        assert rounds.outstanding().count() == len(asked_of(layers_of_school(school)))


def layers_of_school(school: School) -> tuple[Pack, ...]:
    """Return the packs that the school follows."""
    adoption = adoption_in_force(school, at=NOW)
    assert adoption
    return packs_of(adoption)
