"""Every form in which people write about the conduct of adults: the steps of an allegation, and low-level concerns."""

from incidents.allegations import HarmTest
from tests.incidents.hostile_ground import Written, at, named, of

_TESTS = tuple(f"{test.value}_words" for test in HarmTest)
PAGE, CHRONOLOGY = of("allegation-detail", "adult"), of("chronology-detail", "adult")
ENDED = of("allegation-detail", "below")

OF_ADULTS = [
    Written(
        "allegations.ThresholdForm",
        named("reason", *_TESTS, prefix="threshold-"),
        of("allegation-record", "adult", step=lambda g: "threshold"),
        lambda g: {f"threshold-{test.value}": "yes" for test in HarmTest},
        (PAGE, CHRONOLOGY),
        who="head",
    ),
    Written(
        "allegations.CareForm",
        named("contact", "support", "allowed_by", prefix="care-"),
        of("allegation-record", "adult", step=lambda g: "care"),
        lambda g: {"care-may_tell": "allowed", "care-told_from": "2026-11-17"},
        (PAGE, CHRONOLOGY),
        who="head",
    ),
    Written(
        "allegations.PrecautionsForm",
        named("what", "reason", prefix="precautions-"),
        of("allegation-record", "adult", step=lambda g: "precautions"),
        lambda g: {"precautions-is_suspended": "no"},
        (PAGE, CHRONOLOGY),
        who="head",
    ),
    Written(
        "allegations.OutcomeForm",
        named("reason", "barring_words", "teaching_words", prefix="outcome-"),
        of("allegation-record", "below", step=lambda g: "outcome"),
        lambda g: {"outcome-outcome": "false", "outcome-barring": "not_needed", "outcome-teaching": "referred"},
        (ENDED, of("chronology-detail", "below")),
        who="head",
    ),
    Written(
        "allegations.BelowForm",
        named("what", prefix="below-"),
        of("allegation-below", "below"),
        lambda g: {"below-kind": "other"},
        (of("chronology-detail", "below"),),
        who="head",
    ),
    Written(
        "allegations.PackForm",
        named("asked"),
        of("allegation-pack", "adult"),
        lambda g: {"as": "page"},
        (CHRONOLOGY,),
        who="head",
    ),
    Written(
        "low_level_concerns.ConcernForm",
        named("whose_words", "what", "context", "shared_by"),
        at("low-level-add"),
        lambda g: {"whose": "", "whose_query": "", "kind": "other", "happened_on": ""},
        who="head",
    ),
    Written(
        "low_level_concerns.DecisionForm",
        named("reason"),
        at("low-level-decide", concern_id=lambda g: g.low.pk),
        lambda g: {"decision": "guidance"},
        who="head",
    ),
]
