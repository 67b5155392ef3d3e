"""Devices that are held: taken once, in one hand, in quarantine until the police have advised, given back."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent
from incidents.devices import Ending
from incidents.events import Event
from incidents.models import ChronologyEntry, HeldDevice, Incident, Obligation
from incidents.operations import custody, obligations, referrals, workflow
from incidents.operations.referrals import Contact
from incidents.statuses import Method, Outcome, Status, Undertaking
from policies.calendars import end_of_school_day
from policies.engine.vocabulary import Agency, Kind
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, make_person, settle
from tests.incidents.devices import SAFE, TODAY, WHAT, WHY, make_device, taken
from tests.incidents.operations.test_referrals import case_of, follow, owed

LATER = TODAY + timedelta(days=3)


def staff_images(cast: Cast) -> Incident:
    """Log a case in which the policy wants devices quarantined until the police have advised."""
    follow(cast, "shipbourne-2018")
    return case_of(cast, types=("iioc",), staff_possession=True)


def advise(cast: Cast, incident: Incident) -> None:
    """Let the police advise."""
    said = Contact(Agency.POLICE, Kind.CONSULT, Method.CALL_101, NOW, cast.dsl, "What we know.", advice="Keep it.")
    referrals.record(incident=incident, referral_id=uuid.uuid4(), contact=said, chase_at=None, by=cast.dsl, at=NOW)


def closed_case(cast: Cast) -> Incident:
    incident = case_of(cast)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    settle(incident, by=cast.dsl)
    said = {"reason": "Over.", "outcome": Outcome.RESOLVED}
    workflow.advance(incident=Incident.objects.get(pk=incident.pk), to=Status.CLOSED, by=cast.dsl, at=NOW, **said)
    return Incident.objects.get(pk=incident.pk)


def asked_about(device: HeldDevice) -> list[Obligation]:
    rows = Obligation.objects.filter(kind=Undertaking.ACTION, target=str(device.pk), state=State.OPEN)
    return list(rows)


def test_what_is_taken_is_in_the_hands_of_whoever_enters_it_and_sealed(cast: Cast) -> None:
    owner = make_person(school=cast.school)
    device = make_device(cast.school, by=cast.dsl, owner=owner, seal="A-1", police_reference="CR/1")

    device.refresh_from_db()
    assert (device.holder, device.description, device.why, device.place) == (cast.dsl, WHAT, WHY, SAFE)
    assert (device.owner, device.seal, device.is_held, device.is_quarantined) == (owner, "A-1", True, False)
    row = AuditEvent.objects.get(event=Event.DEVICE_TAKEN)
    assert row.target == f"device:{device.pk}"
    assert not any(word in row.summary for word in (WHAT, WHY, owner.name))
    assert verify_chain(cast.school) == []


def test_on_a_case_it_discharges_what_the_policy_asks_and_is_asked_about_by_a_day(cast: Cast) -> None:
    follow(cast, "shipbourne-2018")
    incident = case_of(cast, types=("nudes",), devices=["personal"])
    assert owed(incident, "do:store_device_securely").state == State.OPEN

    device = make_device(cast.school, by=cast.dsl, incident=incident, review_on=LATER)

    row = owed(incident, "do:store_device_securely")
    assert (row.state, row.settled_by) == (State.DONE, cast.dsl)
    assert [one.due_at for one in asked_about(device)] == [end_of_school_day(cast.school, LATER)]
    entry = ChronologyEntry.objects.get(incident=incident, event=Event.DEVICE_TAKEN)
    for words in (WHAT, WHY, SAFE, "A boy in Year 9", "Not sealed"):
        assert words in entry.text
    assert not AuditEvent.objects.filter(summary__contains="cracked").exists()


def test_the_same_form_sent_twice_enters_one(cast: Cast) -> None:
    device_id = uuid.uuid4()
    for _ in range(2):
        custody.take(school=cast.school, device_id=device_id, taken=taken(cast.dsl), by=cast.dsl, at=NOW)

    assert HeldDevice.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"description": " "}, "description_missing"),
        ({"why": ""}, "why_missing"),
        ({"place": "\n"}, "place_missing"),
        ({"owner_words": ""}, "owner_missing"),
        ({"taken_at": NOW + timedelta(minutes=1)}, "in_the_future"),
        ({"review_on": TODAY - timedelta(days=1)}, "due_passed"),
    ],
)
def test_without_what_has_to_be_known_nothing_is_entered(cast: Cast, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        make_device(cast.school, by=cast.dsl, **changes)

    assert refused.value.code == code
    assert not HeldDevice.objects.exists()


def test_on_a_closed_case_nothing_is_entered(cast: Cast) -> None:
    incident = closed_case(cast)

    with pytest.raises(Refused, match="This case is closed"):
        make_device(cast.school, by=cast.dsl, incident=incident)


def test_quarantine_lasts_until_the_police_have_advised_and_says_on_which_clause(cast: Cast) -> None:
    incident = staff_images(cast)
    device = make_device(cast.school, by=cast.dsl, incident=incident, is_quarantined=True)
    assert owed(incident, "do:quarantine_device").state == State.DONE

    acts: tuple[Callable[[], object], ...] = (
        lambda: custody.end_quarantine(device=device, words="Looks fine.", by=cast.dsl, at=NOW),
        lambda: custody.end(
            device=device, ending=Ending.RETURNED, words="Its owner", ended_at=NOW, by=cast.dsl, at=NOW
        ),
    )
    for act in acts:
        with pytest.raises(Refused, match=r"until the police have advised: Online safety policy, .*11\.4") as refused:
            act()
        assert refused.value.code == "quarantine_lasts"
    advise(cast, incident)
    with pytest.raises(Refused, match="in quarantine"):
        custody.end(device=device, ending=Ending.RETURNED, words="Its owner", ended_at=NOW, by=cast.dsl, at=NOW)
    custody.end_quarantine(device=device, words="PC Jones: give it back.", by=cast.dsl, at=NOW)
    custody.end(device=device, ending=Ending.RETURNED, words="Its owner", ended_at=NOW, by=cast.dsl, at=NOW)

    device.refresh_from_db()
    assert (device.ending, device.ended_words, device.ended_by) == ("returned", "Its owner", cast.dsl)
    assert asked_about(device) == []


def test_a_device_that_was_not_quarantined_is_kept_all_the_same_where_the_policy_wants_it(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl, incident=staff_images(cast))

    with pytest.raises(Refused, match="until the police have advised"):
        custody.end(device=device, ending=Ending.RETURNED, words="Its owner", ended_at=NOW, by=cast.dsl, at=NOW)


def test_deciding_against_quarantine_lets_it_go(cast: Cast) -> None:
    incident = staff_images(cast)
    device = make_device(cast.school, by=cast.dsl, incident=incident)
    obligations.waive(obligation=owed(incident, "do:quarantine_device"), by=cast.head, at=NOW, reason="Wrong device.")

    custody.end(device=device, ending=Ending.RETURNED, words="Its owner", ended_at=NOW, by=cast.dsl, at=NOW)

    assert HeldDevice.objects.get().ending == "returned"


def test_quarantine_later_and_of_no_case(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl)
    custody.quarantine(device=device, words="Threats on it.", police_reference="CR/9", by=cast.head, at=NOW)

    device.refresh_from_db()
    assert (device.quarantined_by, device.police_reference) == (cast.head, "CR/9")
    with pytest.raises(Refused, match="already"):
        custody.quarantine(device=device, words="", police_reference="", by=cast.head, at=NOW)
    with pytest.raises(Refused, match="who advised"):
        custody.end_quarantine(device=device, words=" ", by=cast.head, at=NOW)
    custody.end_quarantine(device=device, words="PC Jones", by=cast.head, at=NOW)
    device.refresh_from_db()
    assert not device.is_quarantined


def test_the_database_gives_nothing_back_from_quarantine(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl, is_quarantined=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        HeldDevice.objects.filter(pk=device.pk).update(ending="returned", ended_at=NOW, ended_by=cast.dsl)


def test_it_stays_longer_with_a_reason_and_is_asked_about_anew(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl, incident=case_of(cast))
    for reason, day, code in (("", LATER, "reason_missing"), ("x", TODAY - timedelta(days=1), "due_passed")):
        with pytest.raises(Refused) as refused:
            custody.keep_longer(device=device, review_on=day, reason=reason, by=cast.dsl, at=NOW)
        assert refused.value.code == code

    custody.keep_longer(device=device, review_on=LATER, reason="The police ring on Friday.", by=cast.dsl, at=NOW)

    device.refresh_from_db()
    assert device.review_on == LATER
    assert [one.due_at for one in asked_about(device)] == [end_of_school_day(cast.school, LATER)]


def test_what_is_given_back_is_over(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl)
    said = {"ending": Ending.RETURNED, "by": cast.head, "at": NOW}
    for words, moment, code in (
        ("", NOW, "words_missing"),
        ("x", NOW + timedelta(hours=1), "in_the_future"),
    ):
        with pytest.raises(Refused) as refused:
            custody.end(device=device, words=words, ended_at=moment, **said)
        assert refused.value.code == code
    with pytest.raises(Refused, match="It is in the school"):
        custody.end(device=device, words="x", ended_at=NOW, ending=Ending.KEPT_OUTSIDE, by=cast.head, at=NOW)
    custody.end(device=device, words="His father", ended_at=NOW, **said)

    with pytest.raises(Refused, match="given back"):
        custody.end(device=device, words="Twice", ended_at=NOW, **said)
    with pytest.raises(Refused, match="holds this no longer"):
        custody.keep_longer(device=device, review_on=LATER, reason="x", by=cast.dsl, at=NOW)
