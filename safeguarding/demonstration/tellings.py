"""Turns a story into one concern: who is in it, who tells it, and when it happened, was noticed and was logged."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.roles import Role
from incidents.operations.incidents import Concern, Involved
from incidents.routes import About
from incidents.statuses import Part, Precision
from safeguarding.demonstration.calendars import SchoolDays, at_local
from safeguarding.demonstration.houses import House
from safeguarding.demonstration.people import Someone
from safeguarding.demonstration.stories import GAMES, PHONE_APPS, Setting, Story

_HANDLES = (
    "mika_2011",
    "shadowkit22",
    "realcoachjay",
    "luv.ella.x",
    "n0va_prime",
    "king_of_skins",
    "emma.h.08",
    "tr4derjoe",
)
_SITES = ("spinfalcon.example", "free-coins-4u.example", "luckyharbour.example", "verify-prize.example")
_MONEY = ("£15", "£24.99", "£40", "£60", "£85", "£120")
_LATE = (
    "Out on a residential from the next morning, no signal. Logged as soon as I was back.",
    "Off sick the day after. I told {s} by telephone so that it was not lost.",
    "I thought the form tutor had already logged it. We found out this morning that each of us had thought so.",
    "The child asked me to wait until Mum knew. I should have logged it anyway.",
    "I only work Mondays and Tuesdays and did not have my sign-in at home.",
    "At first it seemed like nothing. It was after the second remark that I put the two together.",
)


@dataclass(frozen=True)
class Moments:
    """When it happened (if anybody knows, and how exactly), when the reporter became aware, when they logged it."""

    happened_at: datetime | None
    precision: Precision
    aware_at: datetime
    logged_at: datetime


@dataclass(frozen=True)
class Telling:
    """One story with people and moments: what is logged, and the words with which its later texts are filled in."""

    story: Story
    concern: Concern
    reporter: Someone
    logged_at: datetime
    people: dict[str, Someone]
    words: dict[str, object]

    def say(self, text: str) -> str:
        """Fill a text's slots in."""
        return text.format_map(self.words)


