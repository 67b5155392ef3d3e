"""The stories and the calendar of the demonstration, without a database."""

import string
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import holidays
import pytest

from accounts.models import Person
from incidents.statuses import Part
from policies.engine.taxonomy import Category
from safeguarding.demonstration.calendars import LONDON, SchoolDays, at_local, terms_around
from safeguarding.demonstration.names import UNUSUAL_PARENTS, UNUSUAL_PUPILS
from safeguarding.demonstration.people import Someone
from safeguarding.demonstration.schools import PLANS, SIZES
from safeguarding.demonstration.stories import Story
from safeguarding.demonstration.stories_commerce import STORIES as COMMERCE
from safeguarding.demonstration.stories_conduct import STORIES as CONDUCT
from safeguarding.demonstration.stories_contact import STORIES as CONTACT
from safeguarding.demonstration.stories_content import STORIES as CONTENT
from safeguarding.demonstration.stories_special import ADULTS, DANGER, HEAD
from safeguarding.demonstration.stories_uneven import STORIES as UNEVEN

STORIES = (*CONTENT, *CONTACT, *CONDUCT, *COMMERCE, *UNEVEN)
EVERY_STORY = (*STORIES, *ADULTS, *DANGER, HEAD)
WORDS = {"app", "game", "handle", "site", "money", "count", "form", "year", "when", "when_start", "s"}


def texts_of(story: Story) -> list[str]:
    """Return everything a story says."""
    texts = [story.narrative, story.action, story.closing, story.stranger, story.question, story.answer]
    return [text for text in (*texts, *story.notes, *story.where, *story.services) if text]


@pytest.mark.parametrize("story", EVERY_STORY, ids=lambda story: story.narrative[:40])
def test_a_story_names_only_people_who_are_in_it(story: Story) -> None:
    pronouns = Someone(person=Person(given_name="A", family_name="B"), is_female=True)
    for text in texts_of(story):
        for _, slot, _, _ in string.Formatter().parse(text):
            name, _, attribute = (slot or "s").partition(".")
            assert name in story.people or name in WORDS, slot
            assert not attribute or isinstance(getattr(pronouns, attribute), str)


def test_there_are_many_stories_of_each_kind_and_no_two_are_the_same() -> None:
    assert len({story.narrative for story in EVERY_STORY}) == len(EVERY_STORY) >= 60
    assert {story.category for story in STORIES} == set(Category)
    assert min(Counter(story.category for story in STORIES).values()) >= 12
    lengths = [len(story.narrative) for story in STORIES]
    assert min(lengths) < 80
    assert max(lengths) > 900


def test_only_stories_about_adults_have_an_adult_in_them() -> None:
    assert all("e" not in story.people for story in (*STORIES, *DANGER))
    assert all(story.people.get("e") is Part.ALLEGED for story in (*ADULTS, HEAD))


def test_addresses_and_numbers_belong_to_nobody() -> None:
    for plan in PLANS:
        name, phone, email = plan.contact
        assert plan.domain.endswith(".example")
        assert email.endswith(".example")
        assert plan.phone.startswith("01632 960")
        assert phone.startswith("01632 960")
        assert name
    assert all(text.count("://") == 0 for story in EVERY_STORY for text in texts_of(story))


def test_schools_differ_in_kind_in_size_and_in_what_they_call_their_roles() -> None:
    assert [plan.phase for plan in PLANS] == ["primary", "prep", "secondary", "grammar", "academy"]
    assert min(plan.pupils for plan in PLANS) == 60
    assert max(plan.pupils for plan in PLANS) == 900
    assert len({plan.slug for plan in PLANS}) == len({plan.reference_prefix for plan in PLANS}) == 5
    assert len({plan.role_titles.get("headteacher") for plan in PLANS}) >= 3
    assert all(len(plans) >= 2 for plans in SIZES.values())


def test_some_names_are_hard_on_a_page() -> None:
    names = [f"{given} {family}" for given, family, _ in (*UNUSUAL_PUPILS, *UNUSUAL_PARENTS)]
    assert max(map(len, names)) == 60
    assert any("\u0600" <= letter <= "\u06ff" for name in names for letter in name)
    assert any("ł" in name for name in names)


def london(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """Return a moment on London's clocks."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


DAYS = [date(2025, 1, 1) + timedelta(days=number) for number in range(0, 1500, 29)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_there_are_three_terms_the_current_one_and_the_next(day: date) -> None:
    terms = terms_around(day)

    assert len(terms) == 5
    assert all(one.ends_on < two.starts_on for one, two in pairwise(terms))
    assert terms[3].starts_on <= day < terms[4].starts_on
    for term in terms:
        assert all(term.starts_on <= closed <= term.ends_on and closed.weekday() < 5 for closed, _ in term.closed)
        assert len({closed for closed, _ in term.closed}) == len(term.closed) == 6


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("clock", [time(0, 5), time(8, 29), time(8, 30), time(13, 0), time(23, 59)], ids=str)
def test_the_latest_working_hours_lie_on_a_school_day_and_never_ahead(day: date, clock: time) -> None:
    terms = terms_around(day)
    moment = at_local(day, clock)

    begins, ends = SchoolDays(terms).latest_hours(moment)

    closed = {shut for term in terms for shut, _ in term.closed}
    assert begins < ends <= moment
    assert begins.date() == ends.date()
    assert begins.weekday() < 5
    assert begins.date() not in closed
    assert begins.date() not in holidays.country_holidays("GB", subdiv="ENG", years=begins.year)
    assert ends - begins >= timedelta(minutes=40)


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        (london(2026, 11, 17, 9, 0), london(2026, 11, 17, 9, 0)),
        (london(2026, 11, 17, 6, 0), london(2026, 11, 17, 8, 0)),
        (london(2026, 11, 17, 22, 0), london(2026, 11, 18, 8, 0)),
        (london(2026, 11, 20, 17, 30), london(2026, 11, 23, 8, 0)),
        (london(2026, 10, 23, 18, 0), london(2026, 11, 2, 8, 0)),
        (london(2026, 7, 25, 9, 0), london(2026, 9, 3, 8, 0)),
    ],
)
def test_work_waits_for_the_next_working_day(moment: datetime, working: datetime) -> None:
    days = SchoolDays(terms_around(date(2026, 11, 17)))

    assert days.working(moment, minute=10) == working
