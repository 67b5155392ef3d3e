"""The forms of referrals: what counts as when, what follows, and what is left aside."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import User
from incidents.forms.agencies import AgencyForm
from incidents.forms.referrals import AGAIN, OVER, AnswerForm, ReferralForm, usual_method
from incidents.statuses import Method
from policies.engine.vocabulary import Agency
from tests.factories import NOW

ME, OTHER = User(pk=uuid.uuid4(), full_name="Dora Safe"), User(pk=uuid.uuid4(), full_name="Dennis Deputy")


def form(**changes: Any) -> ReferralForm:
    sent = {
        "referral_id": str(uuid.uuid4()),
        "agency": "lado",
        "kind": "consult",
        "method": "phone",
        "made_date": "2026-11-17",
        "made_time": "08:00",
        "made_by": str(OTHER.pk),
        "said": "It was said.",
        "expects": AGAIN,
        "chase_date": "2026-11-18",
        **changes,
    }
    return ReferralForm(sent, makers=[ME, OTHER], at=NOW, me=ME)


def test_what_was_sent_becomes_what_the_operation_takes() -> None:
    filled = form()

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["made_by"] == OTHER
    assert filled.cleaned_data["made_at"] == datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
    assert filled.cleaned_data["chase_date"] == date(2026, 11, 18)


@pytest.mark.parametrize("day", ["", "2026-11-18", "2020-01-01", "no day at all"])
def test_a_day_that_does_not_count_is_no_mistake(day: str) -> None:
    filled = form(expects=OVER, chase_date=day)

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["chase_date"] is None


@pytest.mark.parametrize("day", ["", "2026-11-16", "2099-01-01", "no day at all"])
def test_a_day_that_counts_has_to_be_one(day: str) -> None:
    assert list(form(chase_date=day).errors) == ["chase_date"]


def test_i_am_the_one_who_told_them_unless_i_say_otherwise() -> None:
    empty = ReferralForm(makers=[ME, OTHER], at=NOW, me=ME)

    assert empty.fields["made_by"].initial == str(ME.pk)
    assert usual_method(Agency.POLICE) == Method.CALL_101
    assert usual_method(Agency.LADO) == ""


def test_after_the_end_nothing_follows() -> None:
    said = {"answer-given_date": "2026-11-17", "answer-given_time": "08:00", "answer-text": "A letter."}

    assert AnswerForm(said, at=NOW, is_closed=True).is_valid()
    assert list(AnswerForm(said, at=NOW).errors) == ["expects"]


@pytest.mark.parametrize(
    ("website", "kept"),
    [
        ("council.example/refer", "https://council.example/refer"),
        ("http://council.example", "http://council.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://council.example", None),
    ],
)
def test_only_an_address_that_a_browser_may_follow_is_kept(website: str, kept: str | None) -> None:
    filled = AgencyForm({"website": website})

    assert filled.is_valid() is (kept is not None)
    assert filled.cleaned_data.get("website") == kept
