"""Adopting a policy: at once or from a day, one at a time, word for word, and never behind anybody's back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent
from policies.catalogue import shipped, shipped_text
from policies.models import PackAdoption, PackEdition
from policies.operations import adoptions
from policies.queries.packs import adoption_in_force, adoptions_of, packs_of
from tests.conftest import Cast
from tests.factories import NOW

TODAY = timezone.localtime(NOW).date()
DAY = timedelta(days=1)
FIRST, SECOND, DEFAULT = "shipbourne-2018", "canterbury-cross-2023", "starter"


def adopt(cast: Cast, pack_id: str = FIRST, starts_on: date = TODAY, at: object = NOW) -> PackAdoption:
    return adoptions.adopt(
        school=cast.school, pack_id=pack_id, starts_on=starts_on, at=at, by=cast.head, note="Approved by the governors"
    )


def test_a_policy_adopted_today_applies_from_this_moment(cast: Cast) -> None:
    adopted = adopt(cast)

    assert adopted.starts_at == NOW
    assert adoption_in_force(cast.school, at=NOW) == adopted
    assert adoption_in_force(cast.school, at=NOW - timedelta(seconds=1)) is None
    assert adoption_in_force(cast.next_door, at=NOW) is None


def test_the_words_that_were_adopted_are_kept_with_every_layer_under_them(cast: Cast) -> None:
    adopted = adopt(cast)

    packs = packs_of(adopted)
    assert [pack.id for pack in packs] == ["england-statutory", "kent-partnership", FIRST]
    assert adopted.edition.text == shipped_text(FIRST)
    assert set(PackEdition.objects.values_list("content_hash", flat=True)) == {pack.content_hash for pack in packs}


def test_an_edition_that_is_no_longer_shipped_is_read_from_what_was_kept(cast: Cast) -> None:
    adopted = adopt(cast)
    text = shipped_text(FIRST).replace("edition: 2018-09", "edition: 2017-09", 1)
    older = PackEdition(pack_id=FIRST, edition="2017-09", title="Older", content_hash="0" * 64, text=text)
    older.save(force_insert=True)
    adopted.layers[-1] = older.content_hash

    own = packs_of(adopted)[-1]

    assert own.edition == "2017-09"
    assert own is not shipped(FIRST).pack


def test_a_later_day_begins_with_its_first_minute_and_ends_what_was_before(cast: Cast) -> None:
    before = adopt(cast)
    after = adopt(cast, SECOND, TODAY + 7 * DAY)

    before.refresh_from_db()
    assert timezone.localtime(after.starts_at).isoformat() == "2026-11-24T00:00:00+00:00"
    assert before.ends_at == after.starts_at
    assert adoption_in_force(cast.school, at=after.starts_at - timedelta(microseconds=1)) == before
    assert adoption_in_force(cast.school, at=after.starts_at) == after


def test_another_policy_on_the_same_day_takes_over_at_once(cast: Cast) -> None:
    adopt(cast)
    later = NOW + timedelta(hours=1)
    second = adopt(cast, SECOND, at=later)

    assert adoption_in_force(cast.school, at=later) == second
    assert len(adoptions_of(cast.school)) == 2


@pytest.mark.parametrize(
    ("pack_id", "starts_on", "code"),
    [
        ("no-such-policy", TODAY, "pack_unknown"),
        ("england-statutory", TODAY, "pack_unknown"),
        (SECOND, TODAY - DAY, "starts_in_the_past"),
        (SECOND, TODAY + 732 * DAY, "starts_too_late"),
        (FIRST, TODAY, "already_in_force"),
    ],
)
def test_what_cannot_be_adopted_is_refused_and_changes_nothing(
    cast: Cast, pack_id: str, starts_on: date, code: str
) -> None:
    current = adopt(cast)

    with pytest.raises(Refused) as refusal:
        adopt(cast, pack_id, starts_on, NOW + timedelta(hours=1))

    assert refusal.value.code == code
    current.refresh_from_db()
    assert current.ends_at is None
    assert PackAdoption.objects.count() == 1


def test_two_at_the_same_moment_are_one_and_a_refusal(cast: Cast) -> None:
    adopt(cast)

    with pytest.raises(Refused) as refusal:
        adopt(cast, SECOND)

    assert refusal.value.code == "adopted_meanwhile"


def test_what_applied_by_default_can_be_adopted_by_name(cast: Cast) -> None:
    default = adoptions.in_force_or_default(school=cast.school, at=NOW)
    later = NOW + timedelta(hours=1)

    adopted = adopt(cast, DEFAULT, at=later)

    default.refresh_from_db()
    assert default.ends_at == adopted.starts_at == later
    assert (adopted.is_default, adopted.layers) == (False, default.layers)


def test_nothing_is_pushed_in_before_what_is_planned(cast: Cast) -> None:
    adopt(cast, starts_on=TODAY + 7 * DAY)

    with pytest.raises(Refused) as refusal:
        adopt(cast, SECOND, TODAY + DAY)

    assert refusal.value.code == "later_one_planned"


def test_what_has_not_begun_can_be_taken_back_and_the_one_before_goes_on(cast: Cast) -> None:
    before, planned = adopt(cast), adopt(cast, SECOND, TODAY + 7 * DAY)

    adoptions.withdraw(adoption=planned, by=cast.dsl, at=NOW)
    adoptions.withdraw(adoption=planned, by=cast.dsl, at=NOW)

    before.refresh_from_db()
    assert before.ends_at is None
    assert adoption_in_force(cast.school, at=planned.starts_at) == before
    assert AuditEvent.objects.filter(school=cast.school, event="policy.withdrawn").count() == 1


def test_taking_back_the_middle_one_leaves_no_gap(cast: Cast) -> None:
    before = adopt(cast)
    middle = adopt(cast, SECOND, TODAY + 7 * DAY)
    last = adopt(cast, DEFAULT, TODAY + 14 * DAY)

    adoptions.withdraw(adoption=middle, by=cast.head, at=NOW)

    before.refresh_from_db()
    assert before.ends_at == last.starts_at


def test_what_has_begun_cannot_be_taken_back(cast: Cast) -> None:
    adopted = adopt(cast)

    with pytest.raises(Refused) as refusal:
        adoptions.withdraw(adoption=adopted, by=cast.head, at=NOW)

    assert refusal.value.code == "already_begun"


def test_a_school_that_adopted_nothing_has_the_default_from_its_first_need_of_one(cast: Cast) -> None:
    first = adoptions.in_force_or_default(school=cast.school, at=NOW)
    again = adoptions.in_force_or_default(school=cast.school, at=NOW + DAY)

    assert first == again
    assert first.is_default
    assert first.edition.pack_id == DEFAULT


def test_the_default_gives_way_to_what_was_planned(cast: Cast) -> None:
    planned = adopt(cast, starts_on=TODAY + 7 * DAY)

    default = adoptions.in_force_or_default(school=cast.school, at=NOW)

    assert default.ends_at == planned.starts_at


def test_adopting_is_recorded_with_the_hashes_of_what_was_adopted(cast: Cast) -> None:
    adopted = adopt(cast)

    event = AuditEvent.objects.get(school=cast.school, event="policy.adopted")
    assert event.actor == str(cast.head.pk)
    assert event.data == {"layers": adopted.layers, "note": "Approved by the governors"}
    assert verify_chain(cast.school) == []


def test_the_database_itself_refuses_two_at_once(cast: Cast) -> None:
    adopted = adopt(cast)
    twin = PackAdoption(
        school=cast.school, edition=adopted.edition, layers=adopted.layers, starts_at=NOW + DAY, adopted_at=NOW
    )

    with pytest.raises(IntegrityError, match="adoption_never_overlaps"), transaction.atomic():
        twin.save(force_insert=True)


def test_the_words_of_an_edition_are_never_changed(cast: Cast) -> None:
    edition = adopt(cast).edition

    with pytest.raises(Refused):
        PackEdition.objects.update(text="Less")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE policies_packedition SET text = 'Less' WHERE id = %s", [edition.pk])