class Teller:
    """Tells stories that fit one school, each as long after the last time as can be."""

    def __init__(self, house: House, stories: tuple[Story, ...], rng: random.Random) -> None:
        self.house = house
        self.rng = rng
        self.stories = [story for story in stories if self._fits(story)]
        rng.shuffle(self.stories)
        # A few pupils turn up again and again, as they do in life.
        self.familiar = rng.sample(house.children, max(3, len(house.children) // 60))
        self.featured = house.staff[0]

    def next_story(self, fits: Callable[[Story], bool] = lambda story: True) -> Story:
        """Return the story of those that fit that was not told for longest, more or less."""
        story = next(story for story in self.stories if fits(story))
        self.stories.remove(story)
        self.stories.insert(self.rng.randint(len(self.stories) * 3 // 4, len(self.stories)), story)
        return story

    def tell(
        self,
        story: Story,
        moments: Moments,
        *,
        reporter: Someone | None = None,
        about: About = About.NO_ADULT,
        given: dict[str, Someone] | None = None,
    ) -> Telling:
        """Choose the people and fill in the words."""
        people = self._cast(story, dict(given or {}))
        told_by = reporter or self._reporter(story, moments.logged_at.date(), people)
        others = [one for one in self.house.staff if one is not told_by and one is not people.get("e")]
        words: dict[str, object] = {
            **people,
            "s": self.rng.choice(others),
            "game": self.rng.choice(story.services if set(story.services) & set(GAMES) else GAMES),
            "handle": self.rng.choice(_HANDLES),
            "site": self.rng.choice(_SITES),
            "money": self.rng.choice(_MONEY),
            "count": self.rng.randint(4, 14),
        }
        words["app"] = self.rng.choice(story.services or PHONE_APPS).format_map(words)
        pupil = next((one for slot, one in people.items() if slot in "abcd"), None)
        words["form"] = pupil.person.form if pupil else "the class"
        words["year"] = pupil.person.detail.split(",")[0] if pupil else "the year"
        words["when"] = when_words(moments)
        words["when_start"] = f"{str(words['when'])[0].upper()}{str(words['when'])[1:]}"
        concern = self._concern(story, moments, people, words, about)
        return Telling(story, concern, told_by, moments.logged_at, people, words)

    def _concern(
        self, story: Story, moments: Moments, people: dict[str, Someone], words: dict[str, object], about: About
    ) -> Concern:
        named = [Involved(part=part, person=people[slot].person) for slot, part in story.people.items()]
        if story.stranger:
            named.append(Involved(part=Part.ALLEGED, description=story.stranger.format_map(words)))
        service = ""
        if story.services:
            # The same one that the text speaks of.
            text = story.narrative + story.stranger
            service = str(words["game"] if "{game}" in text and "{app}" not in text else words["app"])
        is_late = moments.logged_at - moments.aware_at > timedelta(hours=24)
        return Concern(
            category=story.category,
            narrative=story.narrative.format_map(words),
            action_taken=story.action.format_map(words),
            place=story.place,
            became_aware_at=moments.aware_at,
            happened_at=moments.happened_at,
            happened_precision=moments.precision,
            place_detail=self.rng.choice(story.where).format_map(words) if story.where else "",
            online_service=service,
            late_reason=self.rng.choice(_LATE).format_map(words) if is_late else "",
            about=about,
            is_danger_reported=story.is_danger,
            people=named,
        )

    def _fits(self, story: Story) -> bool:
        low, high = self.house.plan.years
        if story.setting is Setting.BOARDING and not self.house.plan.boards:
            return False
        return story.years[0] <= high and story.years[1] >= low

    def _cast(self, story: Story, people: dict[str, Someone]) -> dict[str, Someone]:
        """Choose pupils of one year for the slots that nobody fills yet; a first one decides which year."""
        low, high = story.years
        for slot in story.people:
            if slot in people:
                continue
            first = next((one for key, one in people.items() if key in "abcd"), None)
            if first is None:
                pool = [child for child in self.familiar if low <= child.year <= high]
                if not pool or self.rng.random() > 0.3:
                    pool = [child for child in self.house.children if low <= child.year <= high]
            else:
                pool = [child for child in self.house.children if abs(child.year - first.year) <= (slot == "d")]
                pool = [child for child in pool if not story.is_alike or child.is_female == first.is_female]
            taken = {one.person.given_name for one in people.values()}
            free = [one for one in pool if one.person.given_name not in taken]
            people[slot] = self.rng.choice(free or [one for one in self.house.children if one not in people.values()])
        return {slot: people[slot] for slot in (*story.people, *people)}

    def _reporter(self, story: Story, day: date, people: dict[str, Someone]) -> Someone:
        present = [one for one in self.house.staff if one.since <= day and one is not people.get("e")]
        wanted = [one for one in present if one.job in story.reporters]
        if wanted:
            return self.rng.choice(wanted)
        chance = self.rng.random()
        if chance < 0.1 and self.featured in present:
            return self.featured
        if chance < 0.18:
            return self.house.offices[self.rng.choice((Role.SLT, Role.HEAD_OF_KEY_STAGE, Role.ICT_TECHNICIAN))]
        return self.rng.choice([one for one in present if one.job not in ("houseparent", "matron")] or present)


def when_words(moments: Moments) -> str:
    """Say when it happened as somebody would who heard of it at that moment."""
    if moments.happened_at is None:
        return "lately"
    happened, aware = moments.happened_at, moments.aware_at
    days = (aware.date() - happened.date()).days
    if days == 0:
        return "this morning" if happened.hour < 12 else "this afternoon"
    if days == 1:
        return "last night" if moments.precision is Precision.DAY or happened.hour >= 17 else "yesterday"
    return f"on {happened:%A}" if days < 6 else "last week"


def moments_of(setting: Setting, day: date, days: SchoolDays, rng: random.Random, *, is_late: bool = False) -> Moments:
    """Return plausible moments for something noticed on a school day, and logged on it unless it is to be late."""

    def around(first: time, minutes: int, on: date = day) -> datetime:
        return at_local(on, first) + timedelta(minutes=rng.randint(0, minutes))

    later = timedelta(minutes=rng.randint(5, 95))
    if setting is Setting.LESSON:
        happened = around(time(9, 0), 330)
        aware = happened + timedelta(minutes=rng.randint(1, 20))
    elif setting is Setting.BREAK:
        happened = around(time(10, 35), 20) if rng.random() < 0.4 else around(time(12, 15), 50)
        aware = happened + timedelta(minutes=rng.randint(3, 90))
    elif setting is Setting.BOARDING:
        happened = around(time(20, 15), 75)
        aware = happened + timedelta(minutes=rng.randint(2, 25))
        later = timedelta(minutes=rng.randint(10, 30))
    elif setting is Setting.JOURNEY:
        happened = around(time(15, 35), 40, days.last_before(day)) if rng.random() < 0.6 else around(time(7, 55), 25)
        aware = around(time(8, 35), 120)
    else:
        back = 1 if setting is Setting.HOME else rng.randint(1, 4)
        happened = around(time(17, 30), 260, day - timedelta(days=back))
        aware = around(time(8, 15) if setting is Setting.PARENT else time(8, 35), 150 if later.seconds % 2 else 330)
    logged = aware + later
    if is_late:
        logged = days.working(at_local(day + timedelta(days=rng.randint(2, 4)), time(8, 5)), minute=rng.randint(5, 50))
    if setting in (Setting.HOME, Setting.PARENT):
        chance = rng.random()
        if chance < 0.1:
            return Moments(None, Precision.UNKNOWN, aware, logged)
        if chance < 0.7:
            return Moments(at_local(happened.date(), time(0, 0)), Precision.DAY, aware, logged)
    return Moments(happened, Precision.TIME, aware, logged)
