"""Logging a concern when the session ends, the token is stale, or the draft is somebody else's: no word is lost."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.middleware import signed_out_answer
from accounts.models import OutboxMessage, User
from incidents.models import ConcernDraft, Incident
from incidents.operations.drafts import author_token, save_draft
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_person
from tests.incidents.conftest import Clock
from tests.incidents.pages import (
    address,
    browser,
    case_address,
    draft_address,
    main,
    send,
    sign_in_again,
    typed,
    value_of,
    words,
)

LONG_WORDS = "He said: \u202eabc\u202c 👩\u200d👧 “no” & <b>\r\n\r\nThen he left.\t" * 300
AN_HOUR = timedelta(hours=1)


def autosave(client: Client, cast: Cast, draft_id: uuid.UUID, data: dict[str, Any]) -> Any:
    return client.post(address("draft-save", cast.school, draft_id=draft_id), data, headers={"X-Autosave": "1"})


def proof(user: User, draft_id: uuid.UUID) -> dict[str, str]:
    return {"author": author_token(user=user, draft_id=draft_id)}


def test_what_is_typed_is_saved_every_few_seconds_and_found_again(cast: Cast) -> None:
    pupil, draft_id, client = make_person(school=cast.school, name="Mia Marlow"), uuid.uuid4(), browser(cast.teacher)

    for narrative in ("He", LONG_WORDS):
        saved = autosave(client, cast, draft_id, typed(pupil, narrative=narrative, danger="", category=""))
        assert (saved.status_code, saved.content) == (204, b"")

    page = client.get(draft_address(cast.school, draft_id))
    assert value_of(page, "narrative") == LONG_WORDS
    assert "Mia Marlow" in main(page)
    assert "Continue what you wrote" in main(client.get(address("incident-report", cast.school)))
    assert "Continue the concern you saved" in main(client.get(address("school-home", cast.school)))


def test_a_draft_of_somebody_else_is_not_there_and_cannot_be_written_over(cast: Cast) -> None:
    draft_id = uuid.uuid4()
    send(browser(cast.teacher), cast.school, typed(action="save", narrative="Hers."), draft_id)

    for name in ("colleague", "dsl"):
        client = browser(cast[name])
        assert client.get(draft_address(cast.school, draft_id)).status_code == 404
        assert autosave(client, cast, draft_id, typed(narrative="Mine.")).status_code == 404
        assert send(client, cast.school, typed(narrative="Mine."), draft_id).status_code == 404
        assert client.post(address("draft-drop", cast.school, draft_id=draft_id)).status_code == 404
    assert browser(cast.next_door_teacher).get(draft_address(cast.next_door, draft_id)).status_code == 404
    assert ConcernDraft.objects.get().typed()["fields"]["narrative"] == "Hers."
    assert not Incident.objects.exists()


def test_a_form_left_open_by_somebody_else_is_kept_for_them(cast: Cast) -> None:
    """On a shared computer one signs in while another's form is still open in a tab."""
    draft_id = uuid.uuid4()
    send(browser(cast.teacher), cast.school, typed(action="save"), draft_id)
    data = typed(narrative="The rest of hers.", **proof(cast.teacher, draft_id))

    client = browser(cast.colleague)

    for press in (lambda: autosave(client, cast, draft_id, data), lambda: send(client, cast.school, data, draft_id)):
        ConcernDraft.objects.update(saved_at=NOW - AN_HOUR)
        assert press().status_code == 404
        kept = ConcernDraft.objects.get()
        assert (kept.author, kept.saved_at) == (cast.teacher, NOW)
        assert kept.typed()["fields"]["narrative"] == "The rest of hers."
    assert not Incident.objects.exists()


def test_somebody_who_sends_a_form_that_another_sent_gets_no_receipt(cast: Cast) -> None:
    draft_id = uuid.uuid4()
    send(browser(cast.teacher), cast.school, typed(), draft_id)

    refused = send(browser(cast.colleague), cast.school, typed(narrative="Mine."), draft_id)

    assert refused.status_code == 200
    assert value_of(refused, "narrative") == "Mine."
    assert Incident.objects.get().logged_by == cast.teacher
    assert Incident.objects.get().reference not in words(refused)


def test_an_address_of_no_draft_leads_to_an_empty_form(cast: Cast) -> None:
    client = browser(cast.teacher)

    assert client.get(draft_address(cast.school, uuid.uuid4()))["Location"] == address("incident-report", cast.school)


