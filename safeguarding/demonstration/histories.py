"""Plays what happened in its order: every concern and all that was done about it, through the operations."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts import outbox
from accounts.models import User
from accounts.roles import Role
from incidents.facts import flags_of, least_level
from incidents.models import ChronologyEntry, Incident, Obligation
from incidents.operations import closing, incidents, notes, obligations, ownership, questions, triage, workflow
from incidents.queries.closing import asks_second_person, still_open
from incidents.queries.obligations import has_to_wait
from incidents.queries.people import involved_people
from incidents.statuses import Decision, Level, Outcome, Part, Status
from policies.engine.vocabulary import Deed, Kind, Strength
from policies.statuses import State
from safeguarding.demonstration import allegations, replies
from safeguarding.demonstration.houses import House
from safeguarding.demonstration.people import Someone
from safeguarding.demonstration.tellings import Telling
from safeguarding.demonstration.watching import Watch

Act = Callable[[datetime], object]
# Of what a policy asks for, how much is forgotten; the rest is done soon after somebody has read the concern.
_FORGOTTEN = 0.02
# Not ticked off but shown: three questions are answered first.
_ANSWERED_FIRST = (Deed.CONFIRM_DELETION_ALLOWED, Deed.DELETE_COPIES)
_SOON = timedelta(minutes=1)
# How many quiet cases are only watched before they are closed, and until when.
_WATCHED, _WATCHED_FOR = 0.2, timedelta(days=21)


@dataclass
class Timeline:
    """Acts with their moments, to be played in order. What lies after the present has not happened."""

    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def add(self, at: datetime, act: Act) -> None:
        """Note an act for a moment; acts of the same moment keep the order in which they were added."""
        self.acts.append((at, len(self.acts), act))

    def play(self, *, until: datetime, watch: Watch) -> None:
        """Carry out every act up to a moment, each when what was due before it was acted upon; the messages they owe
        count as sent when they were queued.
        """
        for at, _, act in sorted(self.acts, key=lambda noted: noted[:2]):
            if at > until:
                break
            watch.go_on(at)
            act(at)
        outbox.settle_before(until)


class Case:
    """One telling on its way through the school: each method is one act of somebody, at a moment."""

    def __init__(self, house: House, telling: Telling, rng: random.Random) -> None:
        self.house = house
        self.telling = telling
        self.rng = rng
        self.handlers = handlers_of(house, telling)
        self.owner = self.handlers[0]
        self.draft_id = uuid.UUID(int=rng.getrandbits(128), version=4)
        self.incident: Incident | None = None
        self.question: ChronologyEntry | None = None

    @property
    def logged(self) -> Incident:
        """The incident, once it was logged."""
        if self.incident is None:
            raise LookupError("This concern was not logged yet.")
        return self.incident

    def log(self, at: datetime) -> None:
        self.incident = incidents.report_concern(
            school=self.house.school,
            by=self.telling.reporter.account,
            at=at,
            draft_id=self.draft_id,
            concern=self.telling.concern,
        )

    def read(self, by: User) -> Act:
        return lambda at: incidents.open_case(incident=self.logged, by=by, at=at)

    def read_own(self, at: datetime) -> None:
        incidents.open_own_concern(incident=self.logged, by=self.telling.reporter.account, at=at)

    def move(self, to: Status, by: User, text: str = "") -> Act:
        reason = self.telling.say(text)
        return lambda at: workflow.advance(incident=self.logged, to=to, by=by, at=at, reason=reason)

    def end(self, by: User, text: str, outcome: Outcome | None) -> Act:
        """Close it: what was left is done or not needed any more, and where two have to agree, another one does."""
        reason = self.telling.say(text)

        def act(at: datetime) -> None:
            case = Incident.objects.get(pk=self.logged.pk)
            ending = self._as_duplicate(case, reason, by, at) if outcome is Outcome.DUPLICATE else outcome
            if case.is_about_adult and ending is not Outcome.DUPLICATE:
                allegations.conclude(incident=case, ending=reason, by=by, at=at)
            self._settle_rest(case, by, at)
            others = [user for user in self.handlers if user != by]
            if asks_second_person(Incident.objects.get(pk=case.pk)) and others:
                closing.ask(incident=case, outcome=ending, reason=reason, by=by, at=at)
                closing.agree(incident=case, by=others[0], at=at)
            else:
                workflow.advance(incident=case, to=Status.CLOSED, by=by, at=at, reason=reason, outcome=ending)

        return act

    def watch(self, by: User, text: str) -> Act:
        reason = self.telling.say(text)

        def act(at: datetime) -> None:
            move = {"to": Status.MONITORING, "reason": reason, "by": by, "at": at, "review_at": at + _WATCHED_FOR}
            workflow.advance(incident=self.logged, **move)  # type: ignore[arg-type]

        return act

    def decide(self, decision: Decision, reason: str, by: User) -> Act:
        return lambda at: triage.decide(incident=self.logged, decision=decision, reason=reason, by=by, at=at)

    def _settle_rest(self, case: Incident, by: User, at: datetime) -> None:
        for row in still_open(case):
            if has_to_wait(row) or row.target in _ANSWERED_FIRST:
                obligations.waive(obligation=row, by=by, at=at, reason="It was not needed any more.")
            else:
                obligations.discharge(obligation=row, by=by, at=at, evidence=_evidence(row))

    def _as_duplicate(self, case: Incident, reason: str, by: User, at: datetime) -> Outcome:
        """Decide that it repeats the latest one before it; where there is none, that nothing more is done."""
        alike = Incident.objects.filter(school=case.school_id, handled_by=case.handled_by)
        before = alike.filter(logged_at__lt=case.logged_at)
        original = before.exclude(duplicate_of=case.reference).order_by("-logged_at").first()
        if original is None:
            return Outcome.NO_FURTHER_ACTION
        decision = Decision.DUPLICATE
        triage.decide(incident=case, decision=decision, reason=reason, duplicate_of=original, by=by, at=at)
        return Outcome.DUPLICATE

    def level(self, level: Level, reason: str, by: User) -> Act:
        def act(at: datetime) -> None:
            case = Incident.objects.get(pk=self.logged.pk)
            # What is known of a pupil may have raised it already, and keeps it from being low.
            wanted = min(level, least_level(flags_of(involved_people(case))))
            if case.level != wanted:
                ownership.set_level(incident=case, level=Level(wanted), reason=reason, by=by, at=at)

        return act

    def assign(self, owner: User, by: User) -> Act:
        return lambda at: ownership.assign(incident=self.logged, owner=owner, by=by, at=at)

    def note(self, text: str, by: User) -> Act:
        words = self.telling.say(text)
        return lambda at: notes.add_note(incident=self.logged, text=words, by=by, at=at)

    def keep(self, by: User) -> Act:
        """Do what the policy asks for, but for a little that is forgotten."""
        # Not by the source of the story: what is owed changes nothing of what happened.
        forgets = random.Random(f"{self.draft_id} duties")  # noqa: S311 - a fixed seed is the point

        def act(at: datetime) -> None:
            owed = Obligation.objects.filter(incident=self.logged, state=State.OPEN, strength=Strength.MUST)
            for row in owed.exclude(kind__in=(Kind.NOTIFY, Kind.ACKNOWLEDGE)).order_by("due_at", "key"):
                if forgets.random() > _FORGOTTEN and not has_to_wait(row) and row.target not in _ANSWERED_FIRST:
                    obligations.discharge(obligation=row, by=by, at=at, evidence=_evidence(row))

        return act

    def ask(self, text: str, by: User) -> Act:
        words = self.telling.say(text)

        def act(at: datetime) -> None:
            self.question = questions.ask(incident=self.logged, text=words, by=by, at=at)

        return act

    def answer(self, text: str) -> Act:
        words = self.telling.say(text)

        def act(at: datetime) -> None:
            if self.question is not None:
                reporter = self.telling.reporter.account
                questions.answer(incident=self.logged, question=self.question, text=words, by=reporter, at=at)

        return act


def _evidence(row: Obligation) -> str:
    what = row.evidence or "note of what was done"
    return f"{what[0].upper()}{what[1:]}. Kept with the case."


def handlers_of(house: House, telling: Telling) -> list[User]:
    """Return who handles such a concern here: nobody whom it is about, nor their parent."""
    alleged = [telling.people[slot] for slot, part in telling.story.people.items() if part is Part.ALLEGED]
    head = house.offices[Role.HEADTEACHER]
    if head in alleged:
        return [house.offices[Role.CHAIR_OF_GOVERNORS].account]
    if any(someone.user for someone in alleged):
        return [head.account]
    team: list[Someone] = [house.offices[role] for role in (Role.DSL, Role.DEPUTY_DSL, Role.ONLINE_SAFETY_LEAD)]
    if house.deputys_child in alleged:
        team.remove(house.offices[Role.DEPUTY_DSL])
    return [someone.account for someone in team]


class Script:
    """Writes what happens to one case, act after act, each some time after the one before."""

    def __init__(self, case: Case, timeline: Timeline, *, is_slow: bool = False, is_watched: bool = True) -> None:
        self.case = case
        self.timeline = timeline
        self.rng = case.rng
        self.days = case.house.days
        self.at = case.telling.logged_at
        self.is_slow = is_slow
        # Whether anybody watched the clocks of this case yet: what was owed then was done.
        self.is_watched = is_watched
        self.story = case.telling.story
        self.is_about_adult = "e" in self.story.people

    def later(self, act: Act, *, minutes: tuple[int, int] = (0, 0), days: tuple[int, int] = (0, 0)) -> None:
        """Add an act after a while, moved into working hours."""
        wait = timedelta(days=self.rng.randint(*days), minutes=self.rng.randint(*minutes))
        self.at = self.days.working(self.at + wait, minute=self.rng.randint(10, 55))
        self.timeline.add(self.at, act)

    def someone(self) -> User:
        """Choose who acts: mostly the first of those who handle such cases."""
        weights = (5, 3, 2)[: len(self.case.handlers)]
        return self.rng.choices(self.case.handlers, weights=weights)[0]

    def begin(self) -> None:
        """Log it, open it, acknowledge it."""
        case = self.case
        self.timeline.add(self.at, case.log)
        case.owner = self.someone()
        is_urgent = self.story.level is Level.HIGH or self.story.is_danger
        self.later(case.read(case.owner), minutes=(2, 20) if is_urgent else (8, 140))
        acknowledgement = self.rng.choice(replies.ACKNOWLEDGEMENTS)
        acknowledgement = replies.ACKNOWLEDGEMENT_ON_ADULT if self.is_about_adult else acknowledgement
        self.later(case.move(Status.ACKNOWLEDGED, case.owner, acknowledgement), minutes=(1, 4))
        if self.is_watched:
            self.timeline.add(self.at + _SOON, case.keep(case.owner))

    def take_up(self) -> None:
        """Set the level where it is not the usual one, and give the case an owner."""
        case, by = self.case, self.case.owner
        reason = replies.TAKEN_ON_ADULT if self.is_about_adult else replies.TAKEN_ON
        self.timeline.add(self.at + _SOON, case.decide(Decision.SAFEGUARDING, reason, by))
        if self.story.is_danger:
            self.later(case.level(Level.HIGH, replies.OUT_OF_DANGER, by), minutes=(60, 150))
        elif self.story.level is not Level.STANDARD:
            reasons = replies.LEVEL_REASONS_ON_ADULT if self.is_about_adult else replies.LEVEL_REASONS
            reason = self.rng.choice(reasons[self.story.level])
            self.later(case.level(self.story.level, reason, by), minutes=(2, 15))
        case.owner = self.someone()
        self.later(case.assign(case.owner, by), minutes=(3, 180))

    def clarify(self) -> None:
        """Ask the reporter something, and have it answered."""
        asked = (self.story.question, self.story.answer) if self.story.question else self.rng.choice(replies.QUESTIONS)
        if self.rng.random() > (0.75 if self.story.question else 0.12):
            return
        self.later(self.case.ask(asked[0], self.case.owner), minutes=(5, 60))
        self.later(self.case.read_own, minutes=(20, 400))
        self.later(self.case.answer(asked[1]), minutes=(1, 6))

    def work(self) -> None:
        """Write the notes of the story, and now and then a usual one."""
        case = self.case
        texts = list(self.story.notes)
        if self.rng.random() < 0.4:
            usual = replies.NOTES if "a" in self.story.people else replies.NOTES_WITHOUT_CHILD
            texts.append(self.rng.choice(replies.NOTES_ON_ADULT if self.is_about_adult else usual))
        for number, text in enumerate(texts):
            by = case.owner if self.rng.random() < 0.8 else self.someone()
            self.later(case.read(by), minutes=(30, 300), days=(0, 0) if number == 0 else (1, 4))
            self.later(case.note(text, by), minutes=(2, 12))

    def close(self) -> None:
        """Close it, with how it ended and why; a few are opened again later."""
        case = self.case
        wait = {Level.LOW: (1, 6), Level.STANDARD: (4, 16), Level.HIGH: (10, 40)}[self.story.level]
        if self.is_slow:
            wait = (wait[0] * 3, wait[1] * 3)
        # Not by the source of the story: whether a case is watched changes nothing of what happened.
        chance = random.Random(f"{case.draft_id} watched").random()  # noqa: S311 - a fixed seed is the point
        if chance < _WATCHED and self.story.level is not Level.HIGH and not self.is_about_adult:
            self.timeline.add(self.at + _SOON, case.watch(case.owner, replies.WATCHED))
        self.later(case.read(case.owner), minutes=(0, 200), days=wait)
        outcome, words = self.story.outcome, self.story.closing
        is_about_child = "a" in self.story.people and not self.is_about_adult
        if is_about_child and self.rng.random() < 0.02:
            outcome, words = Outcome.TRANSFERRED, self.rng.choice(replies.TRANSFERS)
        self.later(case.end(case.owner, words, outcome), minutes=(2, 15))
        if self.rng.random() < 0.5:
            self.later(case.read_own, minutes=(30, 900))
        if is_about_child and outcome is not Outcome.TRANSFERRED and self.rng.random() < 0.06:
            self.later(case.move(Status.OPEN, case.owner, self.rng.choice(replies.REOPENINGS)), days=(6, 25))
            self.later(case.note(self.rng.choice(replies.REOPENED_NOTES), case.owner), minutes=(20, 90))
            second = case.end(case.owner, self.rng.choice(replies.SECOND_CLOSINGS), Outcome.RESOLVED)
            self.later(second, days=(10, 30))

    def end_early(self) -> bool:
        """Close a slight concern straight away, now and then: logged twice, or nothing in it."""
        chance = self.rng.random()
        is_grave = self.story.level is Level.HIGH or self.story.is_danger or self.is_about_adult
        if is_grave or chance > 0.09:
            return False
        outcome, words = Outcome.NO_FURTHER_ACTION, replies.NO_ACTION
        if chance < 0.03:
            outcome, words = Outcome.DUPLICATE, replies.DUPLICATES
        self.later(self.case.end(self.case.owner, self.rng.choice(words), outcome), minutes=(60, 400))
        return True

    def whole(self) -> None:
        """Write everything, from the logging to the end."""
        self.begin()
        if self.end_early():
            return
        self.take_up()
        self.clarify()
        self.work()
        self.close()
