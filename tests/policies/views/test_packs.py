"""Our policy: every clause with how it is met, what the law adds, and what has to be put right."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from policies.catalogue import shipped
from policies.linting import lint
from policies.models import PackAdoption
from policies.operations import adoptions
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast
from tests.factories import NOW

PAGE = "/s/oakfield/policies/packs/"
PAGES = (PAGE, f"{PAGE}layers/", f"{PAGE}findings/")
OWN = "canterbury-cross-2023"


@pytest.fixture
def adopted(cast: Cast) -> PackAdoption:
    """Let Oakfield follow a policy of its own."""
    return adoptions.adopt(
        school=cast.school,
        pack_id=OWN,
        starts_on=timezone.localtime(NOW).date(),
        at=NOW,
        by=cast.head,
        note="Approved by the trustees on 3 November",
    )


def read(client: Client, page: str = PAGE) -> str:
    return client.get(page).content.decode()


@pytest.mark.parametrize("who", ["teacher", "dsl", "head", "governor", "ict"])
def test_every_member_of_staff_reads_every_clause(cast: Cast, adopted: PackAdoption, who: str) -> None:
    page = read(signed_in(cast, who))

    missing = [clause.id for clause in shipped(OWN).pack.clauses if f'id="{OWN}--{clause.id}"' not in page]
    assert missing == []
    assert "Approved by the trustees on 3 November" in page


def test_a_rule_is_told_in_words(cast: Cast, adopted: PackAdoption) -> None:
    page = read(signed_in(cast, "teacher"))

    assert "How it is met" in page
    assert "types:" not in page
    assert "filtering_breach" not in page


def test_roles_go_by_the_schools_own_titles(cast: Cast, adopted: PackAdoption) -> None:
    cast.school.role_titles = {Role.DSL.value: "Safeguarding captain"}
    cast.school.save(update_fields=["role_titles"])

    assert "Safeguarding captain" in read(signed_in(cast, "teacher"))


def test_what_the_law_adds_is_shown_with_its_clauses(cast: Cast, adopted: PackAdoption) -> None:
    page = read(signed_in(cast, "teacher"), f"{PAGE}layers/")

    assert "What our own policy never mentions" in page
    assert "designated officer (LADO) for advice" in page
    assert all(f'id="england-statutory--{clause.id}"' in page for clause in shipped("england-statutory").pack.clauses)


def test_the_findings_are_those_of_the_linter(cast: Cast, adopted: PackAdoption) -> None:
    page = read(signed_in(cast, "teacher"), f"{PAGE}findings/")

    found = lint(shipped(OWN), today=timezone.localdate())
    assert found
    assert page.count("sg-findings__item") == len(found)


def test_without_an_adoption_the_default_is_shown_as_what_it_is(cast: Cast) -> None:
    page = read(signed_in(cast, "teacher"))

    assert "has not adopted a policy of its own yet" in page
    assert 'id="starter--' in page
    assert not PackAdoption.objects.exists()


def test_only_those_who_may_are_offered_more(cast: Cast, adopted: PackAdoption) -> None:
    offered = {who: read(signed_in(cast, who)) for who in ("teacher", "dsl", "deputy", "head")}

    assert [who for who, page in offered.items() if "what-if/" in page] == ["dsl", "deputy", "head"]
    # The adopted policy leaves the choice of policies to the headteacher alone.
    assert [who for who, page in offered.items() if "packs/adoptions/" in page] == ["head"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_takes_the_same_few_queries_whatever_was_adopted(cast: Cast, address: str) -> None:
    client = signed_in(cast, "teacher")
    read(client, address)
    counts = []
    for pack_id in (OWN, "shipbourne-2018"):
        adoptions.adopt(
            school=cast.school,
            pack_id=pack_id,
            starts_on=timezone.localdate(),
            at=timezone.now(),
            by=cast.head,
            note="Approved",
        )
        with CaptureQueriesContext(connection) as queries:
            read(client, address)
        counts.append(len(queries))

    assert counts == [4, 4]
