"""A school in the middle of a term: cases in every status, drafts, questions, and names as they come."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from accounts.models import Person, Relation, User
from accounts.operations import people as register
from accounts.operations import schools
from accounts.roles import Role
from incidents.models import ConcernDraft, Escalation, Incident, InvolvedPerson, Obligation
from incidents.operations import (
    attachments,
    drafts,
    identifiers,
    imports,
    incidents,
    links,
    notes,
    obligations,
    ownership,
    questions,
    told_concerns,
    workflow,
)
from incidents.routes import About
from incidents.statuses import Identifying, Level, Outcome, Part, Status
from policies.engine.taxonomy import Category
from policies.models import SchoolDuty
from policies.operations import adoptions, duties
from tests.conftest import Cast
from tests.factories import alleged, harmed, make_incident, make_member, make_person, person_of, settle
from tests.journeys.allegation_world import make_allegations
from tests.journeys.care_world import make_care
from tests.journeys.device_world import make_devices
from tests.journeys.filtering_world import make_filtering
from tests.journeys.referral_world import make_referrals

# What `make_member` gives everybody.
PASSWORD = "a long enough password"
LONG_NAME = "Maximiliana-Anastasia Featherstonehaugh-Cholmondeley-Wrigley"
ARABIC_NAME = "ليلى عبدالرحمن"
POLISH_NAME = "Żółcisława Brzęczyszczykiewicz"
# Stands in the words of every case, and nowhere else: where it is found, a case is found.
CANARY = "heliotrope"


@dataclass(frozen=True)
class World:
    """The cast, and what stands in their school."""

    cast: Cast
    pupils: dict[str, Person]
    cases: dict[str, Incident]
    draft: ConcernDraft
    alarm: ConcernDraft
    newcomer: User
    stranger: User

    def user(self, who: str) -> User | None:
        """Return who walks: somebody of the cast, somebody who belongs nowhere, or nobody."""
        if who in ("newcomer", "stranger"):
            found: User = getattr(self, who)
            return found
        return self.cast[who] if hasattr(self.cast, who) else None

    def obligation(self, key: str) -> Obligation:
        """Return what is asked of the open case, by its key."""
        return Obligation.objects.get(incident=self.cases["open"], key=key)

    def duty(self, key: str) -> SchoolDuty:
        """Return a round of a duty of the school, by its key in the policy: the settled one where there is one."""
        rounds = SchoolDuty.objects.for_school(self.cast.school).filter(duty_key=key)
        duty: SchoolDuty = rounds.order_by("settled_at")[0]
        return duty

    def reference(self, name: str) -> str:
        """Return the reference of a case, by what it is here for."""
        return self.cases[name].reference


def make_world(cast: Cast) -> World:
    """Make the school. Moments hang on the server's own clock, since the browser's server reads it too."""
    at = timezone.now()
    adoptions.adopt(
        school=cast.school,
        pack_id="shipbourne-2018",
        starts_on=timezone.localtime(at).date(),
        at=at,
        by=cast.head,
        note="Approved by the governing body on 3 November",
    )
    _settle_duties(cast, at)
    pupils = _pupils(cast)
    told_concerns.open_told(
        school=cast.school,
        writer=cast.teacher,
        became_aware_at=at - timedelta(hours=2),
        by=cast.dsl,
        at=at - timedelta(hours=1),
        memory="After lunch, by the gate",
    )
    make_member(school=cast.next_door, role=Role.TRUST_SAFEGUARDING_LEAD, user=cast.trust_lead, name="Tom Trust")
    _second_factor(cast.deputy)
    _calendar(cast, at)
    return World(
        cast=cast,
        pupils=pupils,
        cases=_cases(cast, pupils, at),
        draft=_draft(cast, cast.teacher, at - timedelta(minutes=12)),
        alarm=_alarm(cast, at),
        newcomer=User.objects.create_user("newcomer@school.example", full_name="Nina Newcomer"),
        stranger=User.objects.create_user("stranger@school.example", PASSWORD, full_name="Sam Stranger"),
    )


def _settle_duties(cast: Cast, at: datetime) -> None:
    """Let one duty be done, another not be needed, a third be late and a fourth be due soon."""
    rounds = {row.duty_key: row for row in SchoolDuty.objects.for_school(cast.school)}
    today = timezone.localtime(at).date()
    note = f"Approved by the governors.\n{LONG_NAME} has the minute."
    first = rounds["policy-review"]
    duties.discharge(duty=first, by=cast.head, at=at, evidence=note, done_on=today - timedelta(days=30))
    SchoolDuty.objects.filter(pk=rounds["child-protection-policy"].pk).update(due_at=at - timedelta(days=3))
    SchoolDuty.objects.filter(pk=rounds["classroom-posters"].pk).update(due_at=at + timedelta(days=9))
    duties.waive(duty=rounds["website-check"], by=cast.head, at=at, reason="The website is made anew this month.")


def _pupils(cast: Cast) -> dict[str, Person]:
    names = {
        "amira": ("Amira Hadley", "5", "5A"),
        "amir": ("Amir Hadleigh", "6", "6B"),
        "long": (LONG_NAME, "11", "11FCW"),
        "arabic": (ARABIC_NAME, "8", "8C"),
        "polish": (POLISH_NAME, "9", "9K"),
        "robin": ("Robin Ashdown", "Reception", "Acorn"),
    }
    return {
        key: make_person(school=cast.school, name=name, year_group=year, form=form)
        for key, (name, year, form) in names.items()
    }


def _cases(cast: Cast, pupils: dict[str, Person], at: datetime) -> dict[str, Incident]:
    def case(hours: float, **details: object) -> Incident:
        moment = at - timedelta(hours=hours)
        return make_incident(school=cast.school, by=cast.teacher, at=moment, **details)

    def words(text: str) -> str:
        return f"{text} ({CANARY})"

    cases = {
        "danger": case(
            0.2,
            people=[harmed(pupils["robin"])],
            is_danger_reported=True,
            narrative=words("“I am not going home today,” and a drawing of why."),
        ),
        "reported": case(
            1,
            people=[harmed(pupils["amira"]), alleged(pupils["long"])],
            category=Category.CONDUCT,
            online_service="Snapchat",
            narrative=words("She was sent messages that frightened her.\n\n“Stop telling, or else.”"),
        ),
        "acknowledged": case(26, people=[harmed(pupils["arabic"])], category=Category.CONTACT, narrative=words("A.")),
        "open": case(52, people=[harmed(pupils["polish"])], category=Category.COMMERCE, narrative=words("B.")),
        "closed": case(200, people=[harmed(pupils["amir"])], narrative=words("C.")),
        "adult": case(
            3,
            people=[harmed(pupils["amira"]), alleged(person_of(cast.colleague, cast.school))],
            about=About.ADULT,
            narrative=words("D."),
        ),
    }
    _work_on(cast, cases, at)
    _attach(cast, cases, at)
    _owe(cast, cases["open"], at)
    make_care(cast, cases, at)
    _belong_together(cast, cases, at)
    make_filtering(cast, cases["open"], at)
    make_referrals(cast, cases["open"], at)
    make_devices(cast, cases, pupils, at)
    make_allegations(cast, cases["adult"], at)
    return cases


def _belong_together(cast: Cast, cases: dict[str, Incident], at: datetime) -> None:
    """Tie one case to another, note the same account on both, and name the sister of one child on another's."""
    said = {"by": cast.dsl, "at": at - timedelta(hours=1)}
    why = f"The same account wrote to both, in the same week. ({CANARY})"
    links.link(incident=cases["open"], other=cases["reported"], reason=why, **said)
    for name in ("open", "reported"):
        account = "xX_shadow_fox_who_never_sleeps_2011_Xx"
        identifiers.add(incident=cases[name], kind=Identifying.ACCOUNT, value=account, **said)
    identifiers.add(incident=cases["open"], kind=Identifying.PLACE, value="Behind the bicycle shed", **said)
    sister = make_person(school=cast.school, name="Ola Brzęczyszczykiewicz", year_group="4", form="4K")
    pupil = cases["open"].people.get().person
    register.relate(person=pupil, related=sister, relation=Relation.SIBLING, at=at)
    rows = "Date,Where,Description,Action taken,Recorded by\n12/11/2024,Hall,Pushed.,Spoken to.,R\nno day,,,,\n"
    content, kind = rows.encode(), Category.CONDUCT
    imports.read(school=cast.school, file_name="Log 2024.csv", content=content, category=kind, by=cast.dsl, at=at)


