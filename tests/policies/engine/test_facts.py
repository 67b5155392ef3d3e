"""Facts are read from what JSON and forms give; whatever is wrong with them is said at once, with what is allowed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from policies.engine import facts as module
from policies.engine.facts import FACT_NAMES, FactsInvalid, IncidentFacts, allowed_values, facts_from
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import (
    DeviceKind,
    Exposure,
    FoundOn,
    HarmThreshold,
    Imagery,
    IncidentType,
    PartHolder,
    Suspicion,
)

ALL_FACTS = (
    "category, types, harmed, alleged, witness, named, immediate_danger, crime, illegal_material, imagery, "
    "imagery_viewed, exposure, devices, found_on, on_school_systems, staff_possession, harm_threshold, police_request, "
    "other_setting, vulnerable_pupil, serious, pupil_involved, exam_room, became_aware_at, logged_at"
)
CATEGORIES = "content, contact, conduct, commerce"
TYPES = (
    "harmful_content, online_hate, radicalisation, misinformation, self_harm_content, iioc, grooming, "
    "criminal_exploitation, stranger_contact, cyberbullying, nudes, sexual_harassment, upskirting, image_misuse, "
    "device_misuse, account_misuse, ai_misuse, offensive_message, gambling, scam, advertising, filtering_breach, "
    "overblocking, filtering_failure, monitoring_alert, data_breach, staff_misuse, low_level_concern, parent_conduct, "
    "other"
)
PARTS = (
    "pupil, staff, headteacher, dsl, deputy_dsl, online_safety_lead, chair_of_governors, governor, ict, volunteer, "
    "contractor, parent, visitor, outsider, unknown"
)
MOMENT = "must be a moment such as 2026-11-12T08:20:00+00:00, not"


EVERYTHING: dict[str, Any] = {
    "category": "content",
    "types": ["nudes", "iioc"],
    "harmed": ["pupil"],
    "alleged": ["staff", "dsl"],
    "witness": ["visitor"],
    "named": ["parent"],
    "immediate_danger": True,
    "crime": "unsure",
    "illegal_material": "suspected",
    "imagery": "possible",
    "imagery_viewed": False,
    "exposure": "deliberate",
    "devices": ["school"],
    "found_on": ["email"],
    "on_school_systems": True,
    "staff_possession": False,
    "harm_threshold": "not_met",
    "police_request": True,
    "other_setting": False,
    "vulnerable_pupil": True,
    "serious": False,
    "pupil_involved": True,
    "exam_room": False,
    "became_aware_at": "2026-11-12T08:20:00+00:00",
    "logged_at": "2026-11-12T09:20:00+01:00",
}


def faults_of(given: dict[str, Any]) -> list[str]:
    with pytest.raises(FactsInvalid) as refused:
        facts_from(given)
    return refused.value.faults


def test_every_fact_is_read() -> None:
    found = facts_from(EVERYTHING)
    moment = datetime(2026, 11, 12, 8, 20, tzinfo=UTC)
    assert found == IncidentFacts(
        category=Category.CONTENT,
        types=frozenset({IncidentType.NUDES, IncidentType.IIOC}),
        harmed=frozenset({PartHolder.PUPIL}),
        alleged=frozenset({PartHolder.STAFF, PartHolder.DSL}),
        witness=frozenset({PartHolder.VISITOR}),
        named=frozenset({PartHolder.PARENT}),
        immediate_danger=True,
        crime=Suspicion.UNSURE,
        illegal_material=Suspicion.SUSPECTED,
        imagery=Imagery.POSSIBLE,
        imagery_viewed=False,
        exposure=Exposure.DELIBERATE,
        devices=frozenset({DeviceKind.SCHOOL}),
        found_on=frozenset({FoundOn.EMAIL}),
        on_school_systems=True,
        staff_possession=False,
        harm_threshold=HarmThreshold.NOT_MET,
        police_request=True,
        other_setting=False,
        vulnerable_pupil=True,
        serious=False,
        pupil_involved=True,
        exam_room=False,
        became_aware_at=moment,
        logged_at=moment,
    )
    assert isinstance(found.category, Category)
    assert all(isinstance(kind, IncidentType) for kind in found.types)


@pytest.mark.parametrize("given", [{"category": "conduct"}, {"types": ["other"]}])
def test_what_is_not_given_is_not_known(given: dict[str, Any]) -> None:
    found = vars(facts_from(given | {"crime": None, "witness": None, "logged_at": None}))

    assert {value for name, value in found.items() if name not in given} == {None, frozenset()}


def test_the_singular_may_be_written_for_one() -> None:
    found = facts_from({"type": "nudes", "device": "personal"})

    assert (
        found
        == IncidentFacts(types=frozenset({IncidentType.NUDES}), devices=frozenset({DeviceKind.PERSONAL}))
        == facts_from({"type": None, "types": "nudes", "devices": {"personal"}, "device": None})
    )


@pytest.mark.parametrize(
    "several", [["nudes", "scam"], ("nudes", "scam"), {"nudes", "scam"}, frozenset({"nudes", "scam"})]
)
def test_a_list_may_be_any_collection_of_words(several: Any) -> None:
    assert facts_from({"types": several}).types == {IncidentType.NUDES, IncidentType.SCAM}


def test_the_words_of_the_engine_are_facts_too() -> None:
    found = facts_from({"category": Category.CONTACT, "types": [IncidentType.SCAM], "logged_at": datetime.now(UTC)})

    assert found.category is Category.CONTACT
    assert found.types == {IncidentType.SCAM}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Give at least a category or types."),
        ({"types": []}, "Give at least a category or types."),
        ({"category": None, "types": None, "serious": True}, "Give at least a category or types."),
        ({"category": "danger"}, f"category cannot be 'danger'. Allowed: {CATEGORIES}."),
        ({"category": ["content"]}, f"category cannot be ['content']. Allowed: {CATEGORIES}."),
        ({"category": True}, f"category cannot be True. Allowed: {CATEGORIES}."),
        ({"types": ["nudes", "sexting"]}, f"types cannot hold 'sexting'. Allowed: {TYPES}."),
        ({"types": ["sexting", 3, "theft"]}, f"types cannot hold 'sexting', 3, 'theft'. Allowed: {TYPES}."),
        ({"types": {"nudes": True}}, f"types cannot hold {{'nudes': True}}. Allowed: {TYPES}."),
        ({"type": "sexting"}, f"types cannot hold 'sexting'. Allowed: {TYPES}."),
        ({"types": "other", "harmed": ["governors"]}, f"harmed cannot hold 'governors'. Allowed: {PARTS}."),
        ({"types": "other", "alleged": [["pupil"]]}, f"alleged cannot hold ['pupil']. Allowed: {PARTS}."),
        ({"types": "other", "witness": "me"}, f"witness cannot hold 'me'. Allowed: {PARTS}."),
        ({"types": "other", "named": [""]}, f"named cannot hold ''. Allowed: {PARTS}."),
        ({"types": "other", "crime": "yes"}, "crime cannot be 'yes'. Allowed: no, unsure, suspected."),
        ({"types": "other", "crime": False}, "crime cannot be False. Allowed: no, unsure, suspected."),
        (
            {"types": "other", "illegal_material": "certain"},
            "illegal_material cannot be 'certain'. Allowed: no, unsure, suspected.",
        ),
        ({"types": "other", "imagery": "nude"}, "imagery cannot be 'nude'. Allowed: none, possible, indecent."),
        ({"types": "other", "exposure": ""}, "exposure cannot be ''. Allowed: none, inadvertent, deliberate."),
        (
            {"types": "other", "harm_threshold": "yes"},
            "harm_threshold cannot be 'yes'. Allowed: met, not_met, unsure.",
        ),
        ({"types": "other", "device": "tablet"}, "devices cannot hold 'tablet'. Allowed: school, personal."),
        (
            {"types": "other", "found_on": ["cloud"]},
            "found_on cannot hold 'cloud'. Allowed: school_device, personal_device, school_network, email, elsewhere.",
        ),
        ({"types": "other", "serious": "true"}, "serious cannot be 'true'. Allowed: true, false."),
        ({"types": "other", "exam_room": 1}, "exam_room cannot be 1. Allowed: true, false."),
        ({"types": "other", "logged_at": "yesterday"}, f"logged_at {MOMENT} 'yesterday'."),
        ({"types": "other", "became_aware_at": 20261112}, f"became_aware_at {MOMENT} 20261112."),
        ({"types": "other", "colour": "red"}, f"'colour' is not a fact. Facts are: {ALL_FACTS}."),
        ({"types": "other", "colour": None}, f"'colour' is not a fact. Facts are: {ALL_FACTS}."),
        ({"type": "other", "types": ["nudes"]}, "'type' and 'types' say the same. Give one of them."),
        ({"types": ["nudes"], "type": "other"}, "'type' and 'types' say the same. Give one of them."),
        (
            {"types": "other", "devices": ["school"], "device": "school"},
            "'device' and 'devices' say the same. Give one of them.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(given: dict[str, Any], sentence: str) -> None:
    assert faults_of(given) == [sentence]


def test_all_faults_are_said_at_once() -> None:
    found = faults_of({"colour": 1, "serious": "no", "imagery": "some"})

    assert found == [
        f"'colour' is not a fact. Facts are: {ALL_FACTS}.",
        "serious cannot be 'no'. Allowed: true, false.",
        "imagery cannot be 'some'. Allowed: none, possible, indecent.",
    ]
    assert str(FactsInvalid(found)) == " ".join(found)


def test_a_fault_is_not_followed_by_one_that_it_causes() -> None:
    assert faults_of({"types": ["sexting"]}) == [f"types cannot hold 'sexting'. Allowed: {TYPES}."]


@pytest.mark.parametrize("given", ["2026-07-12T08:20:00", datetime(2026, 7, 12, 8, 20)])  # noqa: DTZ001
def test_a_moment_without_a_zone_is_what_the_clock_on_the_wall_said(given: str | datetime) -> None:
    known = facts_from({"types": "other", "logged_at": given})

    assert known.logged_at == datetime(2026, 7, 12, 7, 20, tzinfo=UTC)


def test_a_moment_that_is_one_already_is_left_alone() -> None:
    moment = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=1)

    assert facts_from({"types": "other", "logged_at": moment}).logged_at is moment


def test_a_moment_keeps_its_zone() -> None:
    found = facts_from({"types": "other", "logged_at": "2026-07-01T09:00:00+01:00"}).logged_at

    assert found is not None
    assert found.utcoffset() == timedelta(hours=1)


def test_every_fact_has_its_words() -> None:
    assert ", ".join(FACT_NAMES) == ALL_FACTS
    assert allowed_values("category") == CATEGORIES.split(", ")
    assert allowed_values("types") == TYPES.split(", ")
    assert allowed_values("serious") == ["true", "false"]
    assert allowed_values("logged_at") == []
    groups = [set(module.ONE_OF), set(module.SOME_OF), set(module.YES_OR_NO), set(module.MOMENTS)]
    assert set().union(*groups) == set(FACT_NAMES)
    assert sum(map(len, groups)) == len(FACT_NAMES)
    assert all(allowed_values(name) for name in FACT_NAMES if name not in module.MOMENTS)
