"""The rows that stand in addresses of the permission matrix: one of each kind, for a school and for a case."""

import uuid
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts import outbox
from accounts.models import Membership, OutboxMessage, PersonKind, School, User
from accounts.operations import absences, approvals, emergency_access, factors, schools
from accounts.roles import Role
from incidents.allegations import LowLevelKind
from incidents.care import PlanKind
from incidents.events import Event
from incidents.models import CaseApproval, Incident, Obligation
from incidents.operations import (
    actions,
    attachments,
    chronology,
    drafts,
    filtering_changes,
    identifiers,
    imports,
    links,
    low_level_concerns,
    notes,
    plans,
    referrals,
    saved_views,
    sharing,
    told_concerns,
)
from incidents.queries.incidents import QueueFilter
from incidents.statuses import Asking, Identifying, Kept, Method, Undertaking
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Agency, Kind
from policies.models import SchoolDuty
from policies.operations import adoptions, duties
from tests.factories import NOW, make_member, make_person
from tests.incidents.devices import make_allowance, make_handed_over
from tests.incidents.filtering import ask_bypass, make_ticket

# Stands in every sealed text of the world, and so in no answer to anybody it is not for.
CANARY = "A marmalade kingfisher sat down"
# Words that stand in addresses.
_WORDS = {
    "agency": "lado",
    "status": "acknowledged",
    "deed": "done",
    "plan_kind": "support",
    "look": "review",
    "step": "threshold",
}


def rows_of_school(school: School, by: User, author: User) -> dict[str, Any]:
    """Make one row for each id that may stand in an address of the school."""
    draft_id = uuid.uuid4()
    term = schools.add_term(
        school=school, name="Autumn", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18), at=NOW, by=by
    )
    closed = schools.add_closed_day(school=school, day=date(2026, 10, 26), reason="Half-term", at=NOW, by=by)
    # What the first concern let begin asks something of the school too.
    duties.begin_rounds(school=school, at=NOW)
    planned = adoptions.adopt(
        school=school, pack_id="canterbury-cross-2023", starts_on=date(2027, 9, 1), at=NOW, by=by, note="Planned"
    )
    user = make_member(school=school, name="Member Leaving")
    typed = {"fields": {"narrative": CANARY}}
    drafts.save_draft(school=school, author=author, draft_id=draft_id, content=typed, at=NOW)
    membership = Membership.objects.get(user=user)
    to_write = told_concerns.open_told(
        school=school, writer=author, became_aware_at=NOW, by=author, at=NOW, memory=CANARY
    )
    absence = absences.add_absence(
        school=school, user=author, starts_on=date(2027, 2, 1), ends_on=None, by=author, at=NOW
    )
    ticket = make_ticket(school, by=author)
    change = filtering_changes.log(school=school, what="A", why="B", risk="C", by=by, at=NOW)
    asker = make_member(school=school, role=Role.SLT, name="Member Asking")
    emergency = emergency_access.ask(school=school, reason=CANARY, is_danger=True, hours=1, by=asker, at=NOW)
    home = reverse("school-home", kwargs={"school": school.slug})
    told = {"kind": "accounts/role_given", "path": home, "dedupe_key": f"row:{school.slug}"}
    outbox.queue(school=school, recipients=[author], at=NOW, **told)
    return {
        "message_id": OutboxMessage.objects.get(dedupe_key__startswith=f"row:{school.slug}:").pk,
        "draft_id": draft_id,
        "membership_id": membership.pk,
        "absence_id": absence.pk,
        "approval_id": make_asked_role(school, author),
        "emergency_id": emergency.pk,
        "told_id": to_write.pk,
        "ticket_id": ticket.pk,
        "change_id": change.pk,
        "bypass_id": ask_bypass(school, by=author).pk,
        "device_id": make_handed_over(school, by=by, to=author, why=CANARY).pk,
        "allowance_id": make_allowance(school, by=by).pk,
        "term_id": term.pk,
        "day_id": closed.pk,
        "adoption_id": planned.pk,
        "duty_id": SchoolDuty.objects.for_school(school).get(duty_key="filtering-check").pk,
        **_WORDS,
        "concern_id": low_level_concerns.enter(school=school, told=_told_of(school), by=by, at=NOW).pk,
    }


def _told_of(school: School) -> low_level_concerns.Told:
    person = make_person(school=school, kind=PersonKind.STAFF)
    return low_level_concerns.Told(kind=LowLevelKind.OTHER, what=CANARY, shared_by=CANARY, person=person)