def _work_on(cast: Cast, cases: dict[str, Incident], at: datetime) -> None:
    for name, hours in (("acknowledged", 20), ("open", 50), ("closed", 199)):
        moment = at - timedelta(hours=hours)
        incidents.open_case(incident=cases[name], by=cast.dsl, at=moment)
        workflow.advance(incident=cases[name], to=Status.ACKNOWLEDGED, by=cast.dsl, at=moment)
    ownership.assign(incident=cases["open"], owner=cast.dsl, by=cast.dsl, at=at - timedelta(hours=49))
    ownership.set_level(
        incident=cases["open"], level=Level.HIGH, reason="Money was taken.", by=cast.dsl, at=at - timedelta(hours=48)
    )
    for hours, text in ((47, f"Spoke with the form tutor. ({CANARY})"), (30, "Rang home.\nThey will come at 3.")):
        notes.add_note(incident=cases["open"], text=text, by=cast.dsl, at=at - timedelta(hours=hours))
    asked = questions.ask(incident=cases["open"], text="Which game was it?", by=cast.dsl, at=at - timedelta(hours=46))
    questions.answer(
        incident=cases["open"], question=asked, text="She did not say.", by=cast.teacher, at=at - timedelta(hours=45)
    )
    questions.ask(
        incident=cases["open"], text="Did anybody else see the messages?", by=cast.dsl, at=at - timedelta(hours=5)
    )
    settle(cases["closed"], by=cast.dsl, at=at - timedelta(hours=151))
    settle(cases["closed"], by=cast.dsl, at=at - timedelta(hours=151))
    workflow.advance(
        incident=cases["closed"],
        to=Status.CLOSED,
        by=cast.dsl,
        at=at - timedelta(hours=150),
        reason="The video was reported and taken down; both families were told.",
        outcome=Outcome.RESOLVED,
    )


