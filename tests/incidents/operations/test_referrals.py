"""Who outside the school was told: recorded once, chased until it is answered, and never before the police."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent
from incidents.events import Event
from incidents.models import ChronologyEntry, Escalation, Incident, Obligation, Referral, ReferralAnswer
from incidents.operations import obligations, referrals, workflow
from incidents.operations.escalations import OBLIGATIONS
from incidents.operations.referrals import Contact
from incidents.routes import About
from incidents.statuses import Answered, Method, Outcome, Status, Undertaking
from policies.engine.vocabulary import Agency, Kind
from policies.operations import adoptions
from policies.operations.sweep import sweep
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOMORROW = NOW + DAY
SAID = "A marmalade kingfisher sent her messages."
GATE, BAN = "consult:police", "forbid:share_beyond_school!"


def follow(cast: Cast, pack_id: str) -> None:
    early = NOW - 30 * DAY
    day = timezone.localtime(early).date()
    adoptions.adopt(school=cast.school, pack_id=pack_id, starts_on=day, at=early, by=cast.head, note="Approved")


def case_of(cast: Cast, *, types: tuple[str, ...] = (), about: About = About.NO_ADULT, **known: Any) -> Incident:
    """Log a concern, and let more be known of it."""
    people = [harmed(make_person(school=cast.school))]
    if about is About.ADULT:
        people.append(alleged(person_of(cast.colleague, cast.school)))
    incident = make_incident(school=cast.school, by=cast.teacher, people=people, about=about)
    incident.types, incident.known = list(types), known
    incident.save(update_fields=["types", "known"])
    obligations.apply(incident=incident, at=NOW)
    return incident


def police_first(cast: Cast, pack_id: str = "shipbourne-2018") -> Incident:
    """Log what another school is part of, where the policy wants the police first."""
    follow(cast, pack_id)
    return case_of(cast, types=("sexual_harassment",), other_setting=True, crime="suspected")


def made(cast: Cast, incident: Incident, agency: Agency = Agency.CHILDRENS_SOCIAL_CARE, **changes: Any) -> Referral:
    at: datetime = changes.pop("at", NOW)
    chase_at = changes.pop("chase_at", at + DAY)
    by = changes.pop("by", cast.dsl)
    said = {"kind": Kind.REFER, "method": Method.PHONE, "made_at": at, "made_by": by, "said": SAID, **changes}
    return referrals.record(
        incident=incident,
        referral_id=uuid.uuid4(),
        contact=Contact(agency=agency, **said),
        chase_at=chase_at,
        by=by,
        at=at,
    )


def owed(incident: Incident, key: str) -> Obligation:
    return Obligation.objects.get(incident=incident, key=key)


def chase(row: Referral) -> Obligation:
    return Obligation.objects.get(kind=Undertaking.CHASE, target=str(row.pk), state=State.OPEN)


def events(incident: Incident) -> list[str]:
    rows = ChronologyEntry.objects.filter(incident=incident, event__contains="referral")
    return sorted(rows.values_list("event", flat=True))


def test_what_was_said_is_kept_with_the_case_and_asks_for_its_answer(cast: Cast) -> None:
    incident = case_of(cast)
    row = made(cast, incident, spoken_to="Duty social worker", agency_reference="CSC-4711", made_by=cast.deputy)

    row.refresh_from_db()
    assert (row.agency, row.kind, row.said, row.spoken_to) == (
        "childrens_social_care",
        "refer",
        SAID,
        "Duty social worker",
    )
    assert (row.made_by, row.recorded_by, row.is_closed) == (cast.deputy, cast.dsl, False)
    assert (chase(row).due_at, chase(row).owner_role, chase(row).pack_id) == (TOMORROW, "dsl", "")
    entry = ChronologyEntry.objects.get(incident=incident, event=Event.REFERRAL_MADE)
    for words in ("Children’s social care", "By Dennis Deputy", "Duty social worker", "CSC-4711", SAID):
        assert words in entry.text
    assert not AuditEvent.objects.filter(summary__contains="kingfisher").exists()
    assert verify_chain(cast.school) == []


def test_the_same_form_sent_twice_makes_one(cast: Cast) -> None:
    incident, referral_id = case_of(cast), uuid.uuid4()
    contact = Contact(Agency.CEOP, Kind.REFER, Method.ONLINE_FORM, NOW, cast.dsl, SAID)

    for _ in range(2):
        referrals.record(
            incident=incident, referral_id=referral_id, contact=contact, chase_at=TOMORROW, by=cast.dsl, at=NOW
        )

    assert Referral.objects.count() == 1
    assert events(incident) == [Event.REFERRAL_MADE]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"said": " \n"}, "said_missing"),
        ({"made_at": NOW + HOUR}, "made_in_future"),
        ({"chase_at": NOW}, "due_passed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left_of_it(cast: Cast, changes: dict[str, Any], code: str) -> None:
    incident = case_of(cast)
    before = ChronologyEntry.objects.count()

    with pytest.raises(Refused) as refusal:
        made(cast, incident, **changes)

    assert refusal.value.code == code
    assert not Referral.objects.exists()
    assert ChronologyEntry.objects.count() == before


def test_a_closed_case_goes_nowhere(cast: Cast) -> None:
    incident = case_of(cast)
    _close_case(cast, incident)

    with pytest.raises(Refused, match="This case is closed"):
        made(cast, incident)


# What the policy asks for


@pytest.mark.parametrize(
    ("agency", "kind", "settled"),
    [
        (Agency.CHILDRENS_SOCIAL_CARE, Kind.REFER, {"refer:childrens_social_care"}),
        (Agency.CHILDRENS_SOCIAL_CARE, Kind.CONSULT, set()),
        (Agency.POLICE, Kind.REFER, {"refer:police"}),
        (Agency.POLICE_EMERGENCY, Kind.REFER, {"refer:police"}),
        (Agency.CEOP, Kind.REFER, {"refer:ceop"}),
        (Agency.IWF, Kind.REFER, set()),
    ],
)
def test_it_fulfils_what_the_policy_asks_for_and_nothing_else(
    cast: Cast, agency: Agency, kind: Kind, settled: set[str]
) -> None:
    incident = case_of(cast, types=("grooming",))
    asked = {"refer:police", "refer:childrens_social_care", "refer:ceop"}
    assert asked <= set(Obligation.objects.filter(incident=incident).values_list("key", flat=True))

    made(cast, incident, agency, kind=kind)

    done = Obligation.objects.filter(incident=incident, kind__in=("refer", "consult"), state=State.DONE)
    assert set(done.values_list("key", flat=True)) & asked == settled
    for row in done:
        assert row.settled_by == cast.dsl
        assert row.reason == (
            f"{'Referral' if kind is Kind.REFER else 'Advice asked'}: {_name(agency)}. "
            "Other telephone call, 17 November 2026 at 8:25."
        )


def _name(agency: Agency) -> str:
    return Referral(agency=agency.value).agency_name


def test_an_alternative_is_enough_where_the_policy_says_so(cast: Cast) -> None:
    follow(cast, "shipbourne-2018")
    incident = case_of(cast, other_setting=True)
    assert "education_safeguarding_service" in owed(incident, GATE).any_of

    made(cast, incident, Agency.EDUCATION_SAFEGUARDING_SERVICE, kind=Kind.CONSULT, advice="Call 101.")

    assert owed(incident, GATE).state == State.DONE


def test_an_address_reported_to_the_iwf_is_reported(cast: Cast) -> None:
    incident = case_of(cast, types=("iioc",))
    assert owed(incident, "do:report_url_to_iwf").state == State.OPEN

    made(cast, incident, Agency.IWF, method=Method.ONLINE_FORM, chase_at=None)

    assert owed(incident, "do:report_url_to_iwf").state == State.DONE


def test_a_decision_not_to_refer_is_recorded_with_its_reason(cast: Cast) -> None:
    incident = case_of(cast, types=("grooming",))
    row = owed(incident, "refer:ceop")

    with pytest.raises(Refused) as refusal:
        referrals.decline(obligation=row, reason=" ", by=cast.dsl, at=NOW)
    assert refusal.value.code == "reason_missing"
    with pytest.raises(Refused) as refusal:
        referrals.decline(obligation=owed(incident, "do:document_decision"), reason="x", by=cast.dsl, at=NOW)
    assert refusal.value.code == "not_a_referral"
    referrals.decline(obligation=row, reason="The police do it themselves.", by=cast.dsl, at=NOW)

    row.refresh_from_db()
    assert (row.state, row.reason, row.settled_by) == (State.WAIVED, "The police do it themselves.", cast.dsl)
    assert "The police do it themselves." in ChronologyEntry.objects.get(event=Event.DUTY_WAIVED).text


# Answers, chasing, the end


def test_an_answer_is_kept_and_what_follows_is_said(cast: Cast) -> None:
    row = made(cast, case_of(cast))
    first = chase(row)
    later = NOW + 2 * HOUR

    with pytest.raises(Refused) as refusal:
        referrals.answer(referral=row, text="Thank you.", given_at=later, given_by="", by=cast.dsl, at=later)
    assert refusal.value.code == "next_missing"
    again = later + 2 * DAY
    referrals.answer(
        referral=row,
        text="Being looked at.",
        given_at=later,
        given_by="Ms Duty",
        chase_at=again,
        by=cast.deputy,
        at=later,
    )

    first.refresh_from_db()
    assert (first.state, first.settled_by) == (State.DONE, cast.deputy)
    assert chase(row).due_at == again
    referrals.answer(
        referral=row,
        text="We have opened an assessment.",
        given_at=later + DAY,
        given_by="Ms Duty",
        outcome=Answered.TAKEN_ON,
        by=cast.dsl,
        at=later + DAY,
    )
    row.refresh_from_db()
    assert (row.outcome, row.closed_by, row.closed_at) == ("taken_on", cast.dsl, later + DAY)
    assert not Obligation.objects.filter(kind=Undertaking.CHASE).outstanding().exists()
    assert [given.text for given in row.answers.order_by("given_at")] == [
        "Being looked at.",
        "We have opened an assessment.",
    ]
    assert events(row.incident) == [
        Event.REFERRAL_ANSWERED,
        Event.REFERRAL_ANSWERED,
        Event.REFERRAL_CLOSED,
        Event.REFERRAL_MADE,
    ]


def test_what_comes_after_the_end_is_kept_beside_it(cast: Cast) -> None:
    row = made(cast, case_of(cast), chase_at=None)
    assert Referral.objects.get().outcome == Answered.NOTHING_EXPECTED

    referrals.answer(referral=row, text="A late letter.", given_at=NOW, given_by="", by=cast.dsl, at=NOW)

    assert ReferralAnswer.objects.get().text == "A late letter."
    assert not Obligation.objects.filter(kind=Undertaking.CHASE).exists()


def test_asking_again_moves_the_day_with_the_reason(cast: Cast) -> None:
    row = made(cast, case_of(cast))
    waiting, again = chase(row), TOMORROW + 3 * DAY

    with pytest.raises(Refused):
        referrals.chase_again(referral=row, due_at=again, reason=" ", by=cast.dsl, at=TOMORROW)
    referrals.chase_again(referral=row, due_at=again, reason="Rang, no reply.", by=cast.dsl, at=TOMORROW)

    waiting.refresh_from_db()
    assert (waiting.due_at, waiting.alert_at, waiting.state) == (again, again, State.OPEN)
    assert "Rang, no reply." in ChronologyEntry.objects.get(event=Event.UNDERTAKING_MOVED).text


def test_a_day_to_ask_again_can_be_set_anew_where_somebody_ticked_it_off(cast: Cast) -> None:
    row = made(cast, case_of(cast))
    obligations.discharge(obligation=chase(row), by=cast.dsl, at=NOW, evidence="")

    referrals.chase_again(referral=row, due_at=TOMORROW, reason="They ring back.", by=cast.dsl, at=NOW)

    assert chase(row).due_at == TOMORROW


def test_closed_is_closed(cast: Cast) -> None:
    row = made(cast, case_of(cast))

    with pytest.raises(Refused):
        referrals.close(referral=row, outcome=Answered.NO_ANSWER, words="", by=cast.dsl, at=NOW)
    referrals.close(referral=row, outcome=Answered.NO_ANSWER, words="Three calls.", by=cast.dsl, at=NOW)

    tries: tuple[Callable[[], object], ...] = (
        lambda: referrals.close(referral=row, outcome=Answered.TAKEN_ON, words="x", by=cast.dsl, at=NOW),
        lambda: referrals.chase_again(referral=row, due_at=TOMORROW, reason="x", by=cast.dsl, at=NOW),
    )
    for again in tries:
        with pytest.raises(Refused, match="came to its end already"):
            again()
    assert Referral.objects.get().outcome_words == "Three calls."


def _close_case(cast: Cast, incident: Incident) -> None:
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    for row in Obligation.objects.filter(incident=incident, strength__lt=3).exclude(pack_id="").outstanding():
        row.refresh_from_db()
        if row.is_outstanding:
            obligations.waive(obligation=row, by=cast.dsl, at=NOW, reason="Not needed.")
    workflow.advance(incident=incident, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED)


def test_what_nobody_answers_goes_up_the_ladder(cast: Cast) -> None:
    follow(cast, "shipbourne-2018")
    row = made(cast, case_of(cast))
    waiting = chase(row)

    for hours in range(24, 24 * 9, 4):
        sweep(now=NOW + hours * HOUR, tables=[OBLIGATIONS])

    told = list(Escalation.objects.filter(obligation=waiting).order_by("step").values_list("told_role", flat=True))
    assert told
    assert "headteacher" in told
    assert verify_chain(cast.school) == []


# A case about an adult


def test_the_case_manager_refers_an_adult_to_the_lado(cast: Cast) -> None:
    incident = case_of(cast, about=About.ADULT)
    assert (incident.handled_by, owed(incident, "consult:lado").state) == ("headteacher", State.OPEN)

    row = made(cast, incident, Agency.LADO, kind=Kind.CONSULT, by=cast.head, advice="Hold a strategy meeting.")

    assert owed(incident, "consult:lado").settled_by == cast.head
    assert chase(row).owner_role == "headteacher"
    assert not AuditEvent.objects.filter(chain__name="school", event__contains="referral").exists()
    assert verify_chain(cast.school) == []
