"""What is shown of a case's referrals: with their answers in order, what still asks, and what the policy asks."""

from datetime import timedelta

from incidents.operations import obligations, referrals
from incidents.queries.referrals import referrals_of
from policies.engine.vocabulary import Agency, Kind
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_referrals import case_of, chase, made, owed, police_first


def test_the_latest_comes_first_with_its_answers_in_order(cast: Cast) -> None:
    incident = case_of(cast)
    first = made(cast, incident)
    second = made(cast, incident, Agency.CEOP, at=NOW + timedelta(hours=1), advice="Wait.")
    for hours, text in ((3, "Third."), (2, "Second.")):
        referrals.answer(
            referral=second,
            text=text,
            given_at=NOW + timedelta(hours=hours),
            given_by="",
            chase_at=NOW + timedelta(days=3),
            by=cast.dsl,
            at=NOW + timedelta(hours=4),
        )

    found = referrals_of(incident, at=NOW).made

    assert [made.row for made in found] == [second, first]
    assert [given.text for given in found[0].answers] == ["Wait.", "Second.", "Third."]
    last = found[0].last_answer
    assert last is not None
    assert last.text == "Third."
    assert (found[0].chase, found[1].chase) == (chase(second), chase(first))
    assert found[1].last_answer is None


def test_what_is_asked_says_who_would_do_what_waits_and_what_was_decided(cast: Cast) -> None:
    incident = police_first(cast)

    found = referrals_of(incident, at=NOW)

    asked = {one.duty.row.key: one for one in found.asked}
    assert asked["consult:other_setting_dsl"].duty.waits_for == asked["consult:police"].duty.text
    assert asked["consult:police"].agencies[0] == Agency.POLICE
    assert asked["consult:police"].says
    assert "share_beyond_school" in {ban.row.target for ban in found.bans}
    referrals.decline(obligation=owed(incident, "refer:police"), reason="They know.", by=cast.dsl, at=NOW)
    obligations.discharge(obligation=owed(incident, "consult:police"), by=cast.dsl, at=NOW, evidence="Asked.")
    after = referrals_of(incident, at=NOW)
    assert {duty.row.key for duty in after.settled} >= {"refer:police", "consult:police"}
    assert "share_beyond_school" not in {ban.row.target for ban in after.bans}
    assert {one.kind for one in after.asked} <= {Kind.CONSULT, Kind.REFER}


def test_alternatives_stand_beside_the_one_that_is_named(cast: Cast) -> None:
    incident = police_first(cast)
    row = owed(incident, "consult:police")
    row.any_of = ["education_safeguarding_service", "police"]
    row.save()

    asked = next(one for one in referrals_of(incident, at=NOW).asked if one.duty.row.key == "consult:police")

    assert asked.agencies == (Agency.POLICE, Agency.EDUCATION_SAFEGUARDING_SERVICE)
    assert [name["key"] for name in asked.names] == ["police", "education_safeguarding_service"]
