"""What a case may hold: nothing where an indecent image may be involved; no picture until somebody looked into it."""

from typing import Any

import pytest

from incidents.imagery import Holding, holding_of, mentions_imagery
from incidents.models import Incident, Obligation
from incidents.operations import notes, questions
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, make_incident


def case(cast: Cast, category: Category = Category.COMMERCE, **details: Any) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher, category=category, **details)


def know(incident: Incident, *types: IncidentType, **known: Any) -> Incident:
    """Let something be known of a case, as triage writes it."""
    Incident.objects.filter(pk=incident.pk).update(types=[kind.value for kind in types], known=known)
    return Incident.objects.select_related("school", "adoption").get(pk=incident.pk)


@pytest.mark.parametrize(
    ("category", "holding"),
    [
        (Category.COMMERCE, Holding.FILES),
        (Category.CONTENT, Holding.NO_PICTURES),
        (Category.CONTACT, Holding.NO_PICTURES),
        (Category.CONDUCT, Holding.NO_PICTURES),
    ],
)
def test_until_more_is_known_the_category_decides(cast: Cast, category: Category, holding: Holding) -> None:
    assert holding_of(case(cast, category)) is holding


@pytest.mark.parametrize("field", ["narrative", "action_taken", "place_detail", "online_service"])
def test_a_word_in_what_was_reported_shuts_it(cast: Cast, field: str) -> None:
    assert holding_of(case(cast, **{field: "They share NUDES of her."})) is Holding.NOTHING


def test_a_word_in_a_note_or_an_answer_shuts_it(cast: Cast) -> None:
    noted, answered = case(cast), case(cast)
    notes.add_note(incident=noted, text="He has an indecent picture.", by=cast.dsl, at=NOW)
    asked = questions.ask(incident=answered, text="What did you see?", by=cast.dsl, at=NOW)
    questions.answer(incident=answered, question=asked, text="Her, topless.", by=cast.teacher, at=NOW)

    assert [holding_of(noted), holding_of(answered)] == [Holding.NOTHING] * 2


@pytest.mark.parametrize(
    ("types", "known", "holding"),
    [
        ([], {"imagery": "none"}, Holding.FILES),
        ([], {"imagery": "possible"}, Holding.NOTHING),
        ([], {"imagery": "indecent"}, Holding.NOTHING),
        ([], {"imagery_viewed": True}, Holding.NOTHING),
        ([], {"staff_possession": True}, Holding.NOTHING),
        ([IncidentType.NUDES], {}, Holding.NOTHING),
        ([IncidentType.NUDES], {"imagery": "none"}, Holding.NOTHING),
        ([IncidentType.IIOC, IncidentType.SCAM], {"imagery": "none"}, Holding.NOTHING),
        ([IncidentType.UPSKIRTING], {}, Holding.NOTHING),
        ([IncidentType.GROOMING], {}, Holding.NOTHING),
        ([IncidentType.GROOMING], {"imagery": "none"}, Holding.FILES),
        ([IncidentType.CYBERBULLYING], {}, Holding.NO_PICTURES),
        ([IncidentType.CYBERBULLYING], {"imagery": "none"}, Holding.FILES),
        ([IncidentType.SCAM], {}, Holding.FILES),
        ([IncidentType.SCAM, IncidentType.OTHER], {}, Holding.NO_PICTURES),
    ],
)
def test_what_is_known_decides(cast: Cast, types: list[IncidentType], known: dict[str, Any], holding: Holding) -> None:
    assert holding_of(know(case(cast, Category.CONDUCT), *types, **known)) is holding


def test_somebody_who_said_that_no_image_is_involved_outweighs_a_word(cast: Cast) -> None:
    incident = case(cast, narrative="The naked truth about a scam.")

    assert holding_of(incident) is Holding.NOTHING
    assert holding_of(know(incident, imagery="none")) is Holding.FILES


def test_what_the_policy_forbids_shuts_it_whatever_else_is_known(cast: Cast) -> None:
    incident = know(case(cast), IncidentType.SCAM, imagery="none")
    ban = Obligation.objects.get(incident=incident, key="do:document_decision")
    ban.pk, ban.key, ban.kind, ban.target = None, "forbid:store_imagery!", "forbid", "store_imagery"
    ban._state.adding = True
    ban.id = type(ban)().id
    ban.save()

    assert holding_of(incident) is Holding.NOTHING
    Obligation.objects.filter(pk=ban.pk).update(state=State.WITHDRAWN, settled_at=NOW)
    assert holding_of(incident) is Holding.FILES


def test_an_adults_case_holds_no_picture_until_somebody_has_said_more(cast: Cast) -> None:
    incident = case(cast)
    Incident.objects.filter(pk=incident.pk).update(is_about_adult=True)

    assert holding_of(know(incident)) is Holding.NO_PICTURES


def test_it_asks_for_a_fixed_number_of_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    incident = case(cast)
    for number in range(5):
        notes.add_note(incident=incident, text=f"Note {number}.", by=cast.dsl, at=NOW)

    with django_assert_max_num_queries(4):
        holding_of(incident)


@pytest.mark.parametrize("text", ["a nude", "Nudes", "sexting", "dick pics", "in her underwear", "a deepfake", "NAKED"])
def test_a_word_of_imagery_is_found(text: str) -> None:
    assert mentions_imagery(text)


@pytest.mark.parametrize("text", ["Denuded hills", "Essex text", "A picture of a cat", "Sussex", "imagery: none"])
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert not mentions_imagery(text)
