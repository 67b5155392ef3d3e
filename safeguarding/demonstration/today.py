"""This morning at one school: what nobody has opened yet, what waits for an answer, what is half written."""

import random
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from incidents.forms.reporting import ConcernForm, Named, Typed
from incidents.operations import drafts
from incidents.statuses import Level, Precision, Status
from safeguarding.demonstration import replies
from safeguarding.demonstration.calendars import at_local
from safeguarding.demonstration.histories import Act, Case, Script, Timeline
from safeguarding.demonstration.houses import House
from safeguarding.demonstration.people import Someone
from safeguarding.demonstration.stories import Setting, Story
from safeguarding.demonstration.stories_special import DANGER
from safeguarding.demonstration.tellings import Moments, Teller, Telling, moments_of

_FIRST_LESSON_ENDS = time(9, 50)
_MIDNIGHT = time(0, 0)


def write_today(
    house: House, teller: Teller, timeline: Timeline, rng: random.Random, *, begins: datetime, ends: datetime
) -> None:
    """Write the latest school morning, up to its last minutes."""
    yesterday = house.days.last_before(begins.date())
    for number in range(2 if house.plan.incidents > 40 else 1):
        _seen_this_morning(house, teller, timeline, rng, begins + timedelta(minutes=8 + 17 * number))
    _waits_for_an_answer(house, teller, timeline, rng, begins + timedelta(minutes=rng.randint(20, 34)))
    for telling in _fresh(teller, rng, begins, ends):
        timeline.add(telling.logged_at, Case(house, telling, rng).log)
    danger = _danger(house, teller, ends)
    timeline.add(danger.logged_at, Case(house, danger, rng).log)
    colleague = next(one for one in reversed(house.staff) if one is not teller.featured)
    for author, at in ((teller.featured, ends - timedelta(minutes=3)), (colleague, at_local(yesterday, time(16, 35)))):
        timeline.add(at, _draft(house, teller, author, at, rng))
    _watched(house, teller, timeline, rng, yesterday)


def _told_in(*settings: Setting) -> Callable[[Story], bool]:
    return lambda story: story.setting in settings


def _fresh(teller: Teller, rng: random.Random, begins: datetime, ends: datetime) -> list[Telling]:
    """Concerns of this morning that nobody has opened."""
    count = min(6, max(3, teller.house.plan.incidents // 30))
    step = (ends - begins) / (count + 1)
    tellings = []
    for number in range(count):
        logged = begins + step * (number + 1) - timedelta(minutes=rng.randint(0, 6))
        is_early = logged.time() < _FIRST_LESSON_ENDS
        story = teller.next_story(_told_in(Setting.HOME, Setting.PARENT if is_early else Setting.LESSON))
        aware = logged - timedelta(minutes=rng.randint(6, 22))
        if story.setting is Setting.LESSON:
            moments = Moments(aware - timedelta(minutes=rng.randint(2, 9)), Precision.TIME, aware, logged)
        else:
            evening = at_local(logged.date() - timedelta(days=1), _MIDNIGHT)
            moments = Moments(evening, Precision.DAY, aware, logged)
        tellings.append(teller.tell(story, moments))
    return tellings


def _danger(house: House, teller: Teller, ends: datetime) -> Telling:
    """A child in danger, logged a few minutes ago."""
    story = DANGER[0] if house.plan.years[1] > 8 else DANGER[1]
    aware = ends - timedelta(minutes=11)
    moments = Moments(aware - timedelta(minutes=4), Precision.TIME, aware, ends - timedelta(minutes=6))
    return teller.tell(story, moments)


def _seen_this_morning(house: House, teller: Teller, timeline: Timeline, rng: random.Random, seen_at: datetime) -> None:
    """Logged yesterday, acknowledged this morning, owned by nobody yet."""
    story, moments = _from_a_lesson(house, teller, house.days.last_before(seen_at.date()), rng)
    case = Case(house, teller.tell(story, moments), rng)
    by = case.handlers[0]
    timeline.add(moments.logged_at, case.log)
    timeline.add(seen_at, case.read(by))
    timeline.add(seen_at + timedelta(minutes=2), case.move(Status.ACKNOWLEDGED, by))


def _waits_for_an_answer(
    house: House, teller: Teller, timeline: Timeline, rng: random.Random, asked_at: datetime
) -> None:
    """Logged the day before yesterday, taken up, and asked about this morning; the reporter has not answered yet."""
    day = house.days.last_before(house.days.last_before(asked_at.date()))
    story, moments = _from_a_lesson(house, teller, day, rng)
    case = Case(house, teller.tell(story, moments, reporter=teller.featured), rng)
    script = Script(case, timeline)
    script.begin()
    script.take_up()
    timeline.add(asked_at, case.ask(rng.choice(replies.OPEN_QUESTIONS), case.owner))


def _watched(house: House, teller: Teller, timeline: Timeline, rng: random.Random, yesterday: date) -> None:
    """Taken up a week ago, quiet since, and from yesterday on only watched."""
    day = yesterday
    for _ in range(6):
        day = house.days.last_before(day)
    story, moments = _from_a_lesson(house, teller, day, rng)
    case = Case(house, teller.tell(story, moments), rng)
    script = Script(case, timeline)
    script.begin()
    script.take_up()
    at = max(at_local(yesterday, time(15, 5)), script.at + timedelta(hours=1))
    timeline.add(at, case.watch(case.owner, replies.WATCHED))


def _from_a_lesson(house: House, teller: Teller, day: date, rng: random.Random) -> tuple[Story, Moments]:
    def fits(story: Story) -> bool:
        return story.setting is Setting.LESSON and story.level is not Level.LOW and "a" in story.people

    story = teller.next_story(fits)
    return story, moments_of(story.setting, day, house.days, rng)


def _draft(house: House, teller: Teller, author: Someone, at: datetime, rng: random.Random) -> Act:
    """Half a concern, as the page saved it while its author was called away."""
    story = teller.next_story(_told_in(Setting.HOME))
    aware = at - timedelta(minutes=9)
    yesterday = at_local(at.date() - timedelta(days=1), _MIDNIGHT)
    telling = teller.tell(story, Moments(yesterday, Precision.DAY, aware, at), reporter=author)
    words = telling.concern.narrative
    fields = dict.fromkeys((*ConcernForm.base_fields, "late_was_asked"), "")
    fields |= {
        "danger": "no",
        "adult": "no",
        "narrative": words[: len(words) * 3 // 5].rsplit(" ", 1)[0],
        "aware_date": f"{aware:%Y-%m-%d}",
        "aware_time": f"{aware:%H:%M}",
    }
    pupil = telling.people.get("a") or next(iter(telling.people.values()))
    content = Typed(fields=fields, people=[Named(str(pupil.person.pk))]).content()
    draft_id = uuid.UUID(int=rng.getrandbits(128), version=4)
    return lambda moment: drafts.save_draft(
        school=house.school, author=author.account, draft_id=draft_id, content=content, at=moment
    )
