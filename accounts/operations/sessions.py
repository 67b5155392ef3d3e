"""Where somebody is signed in: ended by themselves, by whoever manages accounts, and by a change of their powers."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts import audit
from accounts.access import schools_for
from accounts.events import AccountEvent
from accounts.models import User


@transaction.atomic
def end_sessions(*, user: User, by: User | None, at: datetime, keep: str = "") -> int:
    """Sign somebody out wherever they are signed in, from the next request on; return how many sessions that ended.

    `keep` is the key of a session that goes on. It stands in the ledger of every school the account belongs to.
    """
    ended = end_quietly(user=user, keep=keep)
    if ended:
        for school in schools_for(user, at=at):
            summary = f"Signed {user.full_name} out wherever they were signed in."
            target = f"user:{user.pk}"
            event = AccountEvent.SESSIONS_ENDED
            audit.record(school=school, actor=by, event=event, target=target, summary=summary, at=at)
    return ended


def end_quietly(*, user: User, keep: str = "") -> int:
    """Sign somebody out as `end_sessions` does, where what brought it about is written down already."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for session in sessions:
        session.end()
    return len(sessions)