def test_a_draft_can_be_deleted_unless_help_was_called_with_it(cast: Cast) -> None:
    client, plain, alerted = browser(cast.teacher), uuid.uuid4(), uuid.uuid4()
    send(client, cast.school, typed(action="save"), plain)
    send(client, cast.school, typed(action="alarm_team"), alerted)

    client.post(address("draft-drop", cast.school, draft_id=plain))
    refused = client.post(address("draft-drop", cast.school, draft_id=alerted))

    assert "You called for help with this one." in words(refused)
    assert ConcernDraft.objects.get().pk == alerted
    assert client.post(address("draft-drop", cast.school, draft_id=uuid.uuid4())).status_code == 302


@pytest.mark.parametrize(
    ("button", "who", "sees"),
    [("alarm_team", "The safeguarding team see", "dsl"), ("alarm_head", "Somebody who is not involved sees", "head")],
)
def test_one_press_calls_for_help_and_keeps_what_was_typed(cast: Cast, button: str, who: str, sees: str) -> None:
    client, draft_id = browser(cast.teacher), uuid.uuid4()

    pressed = send(client, cast.school, typed(action=button, narrative="Quick.", danger="yes"), draft_id)

    assert pressed["Location"] == f"{draft_address(cast.school, draft_id)}#danger"
    page = client.get(draft_address(cast.school, draft_id))
    assert f"{who} that you need help" in main(page)
    assert value_of(page, "narrative") == "Quick."
    assert "alarm_head" in main(page)
    home = browser(cast[sees]).get(address("school-home", cast.school))
    assert "Tessa Teacher</strong> called for help" in main(home)
    assert "Quick" not in words(home)
    send(client, cast.school, typed(danger="yes"), draft_id)
    assert "called for help" not in main(browser(cast[sees]).get(address("school-home", cast.school)))


def test_a_call_that_nobody_hears_says_so_and_offers_the_buttons_again(cast: Cast) -> None:
    User.objects.exclude(pk=cast.teacher.pk).update(is_active=False)

    page = send(browser(cast.teacher), cast.school, typed(action="alarm_head", narrative="Quick."))

    assert "Nobody could be alerted from here. Phone: 999" in words(page)
    assert "alarm_team" in main(page)
    assert value_of(page, "narrative") == "Quick."
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("how", ["idle", "signed out"])
def test_a_session_that_ended_keeps_every_word_until_its_author_is_back(cast: Cast, clock: Clock, how: str) -> None:
    pupil, draft_id, client = make_person(school=cast.school, name="Mia Marlow"), uuid.uuid4(), browser(cast.teacher)
    client.get(address("incident-report", cast.school))
    if how == "idle":
        clock.forward(AN_HOUR)
    else:
        client.logout()
    data = typed(pupil, narrative=LONG_WORDS, **proof(cast.teacher, draft_id))

    ended = send(client, cast.school, data, draft_id)

    assert ended.status_code == 403
    assert "What you typed is saved. Sign in, and you are back on the form with every word." in words(ended)
    assert "Nobody has been alerted yet" not in words(ended)
    assert f"?next={draft_address(cast.school, draft_id)}" in words(ended)
    assert "Mia" not in words(ended)
    assert not Incident.objects.exists()
    sign_in_again(client, cast.teacher)
    back = client.get(draft_address(cast.school, draft_id))
    assert value_of(back, "narrative") == LONG_WORDS
    assert value_of(back, "action_taken") == data["action_taken"]
    assert "Mia Marlow" in main(back)
    stranger = browser(cast.colleague)
    assert stranger.get(draft_address(cast.school, draft_id)).status_code == 404


def test_a_call_for_help_after_the_session_ended_is_not_taken_for_made(cast: Cast) -> None:
    draft_id = uuid.uuid4()

    ended = send(Client(), cast.school, typed(action="alarm_team", **proof(cast.teacher, draft_id)), draft_id)

    assert "Nobody has been alerted yet." in words(ended)
    assert "999" in main(ended)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("kind", ["none", "forged", "another draft", "another school", "expired"])
