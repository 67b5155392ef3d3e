"""Every form in which people write about devices that are held, searches, viewings, deletions and what is allowed."""

import uuid

from incidents.models import Allowance
from tests.incidents.hostile_ground import Ground, Where, Written, at, named, of

TODAY, FRIDAY = "2026-11-17", "2026-11-20"
_REST_OF_SEARCH = {
    "whose": "",
    "whose_query": "",
    "authority": "headteacher",
    "searched_date": TODAY,
    "searched_time": "08:00",
    "is_explained": "yes",
    "is_agreed": "no",
    "has_found": "yes",
    "is_parent_told": "no",
    "witness": "",
}
_REST_OF_DEVICE = {
    "kind": "phone",
    "whose": "",
    "whose_query": "",
    "taken_date": TODAY,
    "taken_time": "08:00",
    "review_on": FRIDAY,
}


def _device(which: str = "device") -> Where:
    """Return the page of one of the devices."""
    return at("custody-detail", device_id=lambda g: getattr(g, which).pk)


def _to(name: str, which: str = "device") -> Where:
    """Return where something about one of the devices is sent."""
    return at(name, device_id=lambda g: getattr(g, which).pk)


def _person(g: Ground) -> str:
    return str(g.harmed.person_id)


CHRONOLOGY = of("chronology-detail")

OF_DEVICES = [
    Written(
        "custody.DeviceForm",
        named("description", "whose_words", "why", "place", "seal", "police_reference"),
        at("custody-add"),
        lambda g: {**_REST_OF_DEVICE, "device_id": str(uuid.uuid4()), "taken_by": str(g.cast.dsl.pk)},
        longest=40,
    ),
    Written(
        "custody.QuarantineForm",
        named("words", "police_reference", prefix="quarantine-"),
        _to("custody-quarantine"),
        shown=(_device(),),
    ),
    Written(
        "custody.ReleaseForm",
        named("words", prefix="release-"),
        _to("custody-release", "quarantined"),
        shown=(CHRONOLOGY,),
    ),
    Written(
        "custody.KeepForm",
        named("reason", prefix="keep-"),
        _to("custody-keep", "quarantined"),
        lambda g: {"keep-review_on": FRIDAY},
        (CHRONOLOGY,),
    ),
    Written(
        "custody.EndForm",
        named("words", prefix="end-"),
        _to("custody-end"),
        lambda g: {"end-ending": "returned", "end-ended_date": TODAY, "end-ended_time": "08:20"},
        (_device(),),
    ),
    Written(
        "transfers.HandOverForm",
        named("name", "agency", "reference", "seal", "place", "words", prefix="hand-"),
        _to("transfer-hand-over"),
        lambda g: {"hand-to": "other", "hand-receiver": ""},
        (_device(),),
        longest=40,
    ),
    Written("transfers.SignForm", named("place", "words", prefix="sign-"), _to("transfer-sign", "handed"), who="ict"),
    Written(
        "transfers.DeclineTransferForm",
        named("words", prefix="decline-"),
        _to("transfer-decline", "handed"),
        shown=(_device("handed"),),
    ),
    Written(
        "transfers.TakeOverForm",
        named("place", "seal", "words", prefix="take-"),
        _to("transfer-take-over"),
        shown=(_device(),),
        who="head",
        longest=40,
    ),
    Written(
        "searches.SearchForm",
        named(
            *("whose_words", "witness_words", "place", "grounds", "urgency", "agreed_words", "sought", "found"),
            *("parent_words", "follow_up"),
        ),
        at("search-add"),
        lambda g: {
            **_REST_OF_SEARCH,
            "search_id": str(uuid.uuid4()),
            "authoriser": str(g.cast.head.pk),
            "searched_by": str(g.cast.dsl.pk),
        },
        (at("search-list"),),
    ),
    Written(
        "viewings.ViewingForm",
        named("why", "tried", "present_words", "place", "seen"),
        of("viewing-add"),
        lambda g: {
            "viewing_id": str(uuid.uuid4()),
            "decider": str(g.cast.dsl.pk),
            "viewed_by": str(g.cast.dsl.pk),
            "present": "",
            "viewed_date": TODAY,
            "viewed_time": "08:00",
        },
        (CHRONOLOGY,),
    ),
    Written(
        "deletions.ChecksForm",
        named("needed_words", "held_words", "safe_words", prefix="check-"),
        of("deletion-check"),
        lambda g: {"check-is_needed": "yes", "check-is_child_safe": "yes"},
        (of("deletion-detail"), CHRONOLOGY),
    ),
    Written(
        "deletions.DeletionForm",
        named("what", "where", "doer", "witness", prefix="deletion-"),
        of("deletion-record", "checked"),
        lambda g: {
            "deletion-deletion_id": str(uuid.uuid4()),
            "deletion-deleted_date": TODAY,
            "deletion-deleted_time": "08:20",
        },
        (of("deletion-detail", "checked"), of("chronology-detail", "checked")),
    ),
    Written(
        "allowances.AllowanceForm",
        named("giver_name", "note"),
        at("allowance-add"),
        lambda g: {
            "kind": "phone",
            "whose": _person(g),
            "whose_query": "amira",
            "ground": "walks_alone",
            "giver": "parent",
            "given_on": TODAY,
            "until": "",
        },
        (at("allowance-list"), at("allowance-detail", allowance_id=lambda g: Allowance.objects.get().pk)),
    ),
]
