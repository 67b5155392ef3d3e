"""Who is told what, and where the message leads. No message holds a name, a category or a word of the case."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from accounts import outbox
from accounts.models import School, User
from incidents.models import (
    CaseApproval,
    CaseGrant,
    ChronologyEntry,
    ConcernDraft,
    CustodyTransfer,
    Incident,
    LowLevelConcern,
    ToldConcern,
)
from incidents.routes import Route

# By user, what is settled once they were told; by None, what is settled once the contact outside the school was.
Settles = Mapping[uuid.UUID | None, Sequence[uuid.UUID]]


def concern_logged(*, incident: Incident, route: Route, about: Settles, at: datetime) -> list[outbox.Message]:
    """Return what tells those who handle it, for `tellings` to queue; where nobody at the school may, what tells the
    contact outside it. `about` holds, by user or address, the ids of what is settled once they were told.
    """
    school, key = incident.school, f"logged:{incident.pk}"
    if not route.recipients:
        address = school.external_contact_email
        return [
            outbox.Message(school, "incidents/nobody_free", "/", key, address=address, about=tuple(about.get(None, ())))
        ]
    path = incident.get_absolute_url()
    home = reverse("school-home", kwargs={"school": school.slug})
    return [
        *_each(outbox.Message(school, "incidents/new_concern", path, key, route.recipients), about),
        # They may not open it: nothing of it stands in the message, nor a way to it.
        *_each(outbox.Message(school, "incidents/team_away", home, f"stand_in:{incident.pk}", route.stand_ins), about),
    ]


def policy_told(
    *, incident: Incident, opens: Sequence[User], others: Sequence[User], outside: bool, about: Settles, at: datetime
) -> list[outbox.Message]:
    """Return what tells whoever the policy says is told: with the way to the case for those to whom it opens."""
    school, key = incident.school, f"told:{incident.pk}:{at.isoformat()}"
    home = reverse("school-home", kwargs={"school": school.slug})
    found = [
        *_each(outbox.Message(school, "incidents/told", incident.get_absolute_url(), key, opens), about),
        *_each(outbox.Message(school, "incidents/told_elsewhere", home, key, others), about),
    ]
    if outside:
        address = school.external_contact_email
        settles = tuple(about.get(None, ()))
        found.append(outbox.Message(school, "incidents/nobody_free", "/", key, address=address, about=settles))
    return found


def _each(message: outbox.Message, about: Settles) -> list[outbox.Message]:
    """Return a message for each reader, with what it settles that they were told."""
    return [replace(message, recipients=[user], about=tuple(about.get(user.pk, ()))) for user in message.recipients]


def danger_raised(*, draft: ConcernDraft, recipients: Sequence[User], at: datetime) -> None:
    """Tell those on duty that somebody needs them at once."""
    outbox.queue(
        school=draft.school,
        kind="incidents/danger_raised",
        path=reverse("school-home", kwargs={"school": draft.school.slug}),
        # Pressed again a minute later, it is a new call; pressed twice at once, it is one.
        dedupe_key=f"danger:{draft.pk}:{draft.alert_role}:{at:%Y%m%d%H%M}",
        at=at,
        recipients=recipients,
    )


def question_asked(*, incident: Incident, question: ChronologyEntry, at: datetime) -> None:
    """Tell the reporter that a question waits for them."""
    outbox.queue(
        school=incident.school,
        kind="incidents/question_asked",
        path=_own_path(incident.school, incident.reference),
        dedupe_key=f"question:{question.pk}",
        at=at,
        recipients=[incident.logged_by],
    )


def question_answered(*, incident: Incident, answer: ChronologyEntry, recipients: Sequence[User], at: datetime) -> None:
    """Tell those who wait for it that the answer is there."""
    outbox.queue(
        school=incident.school,
        kind="incidents/question_answered",
        path=incident.get_absolute_url(),
        dedupe_key=f"answer:{answer.pk}",
        at=at,
        recipients=recipients,
    )


def file_added(*, incident: Incident, number: int, recipients: Sequence[User], at: datetime) -> None:
    """Tell those who handle a case that the reporter added something to it."""
    outbox.queue(
        school=incident.school,
        kind="incidents/file_added",
        path=reverse("attachment-list", kwargs={"school": incident.school.slug, "reference": incident.reference}),
        dedupe_key=f"file:{incident.pk}:{number}",
        at=at,
        recipients=recipients,
    )


def owner_set(*, incident: Incident, owner: User, at: datetime) -> None:
    """Tell the new owner that a case is theirs."""
    outbox.queue(
        school=incident.school,
        kind="incidents/owner_set",
        path=incident.get_absolute_url(),
        dedupe_key=f"owner:{incident.pk}:{at.isoformat()}",
        at=at,
        recipients=[owner],
    )


def concern_closed(*, incident: Incident, at: datetime) -> None:
    """Tell the reporter that what they logged was followed up and closed."""
    outbox.queue(
        school=incident.school,
        kind="incidents/concern_closed",
        path=_own_path(incident.school, incident.reference),
        dedupe_key=f"closed:{incident.pk}:{at.isoformat()}",
        at=at,
        recipients=[incident.logged_by],
    )


def closing_asked(*, incident: Incident, recipients: Sequence[User], at: datetime) -> None:
    """Tell those who may agree that somebody wants to close a case."""
    _about_closing(incident, "incidents/closing_asked", recipients, at)


def closing_declined(*, incident: Incident, recipients: Sequence[User], at: datetime) -> None:
    """Tell whoever asked that the case is not closed yet."""
    _about_closing(incident, "incidents/closing_declined", recipients, at)


def _about_closing(incident: Incident, kind: str, recipients: Sequence[User], at: datetime) -> None:
    outbox.queue(
        school=incident.school,
        kind=kind,
        path=incident.get_absolute_url(),
        dedupe_key=f"{kind}:{incident.pk}:{at.isoformat()}",
        at=at,
        recipients=recipients,
    )


def approval_asked(*, approval: CaseApproval, recipients: Sequence[User], at: datetime) -> None:
    """Tell those who may agree that something on a case takes a second person."""
    _about_approval(approval, "incidents/approval_asked", recipients, at)


def approval_answered(*, approval: CaseApproval, at: datetime) -> None:
    """Tell whoever asked that a second person answered."""
    _about_approval(approval, "incidents/approval_answered", [approval.asked_by], at)


def _about_approval(approval: CaseApproval, kind: str, recipients: Sequence[User], at: datetime) -> None:
    case = approval.incident
    named = {"school": case.school.slug, "reference": case.reference}
    outbox.queue(
        school=case.school,
        kind=kind,
        path=reverse("case-approval-list", kwargs=named),
        dedupe_key=f"{kind}:{approval.pk}",
        at=at,
        recipients=recipients,
    )


def quiet_too_long(*, incident: Incident, dedupe_key: str, recipients: Sequence[User], at: datetime) -> None:
    """Tell those who handle a case that nothing has happened on it for too long."""
    outbox.queue(
        school=incident.school,
        kind="incidents/quiet_too_long",
        path=incident.get_absolute_url(),
        dedupe_key=dedupe_key,
        at=at,
        recipients=recipients,
    )


def told_opened(*, told: ToldConcern, at: datetime) -> None:
    """Ask somebody to write up what they were told."""
    outbox.queue(
        school=told.school,
        kind="incidents/told_opened",
        path=told_path(told),
        dedupe_key=f"told_opened:{told.pk}",
        at=at,
        recipients=[told.writer],
    )


def told_reminder(*, told: ToldConcern, at: datetime) -> None:
    """Remind somebody to write up what they were told; within the hour it is the same reminder."""
    outbox.queue(
        school=told.school,
        kind="incidents/told_reminder",
        path=told_path(told),
        dedupe_key=f"told_reminder:{told.pk}:{at:%Y%m%d%H}",
        at=at,
        recipients=[told.writer],
    )


def told_path(told: ToldConcern) -> str:
    """Return the page of what was told and not written up yet."""
    return reverse("told-concern-detail", kwargs={"school": told.school.slug, "told_id": told.pk})


def _own_path(school: School, reference: str) -> str:
    return reverse("my-concern", kwargs={"school": school.slug, "reference": reference})


def filtering_waits(*, school: School, path: str, dedupe_key: str, recipients: Sequence[User], at: datetime) -> None:
    """Tell whoever looks after the filtering, asked for something, or decides, that something waits for them."""
    outbox.queue(
        school=school, kind="incidents/filtering_waits", path=path, dedupe_key=dedupe_key, at=at, recipients=recipients
    )


def filtering_failed(*, school: School, path: str, dedupe_key: str, recipients: Sequence[User], at: datetime) -> None:
    """Tell those who lead on safeguarding, at once, of something they have to look at."""
    outbox.queue(
        school=school, kind="incidents/filtering_failed", path=path, dedupe_key=dedupe_key, at=at, recipients=recipients
    )


def device_waits(*, transfer: CustodyTransfer, at: datetime) -> None:
    """Tell somebody that something waits for their signature."""
    device = transfer.device
    outbox.queue(
        school=device.school,
        kind="incidents/device_waits",
        path=reverse("custody-detail", kwargs={"school": device.school.slug, "device_id": device.pk}),
        dedupe_key=f"device_waits:{transfer.pk}",
        at=at,
        recipients=[transfer.to_user] if transfer.to_user else [],
    )


def named_on_case(*, incident: Incident, grant: CaseGrant, at: datetime) -> None:
    """Tell somebody that a case may be opened by them."""
    outbox.queue(
        school=incident.school,
        kind="incidents/named_on_case",
        path=incident.get_absolute_url(),
        dedupe_key=f"named:{incident.pk}:{grant.user_id}:{at.isoformat()}",
        at=at,
        recipients=[grant.user],
    )


def rerouted(*, incident: Incident, route: Route, at: datetime) -> None:
    """Tell those who handle a case from now on, or the contact outside the school where nobody at it may."""
    school, key = incident.school, f"rerouted:{incident.pk}:{at.isoformat()}"
    if not route.recipients:
        address = school.external_contact_email
        outbox.queue(school=school, kind="incidents/nobody_free", path="/", dedupe_key=key, at=at, address=address)
        return
    path, home = incident.get_absolute_url(), reverse("school-home", kwargs={"school": school.slug})
    messages = [outbox.Message(school, "incidents/new_concern", path, key, route.recipients)]
    if route.stand_ins:
        messages.append(outbox.Message(school, "incidents/team_away", home, f"stand_in:{key}", route.stand_ins))
    outbox.queue_many(messages, at=at)


def low_level_entered(*, concern: LowLevelConcern, recipients: Sequence[User], at: datetime) -> None:
    """Tell those who keep the register that something was entered there by somebody else."""
    outbox.queue(
        school=concern.school,
        kind="incidents/low_level_waits",
        path=reverse("low-level-detail", kwargs={"school": concern.school.slug, "concern_id": concern.pk}),
        dedupe_key=f"low_level:{concern.pk}",
        at=at,
        recipients=recipients,
    )
