"""The last three terms of one school: which concerns there were, on which days, and how each went on."""

import random
from datetime import date, timedelta

from accounts.roles import Role
from incidents.routes import About
from incidents.statuses import Part
from safeguarding.demonstration.histories import Case, Script, Timeline
from safeguarding.demonstration.houses import House
from safeguarding.demonstration.people import Someone
from safeguarding.demonstration.stories import Setting, Story
from safeguarding.demonstration.stories_special import ADULTS, DANGER, HEAD
from safeguarding.demonstration.tellings import Teller, Telling, moments_of

_LATE_ONE_IN = 18
_SLOW_FOR = timedelta(days=60)
# School days before today on which the case about the headteacher was logged.
_HEAD_LOGGED = 11


def write_past(house: House, teller: Teller, timeline: Timeline, rng: random.Random, *, today: date) -> None:
    """Write every concern from the first of the terms to the day before today, in the order of days."""
    days = house.days.before(today)
    for number, day in enumerate(_busy_days(days, house.plan.incidents, rng)):
        story = teller.next_story()
        moments = moments_of(story.setting, day, house.days, rng, is_late=number % _LATE_ONE_IN == 4)
        _write(house, teller.tell(story, moments), timeline, rng, today)
    for day in (days[len(days) // 2], days[-6]):
        _write(house, _about_the_deputys_child(house, teller, day, rng), timeline, rng, today)
    low, high = house.plan.years
    for story in DANGER[:1] if high > 8 else DANGER[1:]:
        moments = moments_of(Setting.LESSON, days[int(len(days) * 0.4)], house.days, rng)
        _write(house, teller.tell(story, moments), timeline, rng, today)
    adults = [story for story in ADULTS if story.years[0] <= high and story.years[1] >= low]
    rng.shuffle(adults)
    for number in range(house.plan.adult_cases):
        is_last = number == house.plan.adult_cases - 1
        day = days[-2] if is_last else days[(number + 1) * len(days) // (house.plan.adult_cases + 1)]
        telling = _about_a_colleague(house, teller, adults[number % len(adults)], day, rng)
        _write(house, telling, timeline, rng, today)
    if house.plan.head_is_concerned:
        moments = moments_of(HEAD.setting, days[-_HEAD_LOGGED], house.days, rng)
        head = house.offices[Role.HEADTEACHER]
        telling = teller.tell(HEAD, moments, about=About.HEADTEACHER, given={"e": head})
        _write(house, telling, timeline, rng, today)


def _write(house: House, telling: Telling, timeline: Timeline, rng: random.Random, today: date) -> None:
    is_recent = telling.logged_at.date() > today - _SLOW_FOR
    is_slow = is_recent and rng.random() < 0.45
    Script(Case(house, telling, rng), timeline, is_slow=is_slow, is_watched=is_recent).whole()


def _busy_days(days: list[date], count: int, rng: random.Random) -> list[date]:
    """Choose days, the same one several times if it comes to that: more Mondays, and more of late."""
    weights = [(1.5 if day.weekday() == 0 else 1.0) * (0.7 + 0.6 * place / len(days)) for place, day in enumerate(days)]
    return sorted(rng.choices(days[1:], weights=weights[1:], k=count))


def _about_the_deputys_child(house: House, teller: Teller, day: date, rng: random.Random) -> Telling:
    child = house.deputys_child

    def fits(story: Story) -> bool:
        is_alleged = story.people.get("b") is Part.ALLEGED and story.setting is not Setting.BOARDING
        return is_alleged and "a" in story.people and story.years[0] <= child.year <= story.years[1]

    story = teller.next_story(fits)
    return teller.tell(story, moments_of(story.setting, day, house.days, rng), given={"b": child})


def _about_a_colleague(house: House, teller: Teller, story: Story, day: date, rng: random.Random) -> Telling:
    colleagues: list[Someone] = [
        one for one in house.staff if one is not teller.featured and one.since <= day and one.job != "office"
    ]
    moments = moments_of(story.setting, day, house.days, rng)
    return teller.tell(story, moments, about=About.ADULT, given={"e": rng.choice(colleagues)})
