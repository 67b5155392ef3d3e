"""What a school did of its own recurring duties: most in good time, one not needed once, and one forgotten of late."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from accounts.models import User
from accounts.roles import Role
from policies.models import SchoolDuty
from policies.operations import duties
from policies.rounds import Interval, parse_every
from policies.statuses import State
from safeguarding.demonstration.calendars import LONDON, at_local
from safeguarding.demonstration.histories import Timeline
from safeguarding.demonstration.houses import House

# People sit down to these once a week, after lessons.
_DESK_HOUR = time(15, 50)
_EVERY_DAYS = 5
# How many days before the end something is done at the earliest and at the latest; never so late that a week is missed.
_LEAD = {Interval.YEAR: (12, 80), Interval.TERM: (12, 30), Interval.MONTH: (9, 12), Interval.WEEK: (1, 3)}
# Since when what was forgotten should have been done.
_FORGOTTEN_FOR = timedelta(days=9)
_FIRST_YEAR = timedelta(days=365)
_NOTES = (
    "{what}. Filed under Safeguarding.",
    "{what}, gone through with the headteacher. Filed under Safeguarding.",
    "{what}; two points were followed up the week after. Filed under Safeguarding.",
    "{what}. Shared with the governors before their meeting.",
)
_NOT_NEEDED = "We did this with the whole trust a few weeks ago; its note is in our folder. The next one is ours again."


def write_duties(house: House, timeline: Timeline, rng: random.Random, *, today: date) -> None:
    """Write when somebody sat down to the duties of the school, from its first day to yesterday."""
    keys = sorted(SchoolDuty.objects.for_school(house.school).filter(every="1 year").values_list("duty_key", flat=True))
    forgotten, waived = rng.sample(keys, 2)
    diary = _Diary(house, rng, forgotten=forgotten, waived=waived)
    for day in house.days.before(today)[::_EVERY_DAYS]:
        timeline.add(at_local(day, _DESK_HOUR), diary.sit_down)
    timeline.add(at_local(today - _FIRST_YEAR - _FORGOTTEN_FOR, _DESK_HOUR), diary.do_what_is_then_forgotten)


@dataclass
class _Diary:
    """One school's habit with its duties."""

    house: House
    rng: random.Random
    forgotten: str
    waived: str
    leads: dict[str, int] = field(default_factory=dict)

    def sit_down(self, at: datetime) -> None:
        """Settle what is near enough."""
        rounds = SchoolDuty.objects.for_school(self.house.school).filter(state=State.OPEN)
        for row in rounds.exclude(duty_key=self.forgotten).order_by("due_at", "duty_key"):
            if row.due_at is not None and row.due_at - at < timedelta(days=self._lead(row)):
                self._settle(row, at)

    def do_what_is_then_forgotten(self, at: datetime) -> None:
        """Do it this once."""
        self._settle(SchoolDuty.objects.for_school(self.house.school).get(duty_key=self.forgotten), at)

    def _lead(self, row: SchoolDuty) -> int:
        return self.leads.setdefault(row.duty_key, self.rng.randint(*_LEAD[parse_every(row.every)[1]]))

    def _settle(self, row: SchoolDuty, at: datetime) -> None:
        by = self._owner(row)
        if row.duty_key == self.waived:
            self.waived = ""
            duties.waive(duty=row, by=by, at=at, reason=_NOT_NEEDED)
            return
        what = row.evidence or "note of what was done"
        note = self.rng.choice(_NOTES).format(what=what[0].upper() + what[1:])
        day = at.astimezone(LONDON).date()
        # Now and then it is written down two days later.
        done_on = day - timedelta(days=2) if self.rng.random() < 0.3 else day
        duties.discharge(duty=row, by=by, at=at, evidence=note, done_on=max(done_on, row.round_on))

    def _owner(self, row: SchoolDuty) -> User:
        held = {role.value: someone for role, someone in self.house.offices.items()}
        return held.get(row.owner_role, self.house.offices[Role.CHAIR_OF_GOVERNORS]).account
