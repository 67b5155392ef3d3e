"""Sealed text: what was typed comes back, and nothing that was moved, cut or altered opens."""

import time
import uuid
from datetime import datetime

import pytest
from django.conf import LazySettings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.encryption import Unreadable, opened_keys, seal, unseal
from accounts.models import AuditEvent, DataKey, School
from accounts.operations import keys
from incidents.models import ConcernDraft, Incident
from tests.accounts.sealing import kept, put, stored
from tests.accounts.tampering import taken_back
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_school

NEW_MASTER_KEY = b"n" * 32
AWKWARD = {
    "nothing": "",
    "one letter": "x",
    "spaces at the ends": "  x \t\r\n",
    "emoji in a family": "👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "right to left": "קוראים לי نعم \u202eabc\u202c",
    "combining letters": "e\u0301 é ﬃ \uff21 ẛ̣",
    "a null character": "before\x00after",
    "mathematical alphabet": "\U0001d518\U0001d52b\U0001d526",
    "a megabyte": "Słowo. " * (1_048_576 // 8),
}


# Round trips


@pytest.mark.parametrize("name", AWKWARD)
def test_text_comes_back_exactly_as_it_was_typed(cast: Cast, name: str) -> None:
    draft = kept(cast.school, cast.teacher, AWKWARD[name])

    assert ConcernDraft.objects.get(pk=draft.pk).content == AWKWARD[name]


@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), column=st.text(max_size=20), row=st.uuids())
def test_any_text_comes_back_from_any_place(cast: Cast, text: str, column: str, row: uuid.UUID) -> None:
    place = {"table": "some_table", "column": column, "row_id": row, "school_id": cast.school.pk}

    assert unseal(seal(text, **place), **place) == text


def test_the_same_text_is_never_sealed_the_same_way_twice(cast: Cast) -> None:
    seals = {bytes(stored(kept(cast.school, cast.teacher, "the same"))) for _ in range(50)}

    assert len(seals) == 50
    assert len({one[17:29] for one in seals}) == 50, "a nonce was used twice"


def test_text_can_be_read_before_and_after_it_is_saved(cast: Cast) -> None:
    draft = ConcernDraft(school=cast.school, author=cast.teacher, started_at=NOW, saved_at=NOW, content="first")
    assert draft.content == "first"
    draft.save(force_insert=True)
    assert draft.content == "first"

    draft.content = "second"
    draft.save(update_fields=["content"])

    assert draft.content == "second"
    draft.refresh_from_db()
    assert draft.content == "second"


