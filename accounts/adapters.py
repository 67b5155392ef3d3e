"""How the sign-in library behaves and speaks here: by invitation only, in our own words."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from accounts.encryption import seal_secret, unseal_secret
from accounts.models import User

log = logging.getLogger(__name__)


class InviteOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account was switched off. Ask the person who manages this system at your school.",
        "email_password_mismatch": "That e-mail address and password do not belong together. Check both and try again.",
        "enter_current_password": "Type the password you use now.",
        "incorrect_code": "That code is not right. Wait for the next one in your app, and type that.",
        "incorrect_password": "That is not your password. Try again.",
        "invalid_or_expired_key": "That link was used already or is too old. Ask for a new one.",
        "invalid_password_reset": "That link was used already or is too old. Ask for a new one.",
        "too_many_login_attempts": "Too many wrong passwords. Wait five minutes, or use a passkey.",
        "same_as_current": "Choose a password that differs from the one you have.",
        "rate_limited": "That was too fast. Wait a minute and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # Only an address that has an account is written to: a failure that showed would tell who has one.
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as problem:
            log.error("account.mail_failed kind=%s problem=%s", template_prefix, type(problem).__name__)  # noqa: TRY400


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor, in our words. Its secrets are sealed, so that a copy of the database makes no codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Your role needs a second factor and this is your last. Add another first.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first. Recovery codes are for when you lose it.",
        "incorrect_code": "That code is not right. Wait for the next one in your app, and type that.",
    }

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Leave the telling to our own messages, which are tried again; whoever belongs to no school has none."""
        if not user.memberships.exists():
            super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_secret(encrypted_text)
