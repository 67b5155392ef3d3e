"""The page of what belongs together: only what its reader may open, and nothing typed is lost."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Relation, User
from accounts.operations import people as register
from incidents.models import CaseLink, Identifier, Incident
from incidents.operations import identifiers, links
from incidents.routes import About
from incidents.statuses import Identifying, Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of
from tests.incidents.pages import browser, case_address, main, words

WHY = "The same messages, seen by two."
STATEMENTS = 20


def tie(user: User, one: Incident, reference: str, reason: str = WHY) -> str:
    sent = {"link-reference": reference, "link-reason": reason}
    return words(browser(user).post(case_address("link-add", one), sent, follow=True))


def test_a_case_is_tied_by_its_reference_in_any_letters(cast: Cast) -> None:
    one, two = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))

    page = tie(cast.dsl, one, f" {two.reference.lower()} ")

    assert "The cases are tied." in page
    assert WHY in page
    assert two.reference in page
    assert one.reference in words(browser(cast.dsl).get(case_address("link-list", two)))


def test_a_case_one_may_not_open_is_no_case(cast: Cast) -> None:
    one = make_incident(school=cast.school, by=cast.teacher)
    adult = make_incident(
        school=cast.school, by=cast.teacher, about=About.ADULT, people=[alleged(person_of(cast.colleague, cast.school))]
    )
    away = make_incident(school=cast.next_door, by=cast.next_door_teacher)

    pages = set()
    for reference in (adult.reference, away.reference, "OAK-ZZZZ"):
        sent = {"link-reference": reference, "link-reason": WHY}
        pages.add(main(browser(cast.dsl).post(case_address("link-add", one), sent)).replace(reference, ""))

    assert len(pages) == 1
    assert "There is no case with that reference that you may open" in pages.pop()
    assert not CaseLink.objects.exists()


def test_a_tie_to_a_case_one_may_not_open_is_not_shown(cast: Cast) -> None:
    child = make_incident(school=cast.school, by=cast.teacher)
    adult = make_incident(
        school=cast.school, by=cast.teacher, about=About.ADULT, people=[alleged(person_of(cast.colleague, cast.school))]
    )
    before = main(browser(cast.dsl).get(case_address("link-list", child)))

    links.link(incident=child, other=adult, reason=WHY, by=cast.head, at=NOW)
    identifiers.add(incident=adult, kind=Identifying.ACCOUNT, value="shadow_fox", by=cast.head, at=NOW)

    assert main(browser(cast.dsl).get(case_address("link-list", child))) == before
    undo = case_address("link-undo", child, link_id=CaseLink.objects.get().pk)
    assert browser(cast.dsl).post(undo, {"reason": "x"}).status_code == 404


def test_what_was_refused_stands_there_again(cast: Cast) -> None:
    one = make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast.dsl)

    assert (
        'value="OAK-ZZZZ"'
        in client.post(
            case_address("link-merge", one), {"merge-reference": "OAK-ZZZZ", "merge-reason": "Twice."}
        ).content.decode()
    )
    page = client.post(case_address("link-split", one), {"split-words": "Money was sent."})
    assert "Money was sent." in page.content.decode()
    assert "Choose at least one person" in words(page)
    page = client.post(
        case_address("identifier-add", one), {"identifier-kind": "nonsense", "identifier-value": "shadow_fox"}
    )
    assert 'value="shadow_fox"' in page.content.decode()
    assert Incident.objects.count() == 1


def test_the_same_account_is_found_on_the_other_case(cast: Cast) -> None:
    one, two = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))
    client = browser(cast.dsl)
    for case, value in ((one, "shadow_fox"), (two, "Shadow_Fox")):
        client.post(case_address("identifier-add", case), {"identifier-kind": "account", "identifier-value": value})

    page = words(client.get(case_address("link-list", one)))
    assert "The same is noted on:" in page
    assert two.reference in page

    row = Identifier.objects.get(incident=two)
    client.post(case_address("identifier-remove", two, identifier_id=row.pk))
    assert two.reference not in words(client.get(case_address("link-list", one)))
    assert client.post(case_address("identifier-remove", one, identifier_id=row.pk)).status_code == 404


def test_a_duplicate_is_merged_and_the_reader_is_led_to_the_case_that_goes_on(cast: Cast) -> None:
    one, two = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))

    answer = browser(cast.dsl).post(
        case_address("link-merge", two), {"merge-reference": one.reference, "merge-reason": WHY}, follow=True
    )

    assert f"Case {one.reference}" in words(answer)
    two.refresh_from_db()
    assert two.status == Status.CLOSED


def test_a_part_taken_out_is_opened_or_said_to_be_elsewhere(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    part = case.people.get()
    sent = {"split-people": [str(part.pk)], "split-category": "commerce", "split-words": "Money was sent."}

    page = browser(cast.dsl).post(case_address("link-split", case), sent, follow=True)

    assert "This is the new case." in words(page)
    assert "Money was sent." in words(page)


def test_its_statements_do_not_grow(cast: Cast) -> None:
    child, sister = make_person(school=cast.school), make_person(school=cast.school)
    register.relate(person=child, related=sister, relation=Relation.SIBLING, at=NOW)
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(child)])
    client = browser(cast.dsl)
    client.get(case_address("link-list", case))
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as seen:
            client.get(case_address("link-list", case))
        counts.append(len(seen))
        for _ in range(3):
            other = make_incident(school=cast.school, by=cast.teacher, people=[harmed(child)])
            identifiers.add(incident=other, kind=Identifying.APP, value=f"app {number}", by=cast.dsl, at=NOW)
            links.link(incident=case, other=other, reason=WHY, by=cast.dsl, at=NOW)
        identifiers.add(incident=case, kind=Identifying.APP, value=f"app {number}", by=cast.dsl, at=NOW)
    assert counts[1] == counts[2]
    assert max(counts) <= STATEMENTS
