"""What if: facts in, what the policy asks for out, and nothing kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from policies.models import PackAdoption
from policies.operations import adoptions
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast

PAGE = "/s/oakfield/policies/what-if/"
STAFF = {"types": ["staff_misuse"], "alleged": ["staff"]}


@pytest.fixture
def adopted(cast: Cast) -> PackAdoption:
    """Let Oakfield follow a policy that names the LADO."""
    return adoptions.adopt(
        school=cast.school,
        pack_id="shipbourne-2018",
        starts_on=timezone.localdate(),
        at=timezone.now(),
        by=cast.head,
        note="Approved",
    )


def ask(cast: Cast, who: str = "dsl", **facts: object) -> str:
    return signed_in(cast, who).post(PAGE, facts).content.decode()


def test_an_allegation_goes_to_the_head_and_the_lado_with_the_clause(cast: Cast, adopted: PackAdoption) -> None:
    page = ask(cast, **STAFF)

    assert "Tell the Headteacher" in page
    assert "within 1 working day" in page
    assert "shipbourne-2018--10.2-2" in page
    assert "Do not tell the person it is about" in page


def test_about_the_head_nothing_goes_to_the_head(cast: Cast, adopted: PackAdoption) -> None:
    page = ask(cast, types=["staff_misuse"], alleged=["headteacher"])

    answers = page[page.index('id="answers"') : page.index("Change the facts")]
    assert "Tell the Chair of governors" in answers
    assert "Tell the Headteacher" not in answers
    assert '<p class="govuk-body">Chair of governors, and whoever is named on the case' in answers


def test_what_was_chosen_stays_chosen(cast: Cast, adopted: PackAdoption) -> None:
    page = ask(cast, types=["nudes", "cyberbullying"], crime="unsure", immediate_danger="no")

    assert page.count(" checked") == 2
    assert '<option value="unsure" selected>' in page
    assert '<option value="no" selected>' in page


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Choose at least one thing that it is"),
        ({"types": ["nonsense"]}, "Choose from the list"),
        ({"types": ["nudes"], "crime": "perhaps"}, "Choose from the list"),
        ({"types": ["nudes"], "alleged": ["ghost"]}, "Choose from the list"),
    ],
)
def test_a_mistake_is_said(cast: Cast, adopted: PackAdoption, facts: dict[str, object], sentence: str) -> None:
    page = ask(cast, **facts)

    assert sentence in page
    assert "<title>Error: What if" in page
    assert 'id="answers"' not in page


def test_a_category_alone_is_enough(cast: Cast, adopted: PackAdoption) -> None:
    assert 'id="answers"' in ask(cast, category="commerce")


def test_nothing_is_kept(cast: Cast, adopted: PackAdoption) -> None:
    client = signed_in(cast, "dsl")
    before = AuditEvent.objects.count()

    with CaptureQueriesContext(connection) as queries:
        client.post(PAGE, STAFF)

    assert AuditEvent.objects.count() == before
    # The session remembers when it was last used; nothing else is written.
    asked = {query["sql"].split()[0] for query in queries if "django_session" not in query["sql"]}
    assert asked <= {"SELECT", "SAVEPOINT", "RELEASE"}


@pytest.mark.parametrize("who", ["teacher", "governor", "ict", "administrator"])
def test_it_is_for_those_who_decide(cast: Cast, who: str) -> None:
    assert signed_in(cast, who).get(PAGE).status_code == 403


def test_it_works_before_anything_is_adopted(cast: Cast) -> None:
    page = ask(cast, types=["cyberbullying"])

    assert 'id="answers"' in page
    assert not PackAdoption.objects.exists()