def _attach(cast: Cast, cases: dict[str, Incident], at: datetime) -> None:
    """Let one case have files in every state, and another be one that may hold none."""
    case, said = cases["open"], {"by": cast.dsl, "at": at - timedelta(hours=4)}
    for name, by in (
        ("Log of the game.txt", cast.dsl),
        (f"{LONG_NAME} paid.csv", cast.dsl),
        ("List.txt", cast.teacher),
    ):
        content = f"{name}, {CANARY}".encode()
        sent = attachments.Sent(name=name, content=content, size=len(content))
        attachments.attach(incident=case, sent=sent, by=by, at=at - timedelta(hours=5))
    first, second, _ = case.attachments.order_by("number")
    attachments.release(attachment=first, reason="I wrote it myself on the office computer.", **said)
    attachments.withdraw(attachment=second, reason="It belongs to another case.", **said)
    notes.add_note(incident=cases["acknowledged"], text="She says that he has a nude photo of her.", **said)


def _owe(cast: Cast, case: Incident, at: datetime) -> None:
    """Let what is asked of a case be late, due, resting, waiting and done, and something be asked of another role."""

    def change(key: str, **changes: object) -> None:
        Obligation.objects.filter(incident=case, key=key).update(**changes)

    ictish = "Block access to it for everybody, at school and on every device that the school lends, and say when"
    late, soon, due = at - timedelta(hours=3), at + timedelta(minutes=50), at + timedelta(hours=20)
    change("do:document_decision", due_at=late, alert_at=due, within="24h", step=2, evidence="the decision")
    change("do:support_pupil", due_at=soon, alert_at=soon, owner_role="network_manager", text=ictish, evidence="log")
    change("inform_parents:parents", due_at=due, alert_at=due)
    change("do:review_handling", strength=2, after_key="inform_parents:parents")
    owed = {row.key: row for row in Obligation.objects.filter(incident=case)}
    said = {"by": cast.dsl, "at": at - timedelta(hours=1)}
    obligations.discharge(obligation=owed["notify:dsl"], evidence="They told me at the door.", **said)
    obligations.pause(obligation=owed["inform_parents:parents"], reason="The police asked us to wait.", **said)
    for step, role in enumerate(("deputy_dsl", "headteacher"), start=1):
        Escalation.objects.create(
            school=cast.school,
            obligation=owed["do:document_decision"],
            step=step,
            told_role=role,
            is_reminder=False,
            at=late,
        )


def _draft(cast: Cast, author: User, at: datetime) -> ConcernDraft:
    content = {"fields": {"narrative": f"She told me at break that ({CANARY})"}, "people": [], "query": ""}
    return drafts.save_draft(school=cast.school, author=author, draft_id=uuid.uuid4(), content=content, at=at)


def _alarm(cast: Cast, at: datetime) -> ConcernDraft:
    draft = _draft(cast, cast.colleague, at - timedelta(minutes=2))
    drafts.raise_alarm(draft=draft, about=About.NO_ADULT, alleged_ids=frozenset(), at=at - timedelta(minutes=2))
    return draft


def _second_factor(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def _calendar(cast: Cast, at: datetime) -> None:
    year = at.year
    schools.add_term(
        school=cast.school, name="Autumn term", starts_on=date(year, 9, 2), ends_on=date(year, 12, 18), at=at
    )
    schools.add_closed_day(school=cast.school, day=date(year, 11, 27), reason="Staff training", at=at)


def make_full_queue(cast: Cast, number: int) -> None:
    """Fill the queue with so many concerns, a minute apart, about a few pupils. Past the first they are copies."""
    at = timezone.now()
    pupils = list(_pupils(cast).values())
    if number:
        first = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupils[0])])
    columns = [field.attname for field in Incident._meta.concrete_fields]
    copies = [
        Incident(
            **{name: getattr(first, name) for name in columns}
            | {"id": uuid.uuid4(), "draft_id": uuid.uuid4(), "reference": f"OAK-{place:04}"}
            | {"logged_at": at - timedelta(minutes=place)}
        )
        for place in range(1, number)
    ]
    Incident.objects.bulk_create(copies)
    InvolvedPerson.objects.bulk_create(
        InvolvedPerson(
            school=cast.school,
            incident=copy,
            person=pupils[place % len(pupils)],
            part=Part.HARMED,
            added_at=at,
            added_by=cast.teacher,
        )
        for place, copy in enumerate(copies)
    )
