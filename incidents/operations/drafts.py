"""What was typed and not yet sent: kept on the server from the first seconds on."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts import audit
from accounts.access import access_school
from accounts.errors import Refused
from accounts.models import School, User
from accounts.roles import Role
from incidents import notifications
from incidents.events import Event
from incidents.models import ConcernDraft, Incident
from incidents.routes import About, choose_route, headteachers

_SALT = "incidents.drafts.author"
_TOKEN_SECONDS = 3 * 24 * 3600
# More than any concern, less than would hurt: the text of the form and what stands around it.
MOST_LETTERS = 1_500_000


@transaction.atomic
def save_draft(
    *, school: School, author: User, draft_id: uuid.UUID, content: dict[str, Any], at: datetime
) -> ConcernDraft:
    """Keep what was typed, sealed, and return the draft. Refused when it was sent already or is not the author's."""
    text = json.dumps(content, ensure_ascii=False)
    if len(text) > MOST_LETTERS:
        raise Refused(
            "draft_too_long", "This is too long to be saved. Shorten what happened, and say that there is more."
        )
    draft = ConcernDraft.objects.select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None:
        if Incident.objects.for_school(school).filter(draft_id=draft_id).exists():
            raise Refused("draft_sent", "This concern was sent already. You find it under your concerns.")
        draft = ConcernDraft(pk=draft_id, school=school, author=author, started_at=at, saved_at=at, content=text)
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError:
            # The same form was sent twice at once, and the other one came first: now it is there to be found.
            return save_draft(school=school, author=author, draft_id=draft_id, content=content, at=at)
        return draft
    if draft.author_id != author.pk or draft.school_id != school.pk:
        raise Refused("draft_foreign", "This form belongs to somebody else. Start a new one.")
    draft.content, draft.saved_at = text, at
    draft.save(update_fields=["content", "saved_at"])
    return draft


@transaction.atomic
def raise_alarm(*, draft: ConcernDraft, about: About, alleged_ids: frozenset[uuid.UUID], at: datetime) -> None:
    """Call those who would handle the concern to its author at once, and nobody whom it is about.

    Where nobody but the author stands on a rung of the ladder, the next one is called. Refused, and nothing is recorded
    as done, where there is nobody at all.
    """
    if about is About.HEADTEACHER:
        alleged_ids = alleged_ids | frozenset(headteachers(draft.school, at=at))
    called: list[User] = []
    for rung in list(About)[list(About).index(about) :]:
        route = choose_route(draft.school, about=rung, alleged_ids=alleged_ids, at=at)
        called = [user for user in route.called if user.pk != draft.author_id]
        if called:
            break
    if not called:
        raise Refused(
            "nobody_to_alert",
            "Nobody could be alerted from here. Phone: 999 if somebody is about to be hurt, then a senior colleague.",
        )
    draft.alerted_at, draft.alert_role = at, route.handled_by
    draft.alerted_users = [user.pk for user in called]
    draft.save(update_fields=["alerted_at", "alert_role", "alerted_users"])
    notifications.danger_raised(draft=draft, recipients=called, at=at)
    audit.record(
        school=draft.school,
        actor=draft.author,
        event=Event.ALARM_RAISED,
        target=f"draft:{draft.pk}",
        summary="Called for help before writing a concern up.",
        at=at,
        chain=audit.SCHOOL_CHAIN if route.handled_by == Role.DSL else f"case:{draft.pk}",
    )


def drop_draft(*, draft: ConcernDraft, by: User) -> None:
    """Forget a draft its author no longer wants. One with which help was called stays until it is sent."""
    if draft.author_id != by.pk:
        raise Refused("draft_foreign", "This form belongs to somebody else.")
    if draft.alerted_at is not None:
        raise Refused("draft_alerted", "You called for help with this one. Write down what happened and send it.")
    draft.delete()


def author_token(*, user: User, draft_id: uuid.UUID) -> str:
    """Return the proof, carried by the form, that this user began this draft. It opens nothing; it only saves."""
    return signing.dumps([str(user.pk), str(draft_id)], salt=_SALT)


def is_proved(*, token: str, user: User, draft_id: uuid.UUID) -> bool | None:
    """Say whether a form proves that this user began this draft: True, or False where somebody else did; None without
    proof.
    """
    try:
        user_id, signed_id = signing.loads(token, salt=_SALT, max_age=_TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    return bool(user_id == str(user.pk)) if signed_id == str(draft_id) else None


def keep_by_token(*, token: str, school: str, draft_id: uuid.UUID, content: dict[str, Any], at: datetime) -> bool:
    """Save the draft for its author without a session; return False when the proof does not hold or it was sent
    already.
    """
    try:
        user_id, signed_id = signing.loads(token, salt=_SALT, max_age=_TOKEN_SECONDS)
    except signing.BadSignature:
        return False
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or signed_id != str(draft_id):
        return False
    try:
        access = access_school(user, school, at=at)
        save_draft(school=access.school, author=user, draft_id=draft_id, content=content, at=at)
    except (Http404, Refused):
        return False
    return True
