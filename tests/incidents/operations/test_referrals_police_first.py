"""The police first: nothing of a case leaves the school before they advise, but to whom the policy itself names."""

import pytest

from accounts.errors import Refused
from incidents import guards
from incidents.events import Event
from incidents.models import ChronologyEntry, Referral
from incidents.operations import obligations, referrals
from incidents.statuses import Answered, Method
from policies.engine.vocabulary import Agency, Kind
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_referrals import BAN, GATE, HOUR, case_of, follow, made, owed, police_first


@pytest.mark.parametrize("pack_id", ["shipbourne-2018", "maidstone-grammar-2020"])
@pytest.mark.parametrize("agency", [Agency.OTHER_SETTING_DSL, Agency.EXAM_BOARD])
def test_nobody_else_hears_of_it_before_the_police_have_advised(cast: Cast, pack_id: str, agency: Agency) -> None:
    incident = police_first(cast, pack_id)

    with pytest.raises(Refused) as refusal:
        made(cast, incident, agency)

    assert refusal.value.code == "police_first"
    ban = owed(incident, BAN)
    assert ban.clause in refusal.value.sentence or "police" in refusal.value.sentence
    for words in ("The police first", "until the police have advised", "101", "record here what they advised"):
        assert words in refusal.value.sentence
    assert not Referral.objects.exists()


def test_the_clause_is_cited(cast: Cast) -> None:
    incident = police_first(cast)

    sentence = guards.why_not_beyond_school(incident, to=Agency.OTHER_SETTING_DSL)

    ban = owed(incident, BAN)
    assert ban.pack_id == "shipbourne-2018"
    assert f"Online safety policy, {ban.clause}" in sentence


def test_with_what_the_police_say_the_way_is_open(cast: Cast) -> None:
    incident = police_first(cast)
    waiting = owed(incident, "consult:other_setting_dsl")
    assert waiting.after_key == GATE

    made(cast, incident, Agency.POLICE, kind=Kind.CONSULT, method=Method.CALL_101, advice="You may tell the school.")

    assert owed(incident, GATE).state == State.DONE
    assert owed(incident, BAN).state == State.DONE
    assert ChronologyEntry.objects.filter(incident=incident, event=Event.BAN_LIFTED).count() == 1
    made(cast, incident, Agency.OTHER_SETTING_DSL, kind=Kind.CONSULT)
    assert owed(incident, "consult:other_setting_dsl").state == State.DONE


def test_a_question_that_nobody_has_answered_opens_nothing(cast: Cast) -> None:
    incident = police_first(cast)
    asked = made(cast, incident, Agency.POLICE, kind=Kind.CONSULT, method=Method.ONLINE_FORM)

    assert owed(incident, GATE).state == State.OPEN
    assert guards.why_not_beyond_school(incident)
    referrals.answer(
        referral=asked,
        text="Wait until tomorrow, then tell them.",
        given_at=NOW + HOUR,
        given_by="PC",
        outcome=Answered.ADVICE_GIVEN,
        by=cast.dsl,
        at=NOW + HOUR,
    )

    assert owed(incident, GATE).state == State.DONE
    assert owed(incident, BAN).state == State.DONE
    assert not guards.why_not_beyond_school(incident)


@pytest.mark.parametrize("deed", ["discharge", "waive"])
def test_what_the_police_said_may_also_be_recorded_on_the_duty(cast: Cast, deed: str) -> None:
    incident = police_first(cast)
    gate = owed(incident, GATE)
    if deed == "discharge":
        obligations.discharge(obligation=gate, by=cast.dsl, at=NOW, evidence="Asked PC Example.")
    else:
        obligations.waive(obligation=gate, by=cast.dsl, at=NOW, reason="They have told us already.")

    guards.beyond_school(incident)
    assert owed(incident, BAN).state == State.DONE


@pytest.mark.parametrize(
    "agency",
    [Agency.POLICE, Agency.POLICE_EMERGENCY, Agency.CHILDRENS_SOCIAL_CARE, Agency.EDUCATION_SAFEGUARDING_SERVICE],
)
def test_the_police_and_whom_the_policy_itself_asks_to_tell_are_never_kept_waiting(cast: Cast, agency: Agency) -> None:
    follow(cast, "shipbourne-2018")
    incident = case_of(cast, types=("sexual_harassment",), other_setting=True)
    assert owed(incident, "refer:childrens_social_care").state == State.OPEN

    guards.beyond_school(incident, to=agency)

    with pytest.raises(Refused):
        guards.beyond_school(incident)


def test_where_nothing_asks_for_social_care_the_police_come_first_too(cast: Cast) -> None:
    incident = case_of(cast, types=("scam",), crime="suspected")
    assert owed(incident, BAN).pack_id == "starter"

    assert guards.why_not_beyond_school(incident, to=Agency.CHILDRENS_SOCIAL_CARE)


def test_only_who_may_advise_instead_of_the_police_opens_the_way(cast: Cast) -> None:
    incident = case_of(cast, types=("scam",), crime="suspected")
    assert not owed(incident, GATE).any_of

    assert guards.why_not_beyond_school(incident, to=Agency.EDUCATION_SAFEGUARDING_SERVICE)
    made(cast, incident, Agency.POLICE_EMERGENCY, advice="Tell nobody else yet.")

    assert owed(incident, BAN).state == State.DONE
    assert not guards.why_not_beyond_school(incident)


def test_without_the_ban_nothing_is_kept_back(cast: Cast) -> None:
    incident = case_of(cast)

    assert guards.why_not_beyond_school(incident) == ""
    guards.beyond_school(incident)