def test_a_proof_that_does_not_hold_saves_nothing_and_gives_the_words_back(
    cast: Cast, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = uuid.uuid4()
    good = author_token(user=cast.teacher, draft_id=draft_id)
    token = {
        "none": "",
        "forged": good[:-2] + "AA",
        "another draft": author_token(user=cast.teacher, draft_id=uuid.uuid4()),
        "another school": author_token(user=cast.next_door_teacher, draft_id=draft_id),
        "expired": good,
    }[kind]
    if kind == "expired":
        monkeypatch.setattr("incidents.operations.drafts._TOKEN_SECONDS", -1)

    ended = send(Client(), cast.school, typed(narrative=LONG_WORDS, author=token), draft_id)

    assert ended.status_code == 403
    assert "What you typed is saved." not in words(ended)
    assert value_of(ended, "narrative") == LONG_WORDS
    assert not ConcernDraft.objects.exists()


@pytest.mark.parametrize("is_proved", [True, False])
def test_autosaving_without_a_session_answers_the_script_in_its_own_terms(cast: Cast, is_proved: bool) -> None:
    draft_id = uuid.uuid4()

    answer = autosave(Client(), cast, draft_id, typed(**(proof(cast.teacher, draft_id) if is_proved else {})))

    assert (answer.status_code, answer.json()) == (401, json.loads(signed_out_answer().content))
    assert answer.json()["sign_in_url"] == "/account/sign-in/"
    assert ConcernDraft.objects.count() == (1 if is_proved else 0)


def test_autosaving_does_not_keep_a_session_alive(cast: Cast, clock: Clock) -> None:
    draft_id, client = uuid.uuid4(), browser(cast.teacher)
    client.get(address("incident-report", cast.school))

    answers = []
    for _ in range(4):
        clock.forward(timedelta(minutes=5))
        answers.append(autosave(client, cast, draft_id, typed(**proof(cast.teacher, draft_id))).status_code)

    assert answers == [204, 204, 204, 401]
    assert ConcernDraft.objects.get().saved_at == NOW + timedelta(minutes=20)


def test_a_stale_token_gives_back_what_was_typed_and_it_can_be_sent_from_there(cast: Cast) -> None:
    client, draft_id = browser(cast.teacher, strict=True), uuid.uuid4()
    client.get(address("incident-report", cast.school))

    refused = send(client, cast.school, typed(narrative=LONG_WORDS, csrfmiddlewaretoken="a" * 64), draft_id)

    assert refused.status_code == 403
    assert value_of(refused, "narrative") == LONG_WORDS
    assert value_of(refused, "action") == "send"
    token = value_of(refused, "csrfmiddlewaretoken")
    assert len(token) == 64
    sent = send(client, cast.school, typed(narrative=LONG_WORDS, csrfmiddlewaretoken=token), draft_id)
    assert sent.status_code == 302
    assert Incident.objects.get().narrative == LONG_WORDS


@pytest.mark.parametrize(
    ("page", "box"), [("note-add", "note-text"), ("question-ask", "question-text"), ("level-set", "reason")]
)
@pytest.mark.parametrize("how", ["idle", "signed out", "stale token"])
def test_words_on_a_case_come_back_when_the_session_ended(
    cast: Cast, clock: Clock, page: str, box: str, how: str
) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client = browser(cast.dsl, strict=how == "stale token")
    client.get(case_address("incident-detail", incident))
    if how == "idle":
        clock.forward(AN_HOUR)
    elif how == "signed out":
        client.logout()

    ended = client.post(case_address(page, incident), {box: LONG_WORDS, "level": "1"})

    assert ended.status_code == 403
    assert value_of(ended, box) == LONG_WORDS
    assert f'action="{case_address(page, incident)}"' in words(ended)
    assert incident.chronology.count() == 1


def test_an_answer_comes_back_when_the_session_ended(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    target = case_address("question-answer", incident, question_id=uuid.uuid4())

    ended = Client().post(target, {"x-text": LONG_WORDS, "password": "secret", "csrfmiddlewaretoken": "x"})

    assert value_of(ended, "x-text") == LONG_WORDS
    assert "secret" not in words(ended)


def test_a_draft_of_two_schools_stays_at_its_own(cast: Cast) -> None:
    draft = save_draft(
        school=cast.next_door, author=cast.next_door_teacher, draft_id=uuid.uuid4(), content={"fields": {}}, at=NOW
    )

    assert browser(cast.next_door_teacher).get(draft_address(cast.school, draft.pk)).status_code == 404
    assert browser(cast.teacher).get(draft_address(cast.school, draft.pk)).status_code == 404
