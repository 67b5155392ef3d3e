"""Who is told what, and where the message leads. No message holds a name, a category or a word of the case."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from accounts import outbox
from accounts.models import School, User
from incidents.models import ChronologyEntry, ConcernDraft, Incident, ToldConcern
from incidents.routes import Route


def concern_logged(*, incident: Incident, route: Route, at: datetime) -> None:
    """Tell those who handle it; where nobody at the school may, tell the contact outside it."""
    outbox.queue(
        school=incident.school,
        kind="incidents/new_concern" if route.recipients else "incidents/nobody_free",
        path=incident.get_absolute_url() if route.recipients else "/",
        dedupe_key=f"logged:{incident.pk}",
        at=at,
        recipients=route.recipients,
        address="" if route.recipients else incident.school.external_contact_email,
    )
    if route.stand_ins:
        # They may not open it: nothing of it stands in the message, nor a way to it.
        outbox.queue(
            school=incident.school,
            kind="incidents/team_away",
            path=reverse("school-home", kwargs={"school": incident.school.slug}),
            dedupe_key=f"stand_in:{incident.pk}",
            at=at,
            recipients=route.stand_ins,
        )


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
