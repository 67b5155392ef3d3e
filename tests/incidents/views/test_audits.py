"""Who did what: who reads it, how it is narrowed, what it never tells, how it is taken away (G4, AZ-5, EX-1)."""

import io
import zipfile
from typing import Any

import pytest

from accounts import ends
from accounts.events import AccountEvent
from accounts.models import AuditEvent, Membership, Relation, User
from accounts.operations import approvals, people
from accounts.queries.audits import KINDS
from accounts.roles import Role
from accounts.standalone_verifier import problems_of
from incidents.events import Event
from incidents.models import Incident
from incidents.operations import incidents as operations
from incidents.operations import sharing
from incidents.routes import About
from policies.events import PolicyEvent
from tests.accounts.tampering import write_rows
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_member, make_person, person_of
from tests.incidents.pages import address, browser, case_address, main, words

pytestmark = pytest.mark.django_db
# Of these, no row ever stands in the school's own chain.
APART = {"low_level", "person", "allegation"}


def page(user: User, cast: Cast, **sent: Any) -> str:
    client, url = browser(user), address("audit-list", cast.school)
    return words(client.post(url, sent) if sent else client.get(url))


def test_it_shows_who_did_what_the_newest_first_and_is_recorded(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    browser(cast.dsl).get(case_address("incident-detail", case))

    shown = page(cast.dsl, cast)

    assert case.reference in shown
    assert shown.index("Dora Safe") < shown.index("Tessa Teacher")
    assert AuditEvent.objects.filter(event="audit.read", actor=str(cast.dsl.pk)).count() == 1
    assert "Looked at the record" in page(cast.head, cast)


@pytest.mark.parametrize("name", ["teacher", "deputy", "chair", "governor", "ict", "administrator"])
def test_nobody_else_reads_it(cast: Cast, name: str) -> None:
    for url in ("audit-list", "audit-export"):
        assert browser(cast[name]).get(address(url, cast.school)).status_code == 403


def test_it_is_narrowed_by_who_what_words_and_days(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    other = make_incident(school=cast.school, by=cast.colleague)
    for sent, there, gone in (
        ({"who": "tessa"}, case.reference, other.reference),
        ({"about": other.reference}, other.reference, case.reference),
        ({"what": "cases"}, case.reference, "Gave the role"),
        ({"from_date": "2026-11-17", "to_date": "2026-11-17"}, case.reference, "Nothing fits"),
        ({"from_date": "2027-01-01"}, "Nothing fits", case.reference),
        ({"who": "tessa", "drop": "who"}, other.reference, "“tessa”"),
        ({"who": "tessa", "action": "clear"}, other.reference, "“tessa”"),
    ):
        shown = page(cast.dsl, cast, **sent)
        assert there in shown, sent
        assert gone not in shown, sent
    assert "not a date" in page(cast.dsl, cast, from_date="soon")
    assert "lies before" in page(cast.dsl, cast, from_date="2026-11-18", to_date="2026-11-17")


def test_pages_of_a_hundred_cost_the_same_however_many_there_are(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    write_rows(cast.school, 250)
    client, url = browser(cast.dsl), address("audit-list", cast.school)
    for number, rows in ((1, 100), (2, 100), (3, 100)):
        # One of them asks which requests about roles are about the reader or a relative.
        with django_assert_max_num_queries(17):
            shown = client.post(url, {"page": str(number)}).content.decode()
        assert shown.count("<tr>") - 1 <= rows
    assert "Next page" in words(client.post(url, {"page": "1"}))
    assert "Previous page" in words(client.post(url, {"page": "3"}))
    assert "nothing further back" in words(client.post(url, {"page": "499"}))


def test_every_event_falls_under_something_that_can_be_chosen() -> None:
    known = {begin for kind in KINDS for begin in kind.begins}
    named = {str(event.value).partition(".")[0] for names in (AccountEvent, Event, PolicyEvent) for event in names}

    assert named - known - APART == set()


def restricted(cast: Cast, who: User) -> list[Incident]:
    """Make every sort of case of which somebody may not know, with what others do on it."""
    head, child = person_of(who, cast.school), make_person(school=cast.school)
    people.relate(person=head, related=child, relation=Relation.PARENT, at=NOW)
    about = make_incident(school=cast.school, by=cast.teacher, people=[alleged(head)], about=About.ADULT)
    of_child = make_incident(school=cast.school, by=cast.teacher, people=[alleged(child)])
    sealed = make_incident(school=cast.school, by=cast.teacher, people=[harmed(child)])
    sharing.seal(incident=sealed, named=[cast.online_safety_lead], reason="x", by=cast.deputy, at=NOW)
    for case, reader in ((about, cast.head), (of_child, cast.deputy), (sealed, cast.deputy)):
        operations.open_case(incident=case, by=reader, at=NOW)
    operations.note_person_read(person=child, by=cast.deputy, at=NOW)
    operations.note_person_read(person=head, by=cast.head, at=NOW)
    return [about, of_child, sealed]


def test_whom_a_case_is_about_finds_no_trace_of_it(cast: Cast) -> None:
    """Byte for byte the same with the cases, what was done on them and who looked at the people in them (AZ-5)."""
    client, url = browser(cast.dsl), address("audit-list", cast.school)

    def seen() -> str:
        found = main(client.get(url))
        # What looking itself leaves.
        return "\n".join(line for line in found.splitlines() if "Looked at the record" not in line)

    before = seen()
    cases = restricted(cast, cast.dsl)

    after = seen()
    assert [case.reference for case in cases if case.reference in after] == []
    # What tells of nobody stays: the school's own concern was logged by nobody else in between.
    assert set(after.splitlines()) - set(before.splitlines()) == set()


def test_whose_role_is_to_end_finds_nothing_of_it_nor_does_a_relative(cast: Cast) -> None:
    """Neither on the page, nor in the list, nor in the proof, which withholds it from everybody."""
    deputy, head = (person_of(user, cast.school) for user in (cast.deputy, cast.head))
    people.relate(person=deputy, related=head, relation=Relation.PARTNER, at=NOW)
    held = Membership.objects.select_related("school", "user", "person").get(user=cast.deputy)
    approvals.end_role(membership=held, reason="She leaves.", by=cast.administrator, at=NOW)
    said, url = "loses the role", address("audit-export", cast.school)

    assert said in page(cast.dsl, cast)
    assert said not in page(cast.head, cast)
    listed = {"form": "list", "purpose": "check"}
    assert said in browser(cast.dsl).post(url, listed).content.decode()
    assert said not in browser(cast.head).post(url, listed).content.decode()
    proof = browser(cast.dsl).post(url, {"form": "proof", "purpose": "check"})
    content = b"".join(proof.streaming_content)  # type: ignore[attr-defined]
    assert said not in zipfile.ZipFile(io.BytesIO(content)).read("rows.jsonl").decode()


def test_searching_by_a_case_manager_stands_in_no_list(cast: Cast) -> None:
    browser(cast.head).post(address("incident-list", cast.school), {"text": "anything"})
    browser(cast.deputy).post(address("incident-list", cast.school), {"text": "anything"})

    rows = AuditEvent.objects.filter(event=Event.SEARCHED).values_list("chain__name", "actor_name")
    assert set(rows) == {(f"user:{cast.head.pk}", "Hetty Head"), ("school", "Dennis Deputy")}


def test_the_proof_is_taken_away_and_checks_itself(cast: Cast, tmp_path: Any) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    client, url = browser(cast.dsl), address("audit-export", cast.school)
    assert "Say what it is for" in words(client.post(url, {"form": "proof"}))
    assert "Say what you need" in words(client.post(url, {"purpose": "check"}))

    sent = client.post(url, {"form": "proof", "purpose": "inspection"})

    content = b"".join(sent.streaming_content)  # type: ignore[attr-defined]
    file = tmp_path / "sent.zip"
    file.write_bytes(content)
    assert problems_of(file, ends.public_keys()[0]) == []
    assert ".zip" in sent["Content-Disposition"]
    assert "oakfield" not in sent["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert AuditEvent.objects.filter(event="audit.exported", data__purpose="inspection").count() == 1


def test_a_list_holds_what_the_page_shows(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    hidden = restricted(cast, cast.dsl)
    url = address("audit-export", cast.school)

    sent = browser(cast.dsl).post(url, {"form": "list", "purpose": "check"}).content.decode("utf-8-sig")

    assert sent.splitlines()[0] == '"When","Who","What","In a word"'
    assert case.reference in sent
    assert [one.reference for one in hidden if one.reference in sent] == []
    none = browser(cast.dsl).post(url, {"form": "list", "purpose": "check", "from_date": "2031-01-01"})
    assert len(none.content.decode().splitlines()) == 1


def test_no_word_of_a_case_stands_in_the_ledger(cast: Cast) -> None:
    """AU-7: whatever is typed into a case, a row holds none of it."""
    make_incident(school=cast.school, by=cast.teacher, narrative="heliotrope", action_taken="heliotrope")
    case = Incident.objects.get()
    client = browser(cast.dsl)
    client.post(case_address("note-add", case), {"note-text": "heliotrope"})
    client.post(address("incident-list", cast.school), {"text": "heliotrope"})
    client.post(address("audit-list", cast.school), {"about": "heliotrope"})

    said = [f"{row.summary} {row.target} {row.data}" for row in AuditEvent.objects.all()]
    assert [line for line in said if "heliotrope" in line] == []


def test_dpo_and_trust_lead_read_it_without_any_case(cast: Cast) -> None:
    dpo = make_member(school=cast.school, role=Role.DPO, name="Dana Protection")
    case = make_incident(school=cast.school, by=cast.teacher)
    for user in (dpo, cast.trust_lead):
        client = browser(user)
        assert case.reference in words(client.get(address("audit-list", cast.school)))
        assert client.get(case_address("incident-detail", case)).status_code in (403, 404)
