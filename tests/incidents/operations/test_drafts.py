"""Drafts: kept for their author alone, never after sending; the call for help; the proof that outlives a session."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection, connections

from accounts.errors import Refused
from accounts.models import AuditEvent, Membership, OutboxMessage, User
from incidents.models import ConcernDraft
from incidents.operations import drafts
from incidents.queries.workload import alarms
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import NOW, make_incident, person_of

CONTENT: dict[str, Any] = {
    "fields": {"narrative": "She told me: \u202eabc\u202c \x00 👩\u200d👧"},
    "people": [],
    "query": "",
}


TEAM = {"dsl", "deputy", "online_safety_lead"}


def keep(cast: Cast, draft_id: uuid.UUID | None = None, **changes: Any) -> ConcernDraft:
    details = {"school": cast.school, "author": cast.teacher, "content": CONTENT, "at": NOW} | changes
    return drafts.save_draft(draft_id=draft_id or uuid.uuid4(), **details)


def by_token(cast: Cast, token: str, draft_id: uuid.UUID, **changes: Any) -> bool:
    details = {"school": cast.school.slug, "content": CONTENT, "at": NOW} | changes
    return drafts.keep_by_token(token=token, draft_id=draft_id, **details)


def test_a_draft_holds_what_was_typed_to_the_letter_and_only_sealed(cast: Cast) -> None:
    draft = keep(cast)

    assert ConcernDraft.objects.get().typed() == CONTENT
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM incidents_concerndraft WHERE id = %s", [draft.pk])
        assert b"told me" not in bytes(cursor.fetchone()[0])


def test_saving_again_keeps_the_latest(cast: Cast) -> None:
    draft = keep(cast)

    keep(cast, draft.pk, content={"fields": {"narrative": "More."}}, at=NOW + timedelta(minutes=1))

    kept = ConcernDraft.objects.get()
    assert kept.typed() == {"fields": {"narrative": "More."}}
    assert (kept.started_at, kept.saved_at) == (NOW, NOW + timedelta(minutes=1))


def test_a_draft_of_somebody_else_or_of_another_school_is_refused_and_stays(cast: Cast) -> None:
    draft = keep(cast)
    strangers = ({"author": cast.colleague}, {"school": cast.next_door}, {"author": cast.next_door_teacher})

    for stranger in strangers:
        with pytest.raises(Refused) as refusal:
            keep(cast, draft.pk, content={}, **stranger)
        assert refusal.value.code == "draft_foreign"
    assert ConcernDraft.objects.get().typed() == CONTENT


def test_after_sending_nothing_is_kept_and_nothing_can_be(cast: Cast) -> None:
    draft = keep(cast)
    make_incident(school=cast.school, by=cast.teacher, draft_id=draft.pk)

    with pytest.raises(Refused) as refusal:
        keep(cast, draft.pk)

    assert refusal.value.code == "draft_sent"
    assert not ConcernDraft.objects.exists()


def test_a_book_is_refused_with_a_sentence(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        keep(cast, content={"fields": {"narrative": "a" * drafts.MOST_LETTERS}})

    assert refusal.value.sentence.startswith("This is too long to be saved.")
    assert not ConcernDraft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_new_draft_saved_by_several_at_once_is_one_draft(cast: Cast) -> None:
    draft_id, barrier = uuid.uuid4(), threading.Barrier(4)
    wrong: list[BaseException] = []

    def save() -> None:
        try:
            barrier.wait(10)
            keep(cast, draft_id)
        except BaseException as problem:  # noqa: BLE001 - whatever went wrong in the thread, the test has to know
            wrong.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert ConcernDraft.objects.count() == 1


@pytest.mark.parametrize(
    ("about", "accused", "called", "sees", "chain"),
    [
        (About.NO_ADULT, "", {"Dora Safe", "Dennis Deputy", "Olive Online"}, TEAM, "school"),
        (About.NO_ADULT, "deputy", {"Dora Safe", "Olive Online"}, TEAM - {"deputy"}, "school"),
        (About.ADULT, "", {"Hetty Head"}, {"head"}, "case:"),
        (About.ADULT, "head", {"Charles Chair"}, {"chair"}, "case:"),
        (About.HEADTEACHER, "", {"Charles Chair"}, {"chair"}, "case:"),
        (About.HEADTEACHER, "chair", {"Tom Trust"}, {"trust_lead"}, "case:"),
    ],
)
def test_a_call_for_help_reaches_those_who_were_called_and_nobody_else(
    cast: Cast, about: About, accused: str, called: set[str], sees: set[str], chain: str
) -> None:
    draft = keep(cast)
    alleged_ids = frozenset({person_of(cast[accused], cast.school).pk} if accused else ())

    drafts.raise_alarm(draft=draft, about=about, alleged_ids=alleged_ids, at=NOW)

    assert set(OutboxMessage.objects.values_list("recipient__full_name", flat=True)) == called
    names = [name for name in Cast.__dataclass_fields__ if name not in ("school", "next_door")]
    assert {name for name in names if alarms(cast.access(name), at=NOW) == [draft]} == sees
    event = AuditEvent.objects.select_related("chain").get(event="draft.alarm_raised")
    assert event.chain.name.startswith(chain)
    with pytest.raises(Refused, match="draft_alerted"):
        drafts.drop_draft(draft=draft, by=cast.teacher)


def test_a_call_goes_up_the_ladder_and_says_so_where_there_is_nobody(cast: Cast) -> None:
    User.objects.filter(pk__in=[cast.deputy.pk, cast.online_safety_lead.pk]).update(is_active=False)
    draft = keep(cast, author=cast.dsl)

    drafts.raise_alarm(draft=draft, about=About.NO_ADULT, alleged_ids=frozenset(), at=NOW)

    assert OutboxMessage.objects.get().recipient == cast.head
    User.objects.exclude(pk=cast.dsl.pk).update(is_active=False)
    nobody = keep(cast, author=cast.dsl)
    with pytest.raises(Refused) as refusal:
        drafts.raise_alarm(draft=nobody, about=About.NO_ADULT, alleged_ids=frozenset(), at=NOW)
    assert "999" in refusal.value.sentence
    assert ConcernDraft.objects.get(pk=nobody.pk).alerted_at is None


def test_a_call_that_was_never_written_up_is_shown_for_a_day(cast: Cast) -> None:
    draft = keep(cast)
    drafts.raise_alarm(draft=draft, about=About.NO_ADULT, alleged_ids=frozenset(), at=NOW)

    assert alarms(cast.access("dsl"), at=NOW + timedelta(hours=23)) == [draft]
    assert alarms(cast.access("dsl"), at=NOW + timedelta(hours=25)) == []


def test_a_draft_is_dropped_by_its_author_alone(cast: Cast) -> None:
    draft = keep(cast)

    with pytest.raises(Refused, match="draft_foreign"):
        drafts.drop_draft(draft=draft, by=cast.colleague)
    assert ConcernDraft.objects.count() == 1

    drafts.drop_draft(draft=draft, by=cast.teacher)
    assert not ConcernDraft.objects.exists()


def test_the_proof_of_the_author_keeps_the_draft_without_a_session(cast: Cast) -> None:
    draft_id = uuid.uuid4()
    token = drafts.author_token(user=cast.teacher, draft_id=draft_id)

    assert by_token(cast, token, draft_id)

    kept = ConcernDraft.objects.get()
    assert (kept.pk, kept.author, kept.school, kept.typed()) == (draft_id, cast.teacher, cast.school, CONTENT)


def test_a_proof_that_does_not_hold_keeps_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft_id = uuid.uuid4()
    good = drafts.author_token(user=cast.teacher, draft_id=draft_id)
    of_a_stranger = drafts.author_token(user=cast.next_door_teacher, draft_id=draft_id)
    wrong = [
        "",
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        f"x{good}",
        signing.dumps([str(cast.teacher.pk), str(draft_id)]),
        drafts.author_token(user=cast.teacher, draft_id=uuid.uuid4()),
        of_a_stranger,
        "\x00",
    ]

    assert [token for token in wrong if by_token(cast, token, draft_id)] == []
    assert not by_token(cast, good, draft_id, school="birchwood")
    assert not by_token(cast, good, draft_id, school="nowhere")
    monkeypatch.setattr(drafts, "_TOKEN_SECONDS", -1)
    assert not by_token(cast, good, draft_id)
    assert not ConcernDraft.objects.exists()


@pytest.mark.parametrize("ended", ["account", "role", "sent"])
def test_a_proof_ends_with_the_account_the_role_and_the_sending(cast: Cast, ended: str) -> None:
    draft_id = uuid.uuid4()
    token = drafts.author_token(user=cast.teacher, draft_id=draft_id)
    assert by_token(cast, token, draft_id)

    if ended == "account":
        User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    elif ended == "role":
        Membership.objects.filter(user=cast.teacher).delete()
    else:
        make_incident(school=cast.school, by=cast.teacher, draft_id=draft_id)

    assert not by_token(cast, token, draft_id, content={"fields": {"narrative": "Changed."}})
    assert not ConcernDraft.objects.filter(saved_at__gt=NOW).exists()
    assert [draft.typed() for draft in ConcernDraft.objects.all()] in ([CONTENT], [])
