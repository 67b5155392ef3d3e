"""Everything an obligation may ask for, and every fact, has words that people understand."""

import re
from collections.abc import Iterable
from enum import StrEnum

import pytest

from policies.engine.facts import FACT_NAMES, MOMENTS, ONE_OF, SOME_OF, YES_OR_NO
from policies.engine.labels import known, label_of, statement
from policies.engine.phrases import default_text, target_words
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Agency, Ban, Deed, DeviceKind, FoundOn, IncidentType, Kind, OwnerRole

TARGETS: dict[Kind, Iterable[StrEnum]] = {
    Kind.NOTIFY: OwnerRole,
    Kind.ACKNOWLEDGE: OwnerRole,
    Kind.CONSULT: Agency,
    Kind.REFER: Agency,
    Kind.DO: Deed,
    Kind.FORBID: Ban,
    Kind.RESTRICT: OwnerRole,
}
ASKED = [(kind, target.value) for kind, words in TARGETS.items() for target in words]


@pytest.mark.parametrize(
    ("kind", "target", "text"),
    [
        (Kind.RECORD, "incident", "Log what happened"),
        (Kind.NOTIFY, "dsl", "Tell the Designated Safeguarding Lead"),
        (Kind.ACKNOWLEDGE, "governors", "Seen by the governors"),
        (Kind.CONSULT, "lado", "Ask the local authority designated officer (LADO) for advice"),
        (Kind.REFER, "police_emergency", "Refer to the police (999)"),
        (Kind.INFORM_PARENTS, "parents", "Tell the parents or carers"),
        (Kind.DO, "debrief", "Debrief those who were involved"),
        (Kind.FORBID, "view_imagery", "Do not view the image"),
        (Kind.RESTRICT, "dsl", "Only for the Designated Safeguarding Lead"),
        (Kind.RESTRICT, "dsl,headteacher", "Only for the Designated Safeguarding Lead, the headteacher"),
    ],
)
def test_what_is_asked_has_words(kind: Kind, target: str, text: str) -> None:
    assert default_text(kind, target) == text


@pytest.mark.parametrize(
    ("kind", "target", "words"),
    [
        (Kind.NOTIFY, "dsl", "the Designated Safeguarding Lead"),
        (Kind.ACKNOWLEDGE, "governors", "the governors"),
        (Kind.CONSULT, "prevent", "Prevent"),
        (Kind.REFER, "ceop", "CEOP, the child exploitation and online protection command"),
        (Kind.DO, "debrief", "Debrief those who were involved"),
        (Kind.RECORD, "incident", "Log what happened"),
    ],
)
def test_an_alternative_has_words_of_its_own(kind: Kind, target: str, words: str) -> None:
    assert target_words(kind, target) == words


@pytest.mark.parametrize(("kind", "target"), ASKED)
def test_the_words_are_a_sentence_without_its_stop(kind: Kind, target: str) -> None:
    text = default_text(kind, target)

    assert re.fullmatch(r"[A-Z][^_!.]+[A-Za-z)]", text)


def test_no_two_things_have_the_same_words() -> None:
    texts = [default_text(kind, target) for kind, target in ASKED]

    assert len(set(texts)) == len(texts)


def test_every_value_of_every_fact_has_words() -> None:
    words = [label_of(fact, value) for fact, values in (ONE_OF | SOME_OF).items() for value in values]
    words += [label_of(fact, value) for fact in YES_OR_NO for value in (True, False)]
    words += [known(fact) for fact in FACT_NAMES if fact not in MOMENTS]

    assert [text for text in words if not re.fullmatch(r"[a-z][^_!.]+", text.replace("Designated", "designated"))] == []


@pytest.mark.parametrize("fact", sorted(YES_OR_NO))
def test_yes_and_no_differ(fact: str) -> None:
    assert label_of(fact, True) != label_of(fact, False)
    assert known(fact) == f"it is known whether {label_of(fact, True)}"


def test_a_statement_joins_its_values() -> None:
    three = [FoundOn.EMAIL, FoundOn.SCHOOL_NETWORK, FoundOn.ELSEWHERE]

    assert statement("found_on", three[:1], "or") == "it was found on e-mail"
    assert statement("found_on", three[:2], "and") == "it was found on e-mail and the school's network"
    assert statement("found_on", three, "or") == "it was found on e-mail, somewhere else or the school's network"
    assert statement("devices", list(DeviceKind), "and") == "it involves a device of the school and a personal device"
    assert statement("category", [Category.CONTENT], "or") == "the risk is content"
    assert statement("serious", [True], "or") == "it is serious"
    assert statement("types", [IncidentType.SCAM] * 2, "or") == "it is a scam or phishing"


def test_every_category_has_a_label_a_question_and_an_example() -> None:
    assert [category.label for category in Category] == ["Content", "Contact", "Conduct", "Commerce"]
    assert Category.CONTENT.question == "They saw or shared something harmful"
    assert Category.COMMERCE.example.startswith("For example online betting")
    assert len({text for one in Category for text in (one.label, one.question, one.example)}) == 12
