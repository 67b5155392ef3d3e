"""Asked again who it is: before what few may see, what leaves the building and who may do what. Nothing is lost."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from incidents.models import ChronologyEntry, Incident
from incidents.routes import About
from tests.accounts.test_second_factor import code_of, enrol
from tests.architecture.addresses import addresses
from tests.conftest import Cast
from tests.factories import alleged, make_incident, person_of
from tests.incidents.pages import browser, value_of, words

PASSWORD = "a long enough password"
STILL_YOU = reverse("account_reauthenticate")
ADD, LOG = "/s/oakfield/settings/members/add/", "/s/oakfield/incidents/log/"
TYPED = {"given_name": "Żółta <b>", "family_name": "Nowak", "email": "new@school.example", "role": "staff"}
LIMIT = settings.PROOF_LIMIT


def age(client: Client, by: timedelta) -> Client:
    """Let time pass since the last proof of a session."""
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**one, "at": one["at"] - by.total_seconds()} for one in records]
    session.save()
    return client


def stale(cast: Cast, who: str) -> Client:
    """Return a browser in which somebody signed in an hour ago."""
    return age(browser(cast[who]), timedelta(hours=1))


def about_an_adult(cast: Cast) -> Incident:
    """A case about a member of staff, which the headteacher handles."""
    return make_incident(
        school=cast.school,
        by=cast.teacher,
        people=[alleged(person_of(cast.colleague, cast.school))],
        about=About.ADULT,
    )


# When


@pytest.mark.parametrize(
    ("ago", "asked"),
    [
        (timedelta(), False),
        (LIMIT - timedelta(seconds=30), False),
        (LIMIT + timedelta(seconds=5), True),
        (timedelta(hours=5), True),
        (timedelta(minutes=-30), True),
    ],
    ids=["now", "just within", "just over", "long over", "from a clock that was put back"],
)
def test_a_proof_holds_for_a_quarter_of_an_hour(cast: Cast, ago: timedelta, asked: bool) -> None:
    client = age(browser(cast.administrator), ago)

    assert client.get(ADD).status_code == (302 if asked else 200)


def test_a_session_without_any_proof_is_asked(cast: Cast) -> None:
    client = browser(cast.administrator)
    session = client.session
    del session["account_authentication_methods"]
    session.save()

    assert client.get(ADD).headers["Location"] == f"{STILL_YOU}?next=%2Fs%2Foakfield%2Fsettings%2Fmembers%2Fadd%2F"


def test_what_somebody_else_proved_in_the_same_browser_is_no_proof(cast: Cast) -> None:
    client = browser(cast.administrator)
    session = client.session
    session["account_authentication_methods_user"] = str(cast.teacher.pk)
    session.save()

    assert client.get(ADD).status_code == 302


# Where


@pytest.mark.parametrize(
    ("who", "path"), [("administrator", ADD), ("dsl", LOG), ("head", LOG.replace("log", "new"))], ids=str
)
def test_looking_at_a_page_asks_and_comes_back(cast: Cast, who: str, path: str) -> None:
    client = stale(cast, who)
    is_asked = path in (ADD, LOG)
    assert client.get(path).status_code == (302 if is_asked else 200), "logging a concern never asks"

    answer = client.post(STILL_YOU, {"password": PASSWORD, "next": path})

    assert answer.headers["Location"] == path
    assert client.get(path).status_code == 200


def test_printing_a_case_asks_and_reading_one_of_the_team_does_not(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    client = stale(cast, "dsl")

    assert client.get(f"/s/oakfield/incidents/{case.reference}/").status_code == 200
    asked = client.get(f"/s/oakfield/incidents/{case.reference}/chronology/print/")

    assert asked.headers["Location"].startswith(STILL_YOU)


def test_every_page_of_a_case_few_may_know_of_asks_whoever_may_open_it(cast: Cast) -> None:
    case = about_an_adult(cast)
    client, closed = stale(cast, "head"), stale(cast, "dsl")
    paths = [
        reverse(str(one.name), kwargs={"school": "oakfield", "reference": case.reference})
        for one in addresses()
        if set(one.converters) == {"school", "reference"} and "/mine/" not in one.route
    ]
    assert len(paths) > 20

    opened = [path for path in paths if client.get(path).status_code == 200]
    told = [path for path in paths if closed.get(path).status_code in (302, 200)]

    assert opened == []
    assert told == [f"/s/oakfield/incidents/{case.reference}/chronology/print/"], "that asks before it looks"
    assert ChronologyEntry.objects.filter(incident=case, by=cast.head).count() == 0


def test_to_whom_it_is_closed_a_case_is_not_there_whether_or_not_they_prove_themselves(cast: Cast) -> None:
    case = about_an_adult(cast)
    path = f"/s/oakfield/incidents/{case.reference}/"

    answers = [client.get(path) for client in (stale(cast, "dsl"), browser(cast.dsl))]
    nowhere = stale(cast, "dsl").get("/s/oakfield/incidents/OAK-9999/")

    assert [answer.status_code for answer in (*answers, nowhere)] == [404, 404, 404]


def test_after_the_proof_the_case_opens(cast: Cast) -> None:
    path = f"/s/oakfield/incidents/{about_an_adult(cast).reference}/"
    client = stale(cast, "head")

    client.post(STILL_YOU, {"password": PASSWORD})

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/s/oakfield/", "/s/oakfield/incidents/new/", "/s/oakfield/incidents/mine/"])
@pytest.mark.parametrize("who", ["teacher", "head", "dsl"])
def test_logging_a_concern_never_asks(cast: Cast, who: str, path: str) -> None:
    assert stale(cast, who).get(path).status_code == 200


# What was typed


def test_what_was_typed_is_kept_and_goes_on_from_the_page_that_asks(cast: Cast) -> None:
    client = stale(cast, "administrator")
    today = {**TYPED, "starts_on": _today(), "person": "not_listed"}

    asked = client.post(ADD, today)
    kept = {name: value_of(asked, name) for name in today}
    wrong = client.post(ADD, {**kept, "proof": "wrong"})
    right = client.post(ADD, {**kept, "proof": PASSWORD})

    assert asked.status_code == wrong.status_code == 403
    assert kept == today
    assert "That is not your password. Try again." in words(wrong)
    assert {name: value_of(wrong, name) for name in today} == today
    assert right.status_code == 302
    assert Membership.objects.filter(user__email="new@school.example").count() == 1


def test_words_about_an_adult_are_kept_and_not_in_the_session(cast: Cast) -> None:
    case = about_an_adult(cast)
    client = stale(cast, "head")
    path = f"/s/oakfield/incidents/{case.reference}/notes/"

    asked = client.post(path, {"note-text": "CNRY  two blanks\nand a line"})

    assert asked.status_code == 403
    assert value_of(asked, "note-text").replace("\r\n", "\n") == "CNRY  two blanks\nand a line"
    assert "CNRY" not in str(dict(client.session.items()))
    assert not ChronologyEntry.objects.filter(incident=case, by=cast.head).exists()
    client.post(path, {"note-text": "CNRY  two blanks\nand a line", "proof": PASSWORD})
    assert ChronologyEntry.objects.filter(incident=case, by=cast.head).exists()


def test_a_code_or_the_proof_in_another_tab_do_as_well(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = enrol(cast.administrator)
    by_code, elsewhere = stale(cast, "administrator"), stale(cast, "administrator")

    assert by_code.post(ADD, {**TYPED, "proof": "000000"}).status_code == 403
    assert by_code.post(ADD, {**TYPED, "proof": code_of(secret)}).status_code == 200, "the form, with what is missing"
    elsewhere.post(STILL_YOU, {"password": PASSWORD})
    assert elsewhere.post(ADD, {**TYPED, "proof": ""}).status_code == 200


def test_the_proof_comes_back_on_no_page(cast: Cast) -> None:
    client = stale(cast, "administrator")

    for proof in ("CNRY-secret", PASSWORD):
        assert proof not in client.post(ADD, {**TYPED, "proof": proof}).content.decode()


@pytest.mark.parametrize("header", ["X-Autosave", "HX-Request"])
def test_a_script_is_told_in_a_sentence(cast: Cast, header: str) -> None:
    answer = stale(cast, "administrator").get(ADD, headers={header: "1"})

    assert (answer.status_code, answer.json()["sign_in_url"]) == (401, STILL_YOU)


def test_nobody_guesses_their_way_through(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    compared: list[str] = []
    real = type(cast.administrator).check_password

    def spy(self: Any, password: str) -> bool:
        compared.append(password)
        return real(self, password)

    monkeypatch.setattr(type(cast.administrator), "check_password", spy)
    client = stale(cast, "administrator")
    for number in range(30):
        client.post(ADD, {**TYPED, "proof": f"guess {number}"})
        client.post(STILL_YOU, {"password": f"guess {number}"})

    assert len(compared) <= 10
    assert client.post(ADD, {**TYPED, "proof": PASSWORD}).status_code == 403


def _today() -> str:
    return time.strftime("%Y-%m-%d")