def test_an_absent_text_stays_absent(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    assert Incident.objects.get(pk=incident.pk).late_reason is None


# Swaps


def _other_row(cast: Cast) -> ConcernDraft:
    return kept(cast.school, cast.teacher, "another child")


def test_text_moved_to_another_row_does_not_open(cast: Cast) -> None:
    one, other = kept(cast.school, cast.teacher, "one child"), _other_row(cast)

    moved = put(other, stored(one))

    with pytest.raises(Unreadable, match="altered or moved"):
        _ = moved.content


@pytest.mark.parametrize("schools_are_open", [True, False], ids=["keys in memory", "keys forgotten"])
def test_text_moved_to_another_school_does_not_open(cast: Cast, schools_are_open: bool) -> None:
    ours = kept(cast.school, cast.teacher, "one child")
    theirs = kept(cast.next_door, cast.next_door_teacher, "their child")
    if not schools_are_open:
        opened_keys.forget()

    moved = put(theirs, stored(ours))

    with pytest.raises(Unreadable):
        _ = moved.content


def test_a_row_moved_to_another_school_does_not_open(cast: Cast) -> None:
    draft = kept(cast.school, cast.teacher, "one child")
    ConcernDraft.objects.filter(pk=draft.pk).update(school=cast.next_door)

    with pytest.raises(Unreadable):
        _ = ConcernDraft.objects.get(pk=draft.pk).content


def test_text_moved_to_another_column_of_its_row_does_not_open(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_incident SET action_taken = narrative, place_detail = narrative")

    moved = Incident.objects.get(pk=incident.pk)

    assert moved.narrative
    for column in ("action_taken", "place_detail"):
        with pytest.raises(Unreadable):
            getattr(moved, column)


def test_a_seal_names_its_table_too(cast: Cast) -> None:
    place = {"column": "c", "row_id": uuid.uuid4(), "school_id": cast.school.pk}
    sealed = seal("text", table="one", **place)

    with pytest.raises(Unreadable):
        unseal(sealed, table="other", **place)


# Damage


def test_one_flipped_bit_anywhere_is_noticed(cast: Cast) -> None:
    place = {"table": "t", "column": "c", "row_id": 1, "school_id": cast.school.pk}
    sealed = seal("A sentence of some length.", **place)

    survivors = []
    for position in range(len(sealed)):
        damaged = bytearray(sealed)
        damaged[position] ^= 1 << (position % 8)
        try:
            unseal(bytes(damaged), **place)
        except Unreadable:
            continue
        survivors.append(position)

    assert survivors == []


def test_a_seal_cut_anywhere_is_noticed(cast: Cast) -> None:
    place = {"table": "t", "column": "c", "row_id": 1, "school_id": cast.school.pk}
    sealed = seal("A sentence.", **place)

    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            unseal(sealed[:length], **place)
    with pytest.raises(Unreadable):
        unseal(sealed + b"\x00", **place)


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"plain text that somebody wrote", b"\x02" + b"\x5a" * 80])
def test_what_was_never_sealed_is_unreadable(cast: Cast, rubbish: bytes) -> None:
    damaged = put(kept(cast.school, cast.teacher, "text"), rubbish)

    with pytest.raises(Unreadable, match="not sealed text"):
        _ = damaged.content


def test_one_broken_text_leaves_the_rest_of_the_row_readable(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, action_taken="Called home.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_incident SET narrative = sha256(narrative)")

    damaged = Incident.objects.get(pk=incident.pk)

    assert damaged.action_taken == "Called home."
    assert damaged.reference == incident.reference
    with pytest.raises(Unreadable):
        _ = damaged.narrative


# Keys


def test_an_unknown_key_is_unreadable(cast: Cast) -> None:
    draft = kept(cast.school, cast.teacher, "text")
    sealed = stored(draft)

    damaged = put(draft, sealed[:1] + uuid.uuid4().bytes + sealed[17:])

    with pytest.raises(Unreadable, match="key of this text is gone"):
        _ = damaged.content


def _destroy(school: School) -> None:
    DataKey.objects.for_school(school).update(wrapped=None)


def test_a_destroyed_key_makes_its_text_unreadable_and_nobody_elses(cast: Cast) -> None:
    ours = kept(cast.school, cast.teacher, "ours")
    theirs = kept(cast.next_door, cast.next_door_teacher, "theirs")
    _destroy(cast.school)
    opened_keys.forget()

    assert ConcernDraft.objects.get(pk=theirs.pk).content == "theirs"
    with pytest.raises(Unreadable):
        _ = ConcernDraft.objects.get(pk=ours.pk).content