def make_asked_role(school: School, by: User) -> uuid.UUID | None:
    asked = approvals.give_role(
        school=school,
        email=f"new@{school.slug}.example",
        given_name="Nell",
        family_name="Newcomer",
        role=Role.DEPUTY_DSL,
        starts_on=NOW.date(),
        at=NOW,
        by=by,
        reason=CANARY,
    )
    return asked.pk if asked else None


def make_import(school: School, by: User) -> uuid.UUID:
    content = f"Date,Description\n12/11/2024,{CANARY}\n".encode()
    category = Category.CONDUCT
    return imports.read(school=school, file_name=CANARY, content=content, category=category, by=by, at=NOW).pk


def make_waiting_factor(school: School) -> uuid.UUID:
    """Let somebody who reads cases have an app, and add a passkey that opens none yet."""
    user = make_member(school=school, role=Role.ONLINE_SAFETY_LEAD, name="Member Adding")
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    added = [Authenticator.objects.create(user=user, type=kind, data={}) for kind in kinds][-1]
    return factors.note_added(user=user, authenticator_id=added.pk, kind=added.type, at=timezone.now()).pk


def make_kept_view(school: School, user: User) -> uuid.UUID:
    chosen = QueueFilter(text=CANARY)
    return saved_views.save(school=school, user=user, name=CANARY, chosen=chosen, at=NOW).pk


def rows_of_case(incident: Incident, by: User) -> dict[str, uuid.UUID]:
    """Make one row of each noun that stands in addresses below a case."""
    action = actions.undertake(
        incident=incident, kind=Undertaking.ACTION, words=CANARY, due_at=NOW + timedelta(days=3), by=by, at=NOW
    )
    pupil = next(row for row in incident.people.select_related("person") if row.person.kind == PersonKind.PUPIL)
    mark = identifiers.add(incident=incident, kind=Identifying.ACCOUNT, value=CANARY, by=by, at=NOW)
    # A part of a case goes to whoever handles the case, so that all its readers may open both.
    parts = [row.pk for row in incident.people.all()]
    category = Category(incident.category)
    part = links.split(incident=incident, people=parts, words=CANARY, category=category, by=by, at=NOW)
    sent = attachments.Sent(f"{CANARY}.txt", CANARY.encode(), len(CANARY))
    file = attachments.attach(incident=incident, sent=sent, by=by, at=NOW)
    attachments.release(attachment=file, reason=CANARY, by=by, at=NOW)
    text = plans.PlanText(CANARY, CANARY, NOW.date() + timedelta(days=7))
    plan = plans.write(
        incident=incident, plan_id=uuid.uuid4(), kind=PlanKind.SUPPORT, pupil=None, text=text, by=by, at=NOW
    )
    note = notes.add_note(incident=incident, text=CANARY, by=by, at=NOW)
    told = referrals.Contact(Agency.LADO, Kind.CONSULT, Method.PHONE, NOW, by, CANARY)
    referral = referrals.record(
        incident=incident, referral_id=uuid.uuid4(), contact=told, chase_at=NOW + timedelta(days=1), by=by, at=NOW
    )
    found = {"attachment_id": file.pk, "action_id": action.pk, "identifier_id": mark.pk, "entry_id": note.pk}
    friend = make_member(school=incident.school, name="Member Named")
    naming = sharing.Naming(friend, CANARY, NOW.date() + timedelta(days=7))
    grant = sharing.share(incident=incident, naming=naming, by=by, at=NOW)
    found |= {"plan_id": plan.pk, "pupil_id": pupil.pk}
    away = make_member(school=incident.school, name="Member Away")
    interest = sharing.step_back(incident=incident, user=away, kind=Kept.TAKEN_OFF, reason=CANARY, by=by, at=NOW)
    waits = CaseApproval(
        school=incident.school,
        incident=incident,
        kind=Asking.LET_BACK.value,
        target=interest.pk,
        reason=CANARY,
        asked_at=NOW,
        asked_by=by,
    )
    waits.save(force_insert=True)
    found |= {"interest_id": interest.pk, "approval_id": waits.pk}
    return {**found, "link_id": part.links.get().pk, "referral_id": referral.pk, "grant_id": grant.pk}


def decision_of(incident: Incident) -> uuid.UUID:
    """Return what every case asks of those who handle it."""
    return Obligation.objects.get(incident=incident, key="do:document_decision").pk


def make_question(incident: Incident) -> uuid.UUID:
    asked = chronology.append(
        incident=incident, event=Event.QUESTION_ASKED, by=incident.logged_by, at=NOW, text=f"{CANARY}?"
    )
    return asked.pk
