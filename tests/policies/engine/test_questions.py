"""Only what would change anything is asked, and nothing that would is left out."""

import pytest

from policies.catalogue import adoptable_ids, shipped, with_layers
from policies.engine.conditions import All, Equals
from policies.engine.facts import ONE_OF, SOME_OF, YES_OR_NO, facts_from
from policies.engine.questions import questions_that_matter
from policies.engine.vocabulary import IncidentType
from tests.policies.engine.builders import line, pack, rule

FACTS = sorted({*ONE_OF, *SOME_OF, *YES_OR_NO} - {"category", "types"})
IMAGES = facts_from({"types": ["nudes"]})


def test_a_fact_of_which_no_rule_asks_is_not_asked() -> None:
    seen = rule("seen", line("do:document_viewing"), when=Equals("imagery_viewed", True))

    assert questions_that_matter([pack("a", seen)], IMAGES, FACTS) == {"imagery_viewed"}


def test_what_matters_only_together_with_another_answer_comes_up_after_it() -> None:
    both = All((Equals("imagery_viewed", True), Equals("serious", True)))
    packs = [pack("a", rule("both", line("do:document_viewing"), when=both))]

    assert questions_that_matter(packs, IMAGES, FACTS) == frozenset()
    known = facts_from({"types": ["nudes"], "serious": True})
    assert questions_that_matter(packs, known, FACTS) == {"imagery_viewed"}


@pytest.mark.parametrize("pack_id", adoptable_ids())
def test_every_shipped_policy_asks_more_of_images_than_of_gambling(pack_id: str) -> None:
    packs = with_layers(shipped(pack_id).pack)

    images, gambling = (
        questions_that_matter(packs, facts_from({"types": [kind.value]}), FACTS)
        for kind in (IncidentType.NUDES, IncidentType.GAMBLING)
    )

    assert "imagery_viewed" in images | questions_that_matter(
        packs, facts_from({"types": ["nudes"], "imagery": "indecent"}), FACTS
    )
    assert len(images) < len(FACTS)
    assert len(gambling) < len(FACTS)
