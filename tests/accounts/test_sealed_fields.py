"""Sealed columns in the hands of the ORM: saved, loaded, copied, asked for."""

import uuid

import pytest
from django.apps import apps
from django.core import serializers

from accounts import encryption
from accounts.encryption import Sealed, SealedTextField, opened_keys
from incidents.models import ConcernDraft, Incident, InvolvedPerson
from incidents.operations import drafts
from tests.accounts.sealing import column_of, kept, stored
from tests.conftest import Cast
from tests.factories import NOW, make_incident


def test_an_untouched_text_is_written_back_as_it_came(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    before = column_of(incident, "narrative")

    loaded = Incident.objects.get(pk=incident.pk)
    loaded.save()
    assert loaded.narrative
    loaded.save()

    assert column_of(incident, "narrative") == before


def test_saving_other_columns_leaves_the_text_alone(cast: Cast) -> None:
    draft = kept(cast.school, cast.teacher, "text")
    before = stored(draft)

    draft.alert_role = "dsl"
    draft.save(update_fields=["alert_role"])

    assert stored(draft) == before


def test_text_that_was_left_out_is_loaded_when_it_is_asked_for(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, narrative="typed")

    assert Incident.objects.defer("narrative").get(pk=incident.pk).narrative == "typed"
    assert Incident.objects.only("reference").get(pk=incident.pk).narrative == "typed"


def test_text_is_opened_once_however_often_it_is_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = ConcernDraft.objects.get(pk=kept(cast.school, cast.teacher, "text").pk)
    opened = []
    real = encryption.unseal
    monkeypatch.setattr(encryption, "unseal", lambda *args, **place: opened.append(1) or real(*args, **place))  # type: ignore[func-returns-value]

    assert [draft.content for _ in range(5)] == ["text"] * 5
    assert len(opened) == 1


def test_many_rows_of_a_school_open_with_one_query_for_the_key(cast: Cast, django_assert_num_queries: object) -> None:
    for number in range(5):
        kept(cast.school, cast.teacher, f"text {number}")
    opened_keys.forget()

    with django_assert_num_queries(2):  # type: ignore[operator]
        texts = sorted(draft.content for draft in ConcernDraft.objects.for_school(cast.school))

    assert texts == [f"text {number}" for number in range(5)]


@pytest.mark.parametrize(
    "query",
    [
        lambda: Incident.objects.filter(narrative="text").exists(),
        lambda: Incident.objects.exclude(narrative="text").exists(),
        lambda: Incident.objects.filter(narrative__contains="text").exists(),
        lambda: Incident.objects.filter(narrative__icontains="text").exists(),
        lambda: Incident.objects.filter(narrative__startswith=b"text").exists(),
        lambda: Incident.objects.filter(narrative__in=["text"]).exists(),
        lambda: Incident.objects.filter(chronology__text__contains="text").exists(),
        lambda: Incident.objects.filter(narrative=b"text").exists(),
        lambda: Incident.objects.update(narrative="text"),
        lambda: Incident.objects.update(narrative=b"text"),
        lambda: ConcernDraft.objects.bulk_update(_changed_drafts(), ["content"]),
    ],
    ids=[
        "filter",
        "exclude",
        "contains",
        "icontains",
        "startswith",
        "in",
        "across",
        "bytes",
        "update",
        "update bytes",
        "bulk_update",
    ],
)
def test_sealed_text_is_neither_searched_nor_updated_in_the_database(cast: Cast, query: object) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    kept(cast.school, cast.teacher, "text")

    with pytest.raises(TypeError, match="is sealed text"):
        query()  # type: ignore[operator]


def _changed_drafts() -> list[ConcernDraft]:
    changed = list(ConcernDraft.objects.all())
    for draft in changed:
        draft.content = "changed"
    return changed


def test_bulk_create_seals(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    people = [
        InvolvedPerson(
            school=cast.school, incident=incident, description=words, part="named", added_at=NOW, added_by=cast.teacher
        )
        for words in ("a tall man", "a boy in a red coat")
    ]

    InvolvedPerson.objects.bulk_create(people)

    for person, words in zip(people, ("a tall man", "a boy in a red coat"), strict=True):
        assert words.encode() not in column_of(person, "description")
        assert InvolvedPerson.objects.get(pk=person.pk).description == words


def test_values_hand_out_seals_and_never_text(cast: Cast) -> None:
    kept(cast.school, cast.teacher, "text")

    handed = ConcernDraft.objects.values_list("content", flat=True)[0]

    assert isinstance(handed, Sealed)
    assert b"text" not in handed  # type: ignore[comparison-overlap]


def test_sealed_text_is_never_serialised(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)

    with pytest.raises(TypeError, match="never serialised"):
        serializers.serialize("json", Incident.objects.all())


def test_what_a_draft_holds_is_read_by_nobody_else(cast: Cast) -> None:
    draft = drafts.save_draft(
        school=cast.school, author=cast.teacher, draft_id=uuid.uuid4(), content={"fields": {"n": "👧 text"}}, at=NOW
    )

    assert "👧 text".encode() not in stored(draft)
    assert ConcernDraft.objects.get(pk=draft.pk).typed() == {"fields": {"n": "👧 text"}}


def test_every_sealed_column_belongs_to_a_school() -> None:
    sealed = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField)
    }

    assert sealed
    assert all("school" in {field.name for field in model._meta.fields} for model in sealed)
