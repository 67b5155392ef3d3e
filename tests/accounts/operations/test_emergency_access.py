"""Reading the team's cases in an emergency: who may, who has to agree, what opens, what never does, and its end."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.access import Access, access_school
from accounts.errors import Refused
from accounts.models import AuditEvent, EmergencyAccess, OutboxMessage, Relation, User
from accounts.operations import emergency_access, members, people
from accounts.permissions import Permission
from accounts.queries.emergency_access import emergencies_of, figures
from accounts.roles import Role
from incidents.access import access_incident, visible_incidents
from incidents.models import Incident
from incidents.operations import sharing
from incidents.routes import About
from incidents.statuses import Kept
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_member, make_person, person_of
from tests.incidents.pages import address, browser, case_address, words

LATER = NOW + timedelta(minutes=20)
pytestmark = pytest.mark.django_db


def asked(cast: Cast, who: User | None = None, *, is_danger: bool = True, hours: int = 2) -> EmergencyAccess:
    return emergency_access.ask(
        school=cast.school, reason="A child is missing.", is_danger=is_danger, hours=hours, by=who or cast.head, at=NOW
    )


def opened(cast: Cast, who: User | None = None) -> EmergencyAccess:
    row = asked(cast, who)
    emergency_access.agree(emergency=row, by=cast.chair, at=NOW)
    row.refresh_from_db()
    return row


def access_of(cast: Cast, user: User, at: object = LATER) -> Access:
    return access_school(User.objects.get(pk=user.pk), cast.school.slug, at=at)


def reads(access: Access, incident: Incident, permission: Permission = Permission.INCIDENT_READ) -> bool:
    try:
        access_incident(access, incident.reference, permission)
    except Http404:
        return False
    return True


def told(kind: str) -> set[str]:
    rows = OutboxMessage.objects.filter(kind=f"accounts/emergency_{kind}").select_related("recipient")
    return {row.recipient.full_name for row in rows if row.recipient}


def test_two_people_open_the_teams_cases_for_reading_and_nothing_else(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    assert not reads(access_of(cast, cast.head), case)
    row = asked(cast)
    assert told("asked") == {"Dora Safe", "Dennis Deputy", "Olive Online", "Charles Chair", "Tom Trust"}
    assert not reads(access_of(cast, cast.head), case), "asking opens nothing"

    emergency_access.agree(emergency=row, by=cast.chair, at=NOW)

    access = access_of(cast, cast.head)
    assert reads(access, case)
    for permission in (Permission.INCIDENT_WORK, Permission.INCIDENT_TRIAGE, Permission.INCIDENT_CLOSE):
        assert not reads(access, case, permission), permission
    assert case not in visible_incidents(access), "only where cases are read"
    # Who agreed is not independent of it.
    assert told("opened") == {"Gwen Governor", "Dora Safe", "Dennis Deputy", "Olive Online"}
    assert told("answered") == {"Hetty Head"}


def test_restricted_and_sealed_cases_and_ones_own_never_open(cast: Cast) -> None:
    head, child = person_of(cast.head, cast.school), make_person(school=cast.school)
    people.relate(person=head, related=child, relation=Relation.PARENT, at=NOW)
    about_head = make_incident(
        school=cast.school, by=cast.teacher, people=[harmed(child), alleged(head)], about=About.HEADTEACHER
    )
    of_relative = make_incident(school=cast.school, by=cast.teacher, people=[alleged(child)])
    sealed = make_incident(school=cast.school, by=cast.teacher)
    sharing.seal(incident=sealed, named=[cast.deputy], reason="Few may know.", by=cast.dsl, at=NOW)
    left = make_incident(school=cast.school, by=cast.teacher)
    sharing.step_back(incident=left, user=cast.head, kind=Kept.TAKEN_OFF, reason="Close.", by=cast.dsl, at=NOW)
    opened(cast)

    access = access_of(cast, cast.head)
    assert [reads(access, case) for case in (about_head, of_relative, sealed, left)] == [False] * 4
    trust = access_of(cast, cast.trust_lead)
    assert trust.emergency is None


def test_it_ends_by_itself_to_the_second_and_its_end_is_noted_once(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    row = opened(cast)
    assert row.ends_at == NOW + timedelta(hours=2)
    assert reads(access_of(cast, cast.head, row.ends_at - timedelta(seconds=1)), case)
    assert not reads(access_of(cast, cast.head, row.ends_at), case)

    assert [emergency_access.end_due(now=row.ends_at) for _ in range(2)] == [1, 0]
    assert AuditEvent.objects.filter(event="emergency.ended").count() == 1


def test_whoever_it_is_open_to_or_who_may_agree_ends_it_at_once(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    row = opened(cast)
    with pytest.raises(Refused, match="Somebody else"):
        emergency_access.end(emergency=row, by=cast.administrator, at=LATER)

    emergency_access.end(emergency=row, by=cast.dsl, at=LATER)

    assert not reads(access_of(cast, cast.head, LATER), case)
    with pytest.raises(Refused, match="over already"):
        emergency_access.end(emergency=row, by=cast.head, at=LATER)


@pytest.mark.parametrize(
    ("name", "code"),
    [("teacher", "not_you"), ("governor", "not_you"), ("ict", "not_you"), ("chair", "not_you"), ("dsl", "reads")],
)
def test_a_role_that_may_not_ask_is_refused(cast: Cast, name: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        asked(cast, cast[name])

    assert refusal.value.code.startswith(code)


def test_nobody_agrees_with_themselves_nor_a_relative_nor_their_other_account(cast: Cast) -> None:
    row = asked(cast)
    head = person_of(cast.head, cast.school)
    people.relate(person=head, related=person_of(cast.deputy, cast.school), relation=Relation.PARTNER, at=NOW)
    twin = User.objects.create_user("again@school.example", full_name="Hetty Again")
    members.add_member(school=cast.school, user=twin, person=head, role=Role.SLT, starts_on=NOW.date(), at=NOW)
    for user in (cast.head, cast.deputy, twin, cast.governor, cast.teacher, cast.administrator, cast.next_door_dsl):
        with pytest.raises(Refused):
            emergency_access.agree(emergency=row, by=user, at=NOW)
        with pytest.raises(Refused):
            emergency_access.decline(emergency=row, by=user, at=NOW)

    emergency_access.decline(emergency=row, by=cast.dsl, at=NOW)

    assert access_of(cast, cast.head).emergency is None
    with pytest.raises(Refused, match="answered already"):
        emergency_access.agree(emergency=row, by=cast.chair, at=NOW)


def test_in_danger_it_opens_alone_when_nobody_answered_in_time(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    row = asked(cast)
    for at, by in ((NOW + timedelta(minutes=14, seconds=59), cast.head), (LATER, cast.chair)):
        with pytest.raises(Refused):
            emergency_access.open_alone(emergency=row, by=by, at=at)

    emergency_access.open_alone(emergency=row, by=cast.head, at=LATER)

    assert reads(access_of(cast, cast.head), case)
    assert told("opened") == {"Gwen Governor", "Charles Chair", "Dora Safe", "Dennis Deputy", "Olive Online"}
    calm = asked(cast, cast.administrator, is_danger=False)
    with pytest.raises(Refused, match="somebody has to agree"):
        emergency_access.open_alone(emergency=calm, by=cast.administrator, at=LATER)


def test_who_was_declined_does_not_open_it_alone_by_asking_once_more(cast: Cast) -> None:
    emergency_access.decline(emergency=asked(cast), by=cast.dsl, at=NOW)
    again = asked(cast)

    with pytest.raises(Refused, match="Ring Dora Safe, or the local authority") as refusal:
        emergency_access.open_alone(emergency=again, by=cast.head, at=LATER)

    assert refusal.value.code == "declined_lately"
    emergency_access.end(emergency=again, by=cast.head, at=LATER)
    next_day = NOW + timedelta(hours=24)
    said = {"reason": "A child is missing.", "is_danger": True, "hours": 1, "by": cast.head}
    row = emergency_access.ask(school=cast.school, at=next_day - timedelta(minutes=15), **said)
    emergency_access.open_alone(emergency=row, by=cast.head, at=next_day)


def test_the_page_says_whom_to_ring_after_a_no(cast: Cast) -> None:
    at, page = timezone.now() - timedelta(hours=1), address("emergency-access-list", cast.school)
    said = {"reason": "A child is missing.", "is_danger": True, "hours": 1, "by": cast.head}
    row = emergency_access.ask(school=cast.school, at=at, **said)
    emergency_access.decline(emergency=row, by=cast.dsl, at=at)
    emergency_access.ask(school=cast.school, at=at, **said)

    shown = words(browser(cast.head).get(page))

    assert "Dora Safe</bdi> declined this" in shown
    assert "Open the cases now" not in shown


@pytest.mark.parametrize("hours", [0, 5])
def test_four_hours_at_most_and_one_at_a_time(cast: Cast, hours: int) -> None:
    with pytest.raises(Refused, match="between one hour"):
        asked(cast, hours=hours)
    asked(cast)
    with pytest.raises(Refused, match="asked already"):
        asked(cast)


def test_what_nobody_answered_is_over_and_may_be_asked_again(cast: Cast) -> None:
    row = asked(cast)
    at = NOW + emergency_access.UNANSWERED
    with pytest.raises(Refused):
        emergency_access.agree(emergency=row, by=cast.chair, at=at)
    assert emergency_access.end_due(now=at) == 1

    assert asked(cast)


def test_every_reading_is_recorded_with_it_and_counted(cast: Cast) -> None:
    case, other = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))
    row = asked(cast, cast.administrator)
    emergency_access.agree(emergency=row, by=cast.head, at=NOW)
    _long_open(row)
    client = browser(cast.administrator)
    page = words(client.get(address("incident-list", cast.school)))
    assert case.reference in page
    assert "cases are open to you until" in page
    for _ in range(2):
        assert client.get(case_address("incident-detail", case)).status_code == 200
    assert client.get(case_address("chronology-detail", case)).status_code == 200
    assert "In an emergency" in words(client.get(address("school-home", cast.school)))
    for name in ("note-add", "attachment-list", "sharing-detail"):
        assert client.get(case_address(name, other)).status_code in (403, 405)

    rows = AuditEvent.objects.filter(data__emergency=str(row.pk), actor=str(cast.administrator.pk))
    seen = list(rows.order_by("seq").values_list("event", flat=True))
    assert seen == ["emergency.asked", "emergency.cases_listed", *["incident.read"] * 3]
    assert emergencies_of(cast.school, cast.dsl, at=NOW)[0].cases == 1
    counted = figures(cast.school, begins=NOW, ends=NOW + timedelta(days=1))
    assert (counted.asked, counted.opened, counted.opened_alone, counted.cases_read) == (1, 1, 0, 1)


def test_the_headteacher_moves_no_case_that_is_open_in_an_emergency(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    _long_open(opened(cast))
    client = browser(cast.head)
    page = words(client.get(case_address("incident-detail", case)))

    assert "Acknowledge</button>" not in page
    assert client.post(case_address("incident-advance", case, status="acknowledged")).status_code == 404
    assert client.post(case_address("note-add", case), {"note-text": "x"}).status_code == 404


def test_the_page_asks_agrees_and_shows_governors_no_reason(cast: Cast) -> None:
    page = address("emergency-access-list", cast.school)
    head, chair = browser(cast.head), browser(cast.chair)
    assert "Write down why" in words(head.post(page, {"danger": "yes", "hours": "1"}))
    sent = head.post(page, {"reason": "A heliotrope ran off.", "danger": "yes", "hours": "1"}, follow=True)
    assert "Ring one of them" in words(sent)
    row = EmergencyAccess.objects.get()
    assert "heliotrope" in words(chair.get(page))
    assert "heliotrope" not in words(browser(cast.governor).get(page))
    assert browser(cast.teacher).get(page).status_code == 403

    done = chair.post(address("emergency-access-agree", cast.school, emergency_id=row.pk), follow=True)

    assert "open to them now" in words(done)
    read = {
        name: "heliotrope" in words(browser(cast[name]).get(page)) for name in ("head", "chair", "dsl", "trust_lead")
    }
    assert read == {"head": True, "chair": True, "dsl": False, "trust_lead": False}
    assert "Cases are open to you until" in words(head.get(page))
    assert "Nothing is open by it any more" in words(
        head.post(address("emergency-access-end", cast.school, emergency_id=row.pk), follow=True)
    )


def test_an_operator_of_the_installation_gets_nowhere(cast: Cast) -> None:
    """Being a superuser or staff opens nothing, and cannot ask (AZ-6)."""
    case = make_incident(school=cast.school, by=cast.teacher)
    operator = User.objects.create_superuser("operator@host.example", "a long enough password", full_name="Operator")
    operator.emergency_until = NOW + timedelta(days=1)
    operator.save()
    with pytest.raises(Refused):
        asked(cast, operator)
    client = browser(operator)
    for url in (address("emergency-access-list", cast.school), case_address("incident-detail", case)):
        assert client.get(url).status_code == 404
    teacher = cast.teacher
    teacher.is_superuser, teacher.emergency_until = True, NOW + timedelta(days=1)
    teacher.save()
    assert access_of(cast, teacher).emergency is None
    assert not reads(access_of(cast, teacher), make_incident(school=cast.school, by=cast.colleague))


def test_at_another_school_nothing_opens(cast: Cast) -> None:
    make_member(school=cast.next_door, role=Role.HEADTEACHER, user=cast.head)
    case = make_incident(school=cast.next_door, by=cast.next_door_teacher)
    opened(cast)

    access = access_school(User.objects.get(pk=cast.head.pk), cast.next_door.slug, at=LATER)

    assert access.emergency is None
    assert not reads(access, case)


def _long_open(row: EmergencyAccess) -> None:
    """Pages read the server's clock."""
    at = timezone.now() + timedelta(hours=3)
    EmergencyAccess.objects.filter(pk=row.pk).update(ends_at=at)
    User.objects.filter(pk=row.asked_by_id).update(emergency_until=at)
