"""The pages of signing in that need some doing: asked again who it is, and a new factor that opens no case yet."""

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from accounts.operations import factors
from tests.journeys.walking import Stop, press, school
from tests.journeys.worlds import PASSWORD, World

# Their buttons answer POST alone.
POSTED = ("factor-answer", "factor-lost")


def _is_a_while_ago(page: Page, world: World) -> None:
    """Let every proof of every session be an hour old, and send what stands on the page."""
    for row in Session.objects.all():
        kept = row.get_decoded()
        records = kept.get("account_authentication_methods", [])
        kept["account_authentication_methods"] = [{**one, "at": one["at"] - 3600} for one in records]
        Session.objects.filter(pk=row.pk).update(session_data=SessionStore().encode(kept))
    page.get_by_label("First name").fill("Żółta")
    press("Give the role")(page, world)


def _ask_and_guess(page: Page, world: World) -> None:
    # Looking at the page asks as well, since the stop before.
    page.get_by_label("Your password").fill(PASSWORD)
    press("Carry on")(page, world)
    _is_a_while_ago(page, world)
    page.get_by_label("Your password, or a code from your app").fill("not my password")
    press("Carry on")(page, world)


def _somebody_adds(page: Page, world: World) -> None:
    _waiting(world.cast.online_safety_lead)
    page.reload()


def _add_one(page: Page, world: World) -> None:
    _waiting(world.cast.deputy)
    page.reload()


def _waiting(user: User) -> None:
    """Let somebody who has an app add a passkey, which opens no case yet."""
    app, key = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
    if not Authenticator.objects.filter(user=user).exists():
        Authenticator.objects.create(user=user, type=app, data={})
    if user.factors_wait_until is None:
        data = {"name": "Telephone", "credential": {}}
        added = Authenticator.objects.create(user=user, type=key, data=data)
        factors.note_added(user=user, authenticator_id=added.pk, kind=added.type, at=timezone.now())


LEADERS = [
    Stop("factors-none", "factor-list", school),
    Stop("factors", "factor-list", school, then=_somebody_adds, is_main=True),
]
# Of every session the proof is old afterwards: these come last.
ADMINISTRATORS = [
    Stop("still-you-typed", "member-add", school, then=_is_a_while_ago, is_main=True),
    Stop("still-you-typed-wrong", "member-add", school, then=_ask_and_guess),
]
WAITING = [Stop("second-step-waits", "second-factor-needed", then=_add_one, is_main=True)]
