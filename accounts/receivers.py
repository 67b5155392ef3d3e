"""Signals that third-party apps send: signing in and out, and changes of factors. Each becomes an audit row.

An account may belong to several schools; the event is recorded in the chain of each, since each has to account for it.
"""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.access import schools_for
from accounts.events import AccountEvent
from accounts.models import User


def _record(user: User | None, event: AccountEvent, summary: str) -> None:
    if user is None:
        return
    at = timezone.now()
    with transaction.atomic():
        for school in schools_for(user, at=at):
            audit.record(school=school, actor=user, event=event, target=f"user:{user.pk}", summary=summary, at=at)


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _record(user, AccountEvent.SIGNED_IN, "Signed in.")


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    _record(user, AccountEvent.SIGNED_OUT, "Signed out.")


@receiver(authenticator_added)
def factor_added(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _record(user, AccountEvent.FACTOR_ADDED, "Added a second factor.")


@receiver(authenticator_removed)
def factor_removed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _record(user, AccountEvent.FACTOR_REMOVED, "Removed a second factor.")


@receiver(password_changed)
@receiver(password_reset)
def changed_password(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _record(user, AccountEvent.PASSWORD_CHANGED, "Changed the password.")
