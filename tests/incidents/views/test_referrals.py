"""The pages of referrals: what they say first, what they take, what they keep when refused, and for whom."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from incidents.models import Incident, Obligation, Referral, ReferralAnswer
from incidents.operations import obligations
from incidents.routes import About
from incidents.statuses import Undertaking
from policies.calendars import end_of_school_day
from policies.engine.vocabulary import Agency, Kind
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_referrals import BAN, SAID, case_of, chase, made, owed, police_first
from tests.incidents.pages import browser, case_address, main, title, value_of, words
from tests.incidents.views.test_incidents_queries import count, settled

LIST, FORM, DETAIL = 11, 17, 13
OTHERS = ("teacher", "colleague", "head", "chair", "governor", "ict", "administrator", "trust_lead")
FRIDAY = date(2026, 11, 20)


def typed(cast: Cast, agency: Agency = Agency.CHILDRENS_SOCIAL_CARE, **changes: str) -> dict[str, str]:
    """Return the form as a browser sends it."""
    return {
        "step": "record",
        "referral_id": str(uuid.uuid4()),
        "agency": agency.value,
        "kind": "refer",
        "method": "phone",
        "made_date": "2026-11-17",
        "made_time": "08:00",
        "made_by": str(cast.dsl.pk),
        "spoken_to": "Duty social worker",
        "said": SAID,
        "advice": "",
        "agency_reference": "CSC-4711",
        "expects": "again",
        "chase_date": "2026-11-20",
        **changes,
    }


def add(cast: Cast, incident: Incident, by: str = "dsl", **changes: Any) -> Any:
    return browser(cast[by]).post(case_address("referral-add", incident), typed(cast, **changes))


def listed(cast: Cast, incident: Incident, by: str = "dsl") -> str:
    return main(browser(cast[by]).get(case_address("referral-list", incident)))


def test_from_the_duty_to_the_record_and_back(cast: Cast) -> None:
    incident, client = case_of(cast, types=("grooming",)), browser(cast.dsl)
    page = listed(cast, incident)
    for stands in (
        "Our policy asks for",
        "Record the referral",
        "Decided not to refer: why",
        "Nobody outside the school",
    ):
        assert stands in page

    form = client.post(case_address("referral-add", incident), {"agency": "childrens_social_care", "kind": "refer"})
    assert "What they need from you" in words(form)
    assert value_of(form, "made_date") == "2026-11-17"
    assert value_of(form, "chase_date") == "2026-11-18"
    assert "childrens" not in case_address("referral-add", incident)
    answer = client.post(case_address("referral-add", incident), typed(cast))

    row = Referral.objects.get()
    assert answer["Location"] == case_address("referral-list", incident)
    assert row.made_at == datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
    assert chase(row).due_at == end_of_school_day(cast.school, FRIDAY)
    after = listed(cast, incident)
    for stands in ("Children’s social care", "No answer yet", "Due in 3 days", "by <bdi>Dora Safe"):
        assert stands in after
    assert owed(incident, "refer:childrens_social_care").state == State.DONE


def test_what_must_not_be_done_and_what_the_policy_says_stand_before_the_form(cast: Cast) -> None:
    incident = case_of(cast, types=("nudes",))
    assert Obligation.objects.filter(incident=incident, key="forbid:copy_imagery!").exists()

    page = main(browser(cast.dsl).post(case_address("referral-add", incident), {"agency": "police", "kind": "refer"}))

    assert page.index("Do not copy or print") < page.index("How did you tell them?")
    assert "Describe images in words" in page
    assert ">101<" in page
    assert "Check this" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Say whether it was advice or a referral"),
        ({"method": "pigeon"}, "Choose one of these"),
        ({"made_date": ""}, "Say on which day"),
        ({"made_date": "2026-11-18"}, "That is in the future"),
        ({"made_time": "noon"}, "That is not a time"),
        ({"made_by": str(uuid.uuid4())}, "Choose somebody in the list"),
        ({"expects": ""}, "Say whether you expect an answer"),
        ({"chase_date": ""}, "Say on which day you ask them again"),
        ({"chase_date": "2026-11-16"}, "That day is over"),
        ({"chase_date": "2066-11-16"}, "That is years away"),
        ({"spoken_to": "x" * 301}, "1 letters too long"),
        ({"referral_id": "not-an-id"}, "valid UUID"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    page = add(cast, case_of(cast), **changes)

    assert sentence in words(page)
    assert title(page).startswith("Error: ")
    assert value_of(page, "said") == SAID
    assert value_of(page, "agency_reference") == "CSC-4711"
    assert not Referral.objects.exists()


@pytest.mark.parametrize("said", ["", " \r\n", "kept\x00not"])
def test_without_words_that_can_be_kept_nothing_is_recorded(cast: Cast, said: str) -> None:
    page = add(cast, case_of(cast), said=said, spoken_to="Ms Duty")

    assert not Referral.objects.exists()
    assert value_of(page, "spoken_to") == "Ms Duty"


def test_an_agency_that_does_not_exist_is_not_there(cast: Cast) -> None:
    incident, client = case_of(cast), browser(cast.dsl)

    assert client.post(case_address("referral-add", incident), typed(cast) | {"agency": "wizard"}).status_code == 404
    chosen = client.post(case_address("referral-add", incident), {"agency": "wizard", "kind": "refer"})
    assert "Choose somebody in the list" in words(chosen)


def test_whoever_the_case_is_about_cannot_be_named_as_the_one_who_told(cast: Cast) -> None:
    incident = case_of(cast, about=About.ADULT)

    page = add(cast, incident, by="head", agency=Agency.LADO, made_by=str(cast.colleague.pk))

    assert "Choose somebody in the list" in words(page)
    assert "Colin Colleague" not in words(page)
    assert not Referral.objects.exists()


def test_the_police_first_on_the_form_and_when_it_is_sent(cast: Cast) -> None:
    incident, client = police_first(cast), browser(cast.dsl)
    target = case_address("referral-add", incident)

    form = client.post(target, {"agency": "other_setting_dsl", "kind": "consult"})
    assert "The police first." in words(form)
    assert "disabled" in main(form)
    refused = client.post(target, typed(cast, agency=Agency.OTHER_SETTING_DSL, kind="consult"))

    assert "until the police have advised: Online safety policy, " in words(refused)
    assert value_of(refused, "said") == SAID
    assert not Referral.objects.exists()
    told = typed(cast, agency=Agency.POLICE, kind="consult", method="call_101", advice="You may.", expects="over")
    assert client.post(target, told).status_code == 302
    assert owed(incident, BAN).state == State.DONE
    assert client.post(target, typed(cast, agency=Agency.OTHER_SETTING_DSL, kind="consult")).status_code == 302


def test_a_decision_not_to_refer_wants_its_reason(cast: Cast) -> None:
    incident, client = case_of(cast, types=("grooming",)), browser(cast.dsl)
    row = owed(incident, "refer:ceop")
    target, box = case_address("referral-decline", incident), f"decline-{row.pk}-reason"

    refused = client.post(target, {"duty": str(row.pk), box: " "})
    assert "Deciding not to is a decision" in words(refused)
    assert title(refused).startswith("Error: ")
    done = client.post(target, {"duty": str(row.pk), box: "The police do it."}, follow=True)

    assert "The decision is recorded, with your reason." in words(done)
    assert "The police do it." in main(done)
    row.refresh_from_db()
    assert row.state == State.WAIVED
    again = client.post(target, {"duty": str(row.pk), box: "Twice."})
    assert "settled already" in words(again)


def test_only_a_referral_is_declined_here_and_only_of_this_case(cast: Cast) -> None:
    one, other = case_of(cast, types=("grooming",)), case_of(cast, types=("grooming",))
    rows = [owed(one, "do:document_decision"), owed(other, "refer:ceop")]
    for row in rows:
        box = {"duty": str(row.pk), f"decline-{row.pk}-reason": "No."}
        browser(cast.dsl).post(case_address("referral-decline", one), box)
        row.refresh_from_db()
        assert row.state == State.OPEN


def answered(**changes: str) -> dict[str, str]:
    said = {
        "given_by": "Ms Duty",
        "given_date": "2026-11-17",
        "given_time": "08:20",
        "text": "We are looking at it.",
        "expects": "again",
        "chase_date": "2026-11-20",
        "outcome": "",
    }
    return {f"answer-{name}": value for name, value in {**said, **changes}.items()}


def test_answers_follow_one_another_until_the_end(cast: Cast) -> None:
    row, client = made(cast, case_of(cast)), browser(cast.dsl)
    target = case_address("referral-answer", row.incident, referral_id=row.pk)

    page = client.post(target, answered(), follow=True)
    assert "More is expected" in words(page)
    assert "We are looking at it." in main(page)
    page = client.post(target, answered(text="Taken on.", expects="over", outcome="taken_on"), follow=True)

    assert "They have taken it on" in main(page)
    assert not Obligation.objects.filter(kind=Undertaking.CHASE).outstanding().exists()
    late = client.post(target, answered(text="A letter."), follow=True)
    assert "A letter." in main(late)
    assert ReferralAnswer.objects.count() == 3


@pytest.mark.parametrize(
    ("verb", "data", "sentence"),
    [
        ("answer", answered(text=" "), "Write down what they answered"),
        ("answer", answered(expects=""), "Say what follows"),
        ("answer", answered(expects="over"), "Choose how it ended"),
        ("answer", answered(chase_date=""), "Say on which day you ask them again"),
        ("answer", answered(given_date="2027-01-01"), "That is in the future"),
        ("chase", {"chase-chase_date": "2026-11-01", "chase-reason": "Rang twice."}, "That day is over"),
        ("chase", {"chase-chase_date": "2026-11-20", "chase-reason": ""}, "Write down what you did"),
        ("close", {"close-outcome": "", "close-words": "Rang twice."}, "Choose how it ended"),
        ("close", {"close-outcome": "no_answer", "close-words": ""}, "Write down how it ended"),
    ],
)
def test_a_mistake_on_what_follows_keeps_what_was_typed(
    cast: Cast, verb: str, data: dict[str, str], sentence: str
) -> None:
    row = made(cast, case_of(cast))

    page = browser(cast.dsl).post(case_address(f"referral-{verb}", row.incident, referral_id=row.pk), data)

    assert sentence in words(page)
    assert title(page).startswith("Error: ")
    for name, value in data.items():
        if value.strip() and "outcome" not in name and "expects" not in name:
            assert value_of(page, name) == value
    row.refresh_from_db()
    assert not row.is_closed
    assert not ReferralAnswer.objects.exists()


def test_asked_again_and_ended(cast: Cast) -> None:
    row, client = made(cast, case_of(cast)), browser(cast.dsl)
    where = {"referral_id": row.pk}

    client.post(
        case_address("referral-chase", row.incident, **where),
        {"chase-chase_date": "2026-11-20", "chase-reason": "Rang, no reply."},
    )
    assert chase(row).due_at == end_of_school_day(cast.school, FRIDAY)
    page = client.post(
        case_address("referral-close", row.incident, **where),
        {"close-outcome": "no_answer", "close-words": "Three calls, two letters."},
        follow=True,
    )

    assert "They never answered" in main(page)
    assert "Three calls, two letters." in main(page)
    again = client.post(
        case_address("referral-close", row.incident, **where), {"close-outcome": "taken_on", "close-words": "Kept."}
    )
    assert "came to its end already" in words(again)


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_finds_or_records_anything(cast: Cast, name: str) -> None:
    row = made(cast, case_of(cast))
    client, where = browser(cast[name]), {"referral_id": row.pk}
    codes = {
        client.get(case_address("referral-list", row.incident)).status_code,
        client.get(case_address("referral-detail", row.incident, **where)).status_code,
        client.get(case_address("referral-add", row.incident)).status_code,
        client.post(case_address("referral-add", row.incident), typed(cast)).status_code,
        client.post(case_address("referral-decline", row.incident)).status_code,
    }
    for verb, data in (("answer", answered()), ("chase", {}), ("close", {})):
        codes.add(client.post(case_address(f"referral-{verb}", row.incident, **where), data).status_code)

    assert codes <= {403, 404}
    assert Referral.objects.count() == 1
    assert not ReferralAnswer.objects.exists()


def test_a_referral_of_another_case_is_not_there(cast: Cast) -> None:
    row, other = made(cast, case_of(cast)), case_of(cast)

    page = browser(cast.dsl).get(case_address("referral-detail", other, referral_id=row.pk))

    assert page.status_code == 404


def test_the_team_sees_nothing_of_what_the_case_manager_refers(cast: Cast) -> None:
    incident = case_of(cast, about=About.ADULT)
    row = made(cast, incident, Agency.LADO, kind=Kind.CONSULT, by=cast.head)

    assert "Local authority designated officer" in listed(cast, incident, "head")
    for name in ("dsl", "deputy", "online_safety_lead", "colleague"):
        page = browser(cast[name]).get(case_address("referral-detail", incident, referral_id=row.pk))
        assert page.status_code in (403, 404)


def test_a_closed_case_is_read_and_says_why_nothing_is_added(cast: Cast) -> None:
    incident = case_of(cast)
    row = made(cast, incident)
    Incident.objects.filter(pk=incident.pk).update(
        status="closed", closed_at=NOW, closed_by=cast.dsl, outcome="resolved"
    )

    assert "Open it again before you record" in listed(cast, incident)
    page = add(cast, incident)
    assert "This case is closed. Open it again first." in words(page)
    assert value_of(page, "said") == SAID
    detail = browser(cast.dsl).get(case_address("referral-detail", incident, referral_id=row.pk))
    assert "Open it again before you set anything" in words(detail)


def test_its_statements_do_not_grow(cast: Cast) -> None:
    incident = case_of(cast, types=("grooming", "nudes"))
    client = settled(browser(cast.dsl), cast)
    row = made(cast, incident)
    pages = {
        LIST: lambda: client.get(case_address("referral-list", incident)),
        FORM: lambda: client.post(case_address("referral-add", incident), {"agency": "ceop", "kind": "refer"}),
        DETAIL: lambda: client.get(case_address("referral-detail", incident, referral_id=row.pk)),
    }
    pages[LIST]()
    first = {most: count(ask) for most, ask in pages.items()}
    for number in range(5):
        more = made(cast, incident, Agency.CEOP, advice="Yes.", at=NOW + timedelta(minutes=number))
        obligations.discharge(obligation=chase(more), by=cast.dsl, at=NOW + timedelta(hours=1), evidence="")
    then = {most: count(ask) for most, ask in pages.items()}

    assert then == first == {most: most for most in pages}
