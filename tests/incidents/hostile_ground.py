"""A school in which every form can be sent, and what a form with words in it is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.models import User
from incidents.allegations import HarmTest, LowLevelKind, Reply
from incidents.care import PlanKind
from incidents.models import (
    Attachment,
    BypassRequest,
    CaseApproval,
    CaseLink,
    ChronologyEntry,
    FilteringChange,
    FilteringTicket,
    HeldDevice,
    Incident,
    Interest,
    InvolvedPerson,
    LowLevelConcern,
    Obligation,
    Plan,
    Referral,
    ToldConcern,
)
from incidents.operations import (
    actions,
    allegations,
    approvals,
    attachments,
    deletions,
    filtering_changes,
    links,
    low_level_concerns,
    notes,
    ownership,
    plans,
    questions,
    referrals,
    sharing,
    told_concerns,
    workflow,
)
from incidents.operations.attachments import Sent
from incidents.operations.deletions import Answers
from incidents.operations.plans import PlanText
from incidents.operations.referrals import Contact
from incidents.statuses import Kept, Method, Outcome, Part, Status, Undertaking
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Agency, Kind
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of, settle
from tests.incidents.asking import ask_for
from tests.incidents.devices import make_device, make_handed_over
from tests.incidents.filtering import ask_bypass, make_ticket, put_right
from tests.incidents.pages import address, case_address

DAY = timedelta(days=1)


@dataclass
class Ground:
    """A school in which every form can be sent: a case with one of everything, and others that are new or closed."""

    cast: Cast
    case: Incident
    new: Incident
    other: Incident
    closed: Incident
    # Nothing is left to do on it.
    ready: Incident
    harmed: InvolvedPerson
    alleged: InvolvedPerson
    # Somebody has nothing to do with the case; and a second person is asked about the part of another.
    kept_away: Interest
    asked: CaseApproval
    action: Obligation
    duty: Obligation
    refer: Obligation
    referral: Referral
    plan: Plan
    tie: CaseLink
    entry: ChronologyEntry
    question: ChronologyEntry
    file: Attachment
    ticket: FilteringTicket
    fixed: FilteringTicket
    change: FilteringChange
    bypass: BypassRequest
    told: ToldConcern
    device: HeldDevice
    quarantined: HeldDevice
    handed: HeldDevice
    # Its copies may be deleted: the three questions are answered.
    checked: Incident
    # About an adult who works here: one that is open, one below the threshold; and one in the register.
    adult: Incident
    below: Incident
    low: LowLevelConcern


Where = Callable[[Ground], str]
Values = Callable[[Ground], dict[str, Any]]


@dataclass(frozen=True)
class Written:
    """One form: the class, its text fields under the names they are sent by, and everything around them."""

    # Module and class in incidents/forms; a name of its own where the words are no form's.
    form: str
    fields: dict[str, Callable[[Ground], str]] = field(repr=False)
    to: Where = field(repr=False)
    rest: Values = field(default=lambda g: {}, repr=False)
    # Where it is read again; nothing: on the page that the answer leads to.
    shown: tuple[Where, ...] = field(default=(), repr=False)
    who: str = "dsl"
    reads: str = ""
    longest: int = 80
    # What becomes of spaces, where a form is no evidence: without those at the ends, or with single ones.
    kept: Callable[[str], str] = field(default=lambda text: text, repr=False)
    # What the words are put into, where only something of a kind is taken: an address.
    wrap: dict[str, str] = field(default_factory=dict, repr=False)
    # Addresses, under the names they are sent by: the blanks around them are no part of them.
    addresses: frozenset[str] = frozenset()
    # Fields that nobody is shown again: a search, a reference.
    unseen: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.form

    def sent(self, ground: Ground, texts: dict[str, str]) -> dict[str, Any]:
        """Return the form as a browser sends it, with these words in its fields."""
        words = {name(ground): self.wrap.get(key, "{}").replace("{}", texts[key]) for key, name in self.fields.items()}
        return {**self.rest(ground), **words}

    def reader(self, ground: Ground) -> User:
        """Return who reads it again."""
        return ground.cast[self.reads or self.who]


def make_ground(cast: Cast) -> Ground:
    """Make the school, through the operations."""
    said = {"by": cast.dsl, "at": NOW}
    pupils = [make_person(school=cast.school, name=name) for name in ("Amira Hadley", "Ben Reed")]
    people = [harmed(pupils[0]), alleged(pupils[1])]
    case, new, other, closed, ready = (
        make_incident(school=cast.school, by=cast.teacher, people=people, category=Category.COMMERCE) for _ in range(5)
    )
    for one in (case, other, closed, ready):
        workflow.advance(incident=one, to=Status.ACKNOWLEDGED, **said)
    ownership.assign(incident=case, owner=cast.dsl, **said)
    for number, key in enumerate(("do:behaviour_route", "refer:ceop")):
        ask_for(case, key, text=f"Something to do, {number}", pack_id=_pack_of(case), clause="1")
    links.link(incident=case, other=other, reason="Alike.", **said)
    for one in (closed, ready):
        settle(one, by=cast.dsl)
    workflow.advance(incident=closed, to=Status.CLOSED, reason="Done.", outcome=Outcome.RESOLVED, **said)
    contact = Contact(
        agency=Agency.POLICE, kind=Kind.CONSULT, method=Method.CALL_101, made_at=NOW, made_by=cast.dsl, said="All."
    )
    answers = Answers(is_needed=False, needed_words="PC Jones", held_words="She", is_child_safe=True, safe_words="Yes")
    deletions.check(incident=other, answers=answers, **said)
    text = PlanText(worries="The bus", measures="Mr Cole", review_on=(NOW + 9 * DAY).date())
    content = Sent(name="chat.txt", content=b"words", size=5)
    fixed = put_right(make_ticket(cast.school, by=cast.teacher, url="https://fixed.example/"), by=cast.ict)
    return Ground(
        cast=cast,
        case=Incident.objects.get(pk=case.pk),
        new=new,
        other=other,
        closed=Incident.objects.get(pk=closed.pk),
        ready=ready,
        harmed=case.people.get(person=pupils[0]),
        alleged=case.people.get(person=pupils[1]),
        kept_away=sharing.step_back(incident=case, user=cast.colleague, kind=Kept.TAKEN_OFF, reason="Close.", **said),
        asked=_asked(cast, case.people.get(person=pupils[1])),
        action=actions.undertake(incident=case, kind=Undertaking.ACTION, words="Ring home", due_at=NOW + DAY, **said),
        duty=Obligation.objects.get(incident=case, key="do:behaviour_route"),
        refer=Obligation.objects.get(incident=case, key="refer:ceop"),
        referral=referrals.record(incident=case, referral_id=uuid.uuid4(), contact=contact, chase_at=NOW + DAY, **said),
        plan=plans.write(incident=case, plan_id=uuid.uuid4(), kind=PlanKind.SUPPORT, pupil=None, text=text, **said),
        tie=CaseLink.objects.get(),
        entry=notes.add_note(incident=case, text="A note", **said),
        question=questions.ask(incident=case, text="When?", **said),
        file=attachments.attach(incident=case, sent=content, **said),
        ticket=make_ticket(cast.school, by=cast.teacher),
        fixed=fixed,
        change=filtering_changes.log(school=cast.school, what="A", why="B", risk="C", by=cast.ict, at=NOW),
        bypass=ask_bypass(cast.school, by=cast.teacher),
        told=told_concerns.open_told(
            school=cast.school, writer=cast.teacher, became_aware_at=NOW, memory="Lunch", by=cast.teacher, at=NOW
        ),
        device=make_device(cast.school, by=cast.dsl),
        quarantined=make_device(cast.school, by=cast.dsl, incident=case, is_quarantined=True),
        handed=make_handed_over(cast.school, by=cast.dsl, to=cast.ict),
        checked=other,
        **_of_adults(cast),
    )


def _asked(cast: Cast, row: InvolvedPerson) -> CaseApproval:
    asked = approvals.change_part(row=row, part=Part.WITNESS, reason="He saw it.", by=cast.deputy, at=NOW)
    if asked is None:
        raise LookupError("It was done at once, although it takes two.")
    return asked


def _of_adults(cast: Cast) -> dict[str, Any]:
    """Make two cases about an adult who works here, one below the threshold, and a concern in the register."""
    person = person_of(cast.colleague, cast.school)
    adult, below = (make_incident(school=cast.school, by=cast.teacher, people=[alleged(person)]) for _ in range(2))
    noes = allegations.Comparison(dict.fromkeys(HarmTest, Reply.NO), "Nothing.", {})
    allegations.compare(incident=below, tested=noes, by=cast.head, at=NOW)
    told = low_level_concerns.Told(kind=LowLevelKind.OTHER, what="Words", shared_by="Somebody", person=person)
    low = low_level_concerns.enter(school=cast.school, told=told, by=cast.head, at=NOW)
    return {"adult": adult, "below": below, "low": low}


def _pack_of(case: Incident) -> str:
    return Obligation.objects.filter(incident=case).exclude(pack_id="")[0].pack_id


def of(name: str, which: str = "case", **rows: Callable[[Ground], Any]) -> Where:
    """Return the address of a page of one of the cases, and of a row of it."""
    return lambda g: case_address(name, getattr(g, which), **{key: row(g) for key, row in rows.items()})


def at(name: str, **rows: Callable[[Ground], Any]) -> Where:
    """Return the address of a page of the school."""
    return lambda g: address(name, g.cast.school, **{key: row(g) for key, row in rows.items()})


def named(*names: str, prefix: str = "") -> dict[str, Callable[[Ground], str]]:
    """Return fields under their own names, behind what stands before all of them."""
    return {name: lambda g, name=name: f"{prefix}{name}" for name in names}  # type: ignore[misc]