def test_a_destroyed_key_is_soon_forgotten_by_a_running_process(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = kept(cast.school, cast.teacher, "text")
    _destroy(cast.school)
    later = time.monotonic() + 301
    monkeypatch.setattr("accounts.encryption.time.monotonic", lambda: later)

    with pytest.raises(Unreadable):
        _ = ConcernDraft.objects.get(pk=draft.pk).content


def test_a_school_without_a_key_keeps_nothing_rather_than_plain_text(cast: Cast) -> None:
    _destroy(cast.school)
    opened_keys.forget()

    with pytest.raises(Unreadable, match="no data key"):
        kept(cast.school, cast.teacher, "text")


@pytest.mark.parametrize("master_keys", [{"other": b"x" * 32}, {"test-1": b"x" * 32}], ids=["unknown", "wrong"])
def test_without_the_right_master_key_nothing_opens(
    cast: Cast, settings: LazySettings, master_keys: dict[str, bytes]
) -> None:
    draft = kept(cast.school, cast.teacher, "text")
    settings.DATA_KEYS = master_keys
    opened_keys.forget()

    with pytest.raises(Unreadable):
        _ = ConcernDraft.objects.get(pk=draft.pk).content


def test_a_data_key_given_to_another_school_does_not_open(cast: Cast) -> None:
    ours, theirs = (DataKey.objects.get(school=school) for school in (cast.school, cast.next_door))
    DataKey.objects.filter(pk=theirs.pk).update(wrapped=bytes(ours.wrapped))

    with pytest.raises(Unreadable, match="does not open"):
        kept(cast.next_door, cast.next_door_teacher, "text")


def test_rotation_keeps_text_readable_and_lets_the_old_master_key_go(cast: Cast, settings: LazySettings) -> None:
    draft = kept(cast.school, cast.teacher, "text")
    before = stored(draft)
    settings.DATA_KEYS = {"new": NEW_MASTER_KEY, **settings.DATA_KEYS}

    changed = [keys.rewrap(school=school, at=NOW) for school in (cast.school, cast.next_door)]

    settings.DATA_KEYS = {"new": NEW_MASTER_KEY}
    opened_keys.forget()
    assert changed == [1, 1]
    assert ConcernDraft.objects.get(pk=draft.pk).content == "text"
    assert stored(draft) == before, "text is not rewritten"
    assert kept(cast.school, cast.teacher, "later").content == "later"
    assert AuditEvent.objects.filter(event="keys.rewrapped").count() == 2


def test_rotating_twice_changes_nothing_the_second_time(cast: Cast, settings: LazySettings) -> None:
    settings.DATA_KEYS = {"new": NEW_MASTER_KEY, **settings.DATA_KEYS}
    keys.rewrap(school=cast.school, at=NOW)

    assert keys.rewrap(school=cast.school, at=NOW) == 0
    assert AuditEvent.objects.filter(event="keys.rewrapped").count() == 1


def test_rotation_without_the_old_master_key_changes_nothing(cast: Cast, settings: LazySettings) -> None:
    before = list(DataKey.objects.order_by("pk").values_list("master_key_id", flat=True))
    settings.DATA_KEYS = {"new": NEW_MASTER_KEY}

    with pytest.raises(Unreadable):
        keys.rewrap(school=cast.school, at=NOW)

    assert list(DataKey.objects.order_by("pk").values_list("master_key_id", flat=True)) == before


def test_rotation_passes_a_destroyed_key_by(cast: Cast, settings: LazySettings) -> None:
    _destroy(cast.school)
    settings.DATA_KEYS = {"new": NEW_MASTER_KEY, **settings.DATA_KEYS}

    assert keys.rewrap(school=cast.school, at=NOW) == 0


def test_a_new_data_key_seals_what_comes_and_the_old_one_opens_what_was(cast: Cast) -> None:
    before = kept(cast.school, cast.teacher, "before")
    later = datetime(2027, 1, 1, tzinfo=NOW.tzinfo)

    newer = keys.make_data_key(school=cast.school, at=later)

    after = kept(cast.school, cast.teacher, "after")
    assert stored(after)[1:17] == newer.pk.bytes
    assert stored(before)[1:17] != newer.pk.bytes
    assert [ConcernDraft.objects.get(pk=one.pk).content for one in (before, after)] == ["before", "after"]


def test_nothing_is_sealed_with_a_key_whose_making_was_taken_back(db: None) -> None:
    with taken_back():
        school = make_school()
        seal("text", table="t", column="c", row_id=1, school_id=school.pk)
    opened_keys.forget()

    with pytest.raises(Unreadable):
        seal("text", table="t", column="c", row_id=1, school_id=school.pk)
