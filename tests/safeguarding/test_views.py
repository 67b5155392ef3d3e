"""Pages that belong to no app: the way in, my day, and what is shown when a form cannot be taken."""

import uuid
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import Membership, OutboxMessage, User
from accounts.roles import Role
from incidents.operations import drafts, questions
from policies.models import SchoolDuty
from policies.operations import adoptions
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member
from tests.incidents.pages import address, body, browser, case_address, main, references, title, value_of, words

CANARY = "canarywords \u202eabc\u202c <b>“no”</b>\r\n"


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Every request happens at the hour of the cast; the second factor has its own tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.SECOND_FACTOR_REQUIRED = False


def test_whoever_is_not_signed_in_is_sent_to_do_so_and_back(cast: Cast) -> None:
    assert Client().get("/")["Location"] == "/account/sign-in/?next=/"
    assert Client().get(address("school-home", cast.school))["Location"] == "/account/sign-in/?next=/s/oakfield/"


def test_the_first_page_leads_to_ones_school_or_lets_one_choose(cast: Cast) -> None:
    assert browser(cast.teacher).get("/")["Location"] == "/s/oakfield/"
    make_member(school=cast.next_door, user=cast.teacher)

    page = main(browser(cast.teacher).get("/"))

    assert "Oakfield Primary School" in page
    assert 'href="/s/birchwood/"' in page


@pytest.mark.parametrize("who", ["ended", "not begun", "superuser"])
def test_whoever_holds_no_role_is_told_so_and_sees_no_school(cast: Cast, who: str) -> None:
    day = timedelta(days=1)
    if who == "superuser":
        user = User.objects.create_superuser("op@host.example", "a long enough password", full_name="Op Erator")
    else:
        user = cast.teacher
        dates = {"ends_on": NOW.date() - day} if who == "ended" else {"starts_on": NOW.date() + day}
        Membership.objects.filter(user=user).update(**dates)

    page = words(browser(user).get("/"))

    assert "You hold no role at a school at the moment." in page
    assert "Oakfield" not in page
    assert browser(user).get("/s/oakfield/").status_code == 404


def test_my_day_of_a_teacher_holds_their_own_and_nothing_else(cast: Cast) -> None:
    mine, other = (make_incident(school=cast.school, by=by) for by in (cast.teacher, cast.colleague))
    questions.ask(incident=mine, text=CANARY, by=cast.dsl, at=NOW)
    drafts.save_draft(
        school=cast.school,
        author=cast.teacher,
        draft_id=uuid.uuid4(),
        content={"fields": {"narrative": CANARY}},
        at=NOW,
    )

    page = browser(cast.teacher).get(address("school-home", cast.school))

    assert references(page) == [mine.reference]
    assert f"Answer a question about {mine.reference}" in main(page)
    assert "Continue the concern you saved today 8:25" in main(page)
    assert not [leak for leak in (other.reference, "canarywords", "Cases I own") if leak in main(page)]
    assert title(page) == "My day – Oakfield Primary School"
    assert "You have not logged a concern yet." in main(browser(cast.ict).get(address("school-home", cast.school)))


def test_my_day_of_a_lead_begins_with_danger_then_what_is_new(cast: Cast) -> None:
    new = make_incident(school=cast.school, by=cast.teacher)
    danger = make_incident(school=cast.school, by=cast.teacher, is_danger_reported=True)
    make_incident(school=cast.next_door, by=cast.next_door_teacher)

    page = browser(cast.dsl).get(address("school-home", cast.school))

    assert references(page) == [danger.reference, new.reference]
    assert "Danger: look at this now" in main(page)
    empty = main(browser(cast.chair).get(address("school-home", cast.school)))
    assert "Nothing new. Every concern was acknowledged." in empty
    assert "You own no open case." in empty


def test_undelivered_messages_are_shown_to_those_who_can_do_something_about_it(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    make_incident(school=cast.next_door, by=cast.next_door_teacher)
    OutboxMessage.objects.update(dead_at=NOW)

    shown = {
        name: "3 messages could not be delivered" in words(browser(cast[name]).get(address("school-home", cast.school)))
        for name in ("administrator", "dsl", "teacher", "governor", "ict")
    }

    assert shown == {"administrator": True, "dsl": False, "teacher": False, "governor": False, "ict": False}


def test_a_stale_form_gives_back_what_was_typed_but_never_a_password(cast: Cast) -> None:
    client = browser(cast.dsl, strict=True)
    incident = make_incident(school=cast.school, by=cast.teacher)
    target = case_address("note-add", incident)

    answer = client.post(target, {"note-text": CANARY, "password": "hunter2", "code": "123456"})

    assert answer.status_code == 403
    assert value_of(answer, "note-text") == CANARY
    assert "hunter2" not in words(answer)
    assert "123456" not in words(answer)
    assert answer["Cache-Control"] == "no-store"
    assert incident.chronology.count() == 1


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_what_another_site_sent_cannot_be_sent_again_with_one_press(cast: Cast, origin: str) -> None:
    client = browser(cast.dsl, strict=True)
    incident = make_incident(school=cast.school, by=cast.teacher)
    forged = {"note-text": "Planted by another site."}

    answer = client.post(case_address("note-add", incident), forged, headers={"Origin": origin})

    assert answer.status_code == 403
    assert "Planted" not in words(answer)
    assert "Send it again" not in words(answer)


def test_pages_for_mistakes_tell_nothing_of_the_system(cast: Cast) -> None:
    client = browser(cast.teacher)
    incident = make_incident(school=cast.school, by=cast.teacher)

    for target, code in (
        ("/s/oakfield/nowhere/", 404),
        (case_address("incident-detail", incident), 403),
        (address("member-list", cast.school), 403),
    ):
        answer = client.get(target)
        assert answer.status_code == code
        for telling in ("Django", "Traceback", "urlpatterns", "/work", "accounts.", "SELECT", incident.reference):
            assert telling not in words(answer)
    assert body(client.get("/s/oakfield/nowhere/")) == body(client.get("/s/birchwood/"))


def test_roles_taken_together_open_what_each_of_them_opens(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.DSL, user=cast.teacher)
    make_member(school=cast.school, role=Role.SCHOOL_ADMINISTRATOR, user=cast.teacher)
    client = browser(cast.teacher)

    for name in ("incident-list", "member-list", "my-concerns"):
        assert client.get(address(name, cast.school)).status_code == 200
    assert client.get(address("incident-list", cast.next_door)).status_code == 404


def test_my_day_ends_with_ones_own_duties_of_the_school_that_are_late_or_near(cast: Cast) -> None:
    begun = NOW - timedelta(days=40)
    adoptions.adopt(school=cast.school, pack_id="starter", starts_on=begun.date(), at=begun, by=cast.head, note="Yes")
    technician = make_member(school=cast.school, role=Role.ICT_TECHNICIAN)
    check = SchoolDuty.objects.get(school=cast.school, duty_key="filtering-check")
    home = address("school-home", cast.school)

    page = main(browser(technician).get(home))

    assert "Duties of the school" in page
    assert check.text in page
    assert "Overdue by" in page
    assert "Duties of the school" not in main(browser(cast.teacher).get(home))
    assert check.text not in main(browser(cast.head).get(home))
