"""A message that does not arrive goes to the next person as well: once, past whom it is about, and it is recorded."""

import smtplib
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from accounts import outbox
from accounts.audit import verify_chain
from accounts.models import AuditEvent, Mail, OutboxMessage, User
from accounts.operations.absences import add_absence
from accounts.roles import Role
from incidents import notifications
from incidents.events import Event
from incidents.models import ConcernDraft, Incident
from incidents.operations import drafts, handovers
from incidents.queries import workload
from incidents.routes import About
from tests.accounts.operations.test_preferences import choose
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, person_of

MINUTE = timedelta(minutes=1)
Refuse = Callable[..., None]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Return a function after which mail to these users, or to everybody, does not arrive."""

    def refused(*users: User, problem: Exception | None = None) -> None:
        addresses = {user.email for user in users}

        def send(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
            if not addresses or self.to[0] in addresses:
                raise problem or smtplib.SMTPRecipientsRefused({self.to[0]: (550, b"no such user")})
            return 1

        monkeypatch.setattr(EmailMessage, "send", send)

    return refused


def told(kind: str = "") -> set[User | None]:
    """Return whom the messages that were passed on went to; None stands for the contact outside the school."""
    rows = OutboxMessage.objects.filter(dedupe_key__startswith="handover:").select_related("recipient")
    return {row.recipient for row in rows if row.kind.endswith(kind)}


def sweep(times: int = 1) -> int:
    """Deliver and pass on, once a minute."""
    passed = 0
    for number in range(times):
        outbox.deliver_due(NOW + number * MINUTE)
        passed += handovers.pass_on_failing(now=NOW + number * MINUTE)
    return passed


def owned(cast: Cast) -> Incident:
    """Log a concern that reached everybody, and tell its owner that it is theirs."""
    incident = make_incident(school=cast.school, by=cast.teacher)
    OutboxMessage.objects.exclude(kind="incidents/owner_set").update(sent_at=NOW)
    notifications.owner_set(incident=incident, owner=cast.dsl, at=NOW)
    return incident


def test_what_does_not_reach_the_owner_goes_to_the_next_in_the_team(cast: Cast, refuse: Refuse) -> None:
    incident = owned(cast)
    refuse(cast.dsl)

    assert sweep() == 1

    [message] = OutboxMessage.objects.filter(dedupe_key__startswith="handover:")
    assert (message.recipient, message.kind) == (cast.deputy, "incidents/owner_set")
    assert message.path == incident.get_absolute_url()


def test_it_happens_once_and_is_recorded(cast: Cast, refuse: Refuse) -> None:
    incident = owned(cast)
    refuse(cast.dsl)

    assert (sweep(), sweep(5)) == (1, 0)

    entry = AuditEvent.objects.get(event=Event.MESSAGE_PASSED_ON)
    assert (entry.target, entry.actor, entry.data["role"]) == (f"incident:{incident.pk}", "system", "deputy_dsl")
    assert incident.reference in entry.summary
    assert verify_chain(cast.school) == []


def test_where_a_colleague_has_the_same_message_nobody_else_is_told(cast: Cast, refuse: Refuse) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    refuse(cast.dsl)

    sweep(3)

    assert told() == set()
    assert AuditEvent.objects.get(event=Event.MESSAGE_PASSED_ON).data["had_it"] is True


def test_where_the_whole_team_is_refused_the_head_hears_that_something_waits(cast: Cast, refuse: Refuse) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    OutboxMessage.objects.exclude(kind="incidents/new_concern").update(sent_at=NOW)
    refuse(cast.dsl, cast.deputy, cast.online_safety_lead)

    sweep(3)

    assert told() == {cast.head}
    message = OutboxMessage.objects.filter(recipient=cast.head, dedupe_key__startswith="handover:").first()
    assert message is not None
    assert message.kind == "incidents/not_reached"
    assert incident.reference not in message.path
    assert incident.reference not in outbox.body_of(message)


def test_an_address_that_is_refused_climbs_on_to_the_contact_outside(cast: Cast, refuse: Refuse) -> None:
    owned(cast)
    refuse(cast.dsl, cast.deputy, cast.online_safety_lead, cast.head, cast.chair, cast.trust_lead)

    sweep(8)

    assert told() == {cast.deputy, cast.head, cast.chair, cast.trust_lead, None}
    assert told("not_reached_outside") == {None}


def test_while_no_mail_gets_through_at_all_one_more_person_finds_it_here(cast: Cast, refuse: Refuse) -> None:
    owned(cast)
    refuse(problem=ConnectionRefusedError())

    sweep(30)

    assert told() == {cast.deputy}


def test_somebody_away_is_passed_over(cast: Cast, refuse: Refuse) -> None:
    owned(cast)
    today = NOW.date()
    add_absence(school=cast.school, user=cast.deputy, starts_on=today, ends_on=None, by=cast.deputy, at=NOW)
    refuse(cast.dsl)

    sweep()

    assert cast.deputy not in told()
    assert len(told()) == 1


def test_whoever_it_is_about_and_the_office_they_hold_are_passed_over(cast: Cast, refuse: Refuse) -> None:
    other_chair = make_member(school=cast.school, role=Role.CHAIR_OF_GOVERNORS)
    accused = [alleged(person_of(user, cast.school)) for user in (cast.colleague, cast.chair)]
    make_incident(school=cast.school, by=cast.teacher, people=accused, about=About.ADULT)
    refuse(cast.head)

    sweep()

    assert told() == {cast.trust_lead}
    assert other_chair not in told()


def test_of_a_case_that_few_may_know_of_nobody_below_hears(cast: Cast, refuse: Refuse) -> None:
    accused = alleged(person_of(cast.colleague, cast.school))
    incident = make_incident(school=cast.school, by=cast.teacher, people=[accused], about=About.ADULT)
    refuse(cast.head)

    sweep()

    assert told("not_reached") == told() == {cast.chair}
    chain = AuditEvent.objects.get(event=Event.MESSAGE_PASSED_ON).chain.name
    assert chain == f"case:{incident.pk}"


def alarm(cast: Cast, content: dict[str, Any] | None = None, about: About = About.NO_ADULT) -> ConcernDraft:
    """Call for help from a draft."""
    draft = drafts.save_draft(
        school=cast.school, author=cast.teacher, draft_id=uuid.uuid4(), content=content or {"people": []}, at=NOW
    )
    drafts.raise_alarm(draft=draft, about=about, alleged_ids=frozenset(), at=NOW)
    return draft


def test_a_call_for_help_that_reaches_nobody_called_goes_further_and_stands_on_their_day(
    cast: Cast, refuse: Refuse
) -> None:
    draft = alarm(cast)
    refuse(cast.dsl, cast.deputy, cast.online_safety_lead)

    sweep()

    assert told("danger_raised") == told() == {cast.head}
    assert workload.alarms(cast.access("head"), at=NOW) == [draft]
    assert AuditEvent.objects.filter(event=Event.MESSAGE_PASSED_ON, target=f"draft:{draft.pk}").exists()


def test_a_call_for_help_is_not_passed_on_to_whom_the_draft_is_about(cast: Cast, refuse: Refuse) -> None:
    person = person_of(cast.chair, cast.school)
    content = {"people": [{"person": str(person.pk), "part": "alleged", "description": ""}]}
    alarm(cast, content, About.ADULT)
    refuse(cast.head)

    sweep()

    assert told() == {cast.trust_lead}


def test_a_question_to_a_reporter_is_nobody_elses(cast: Cast, refuse: Refuse) -> None:
    outbox.queue(
        school=cast.school,
        kind="incidents/question_asked",
        path="/",
        dedupe_key=f"question:{uuid.uuid4()}",
        at=NOW,
        recipients=[cast.teacher],
    )
    refuse(cast.teacher)

    assert sweep() == 0
    assert told() == set()
    assert outbox.failing(NOW) == [], "it is looked at once"


def test_what_a_message_of_the_day_counted_is_passed_on_when_that_fails(cast: Cast, refuse: Refuse) -> None:
    choose(cast.dsl, mail=Mail.DIGEST)
    owned(cast)
    refuse(cast.dsl)
    outbox.deliver_due(NOW)
    tomorrow = NOW + timedelta(days=1)

    outbox.deliver_due(tomorrow)
    handovers.pass_on_failing(now=tomorrow)

    assert told("owner_set") == {cast.deputy}


def test_one_that_cannot_be_passed_on_holds_up_no_other(
    cast: Cast, refuse: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        owned(cast)
    refuse(cast.dsl)
    broken = OutboxMessage.objects.filter(kind="incidents/owner_set").earliest("dedupe_key")
    real = handovers.pass_on

    def fail(*, message: OutboxMessage, at: Any) -> bool:
        if message.pk == broken.pk:
            raise LookupError("for the test")
        return real(message=message, at=at)

    monkeypatch.setattr(handovers, "pass_on", fail)
    outbox.deliver_due(NOW)

    assert handovers.pass_on_failing(now=NOW) == 1
    assert handovers.pass_on_failing(now=NOW) == 0
    monkeypatch.undo()
    assert handovers.pass_on_failing(now=NOW + outbox.LEASE) == 1
