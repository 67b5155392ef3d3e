"""How the sign-in library behaves and speaks here: by invitation only, in our own words."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


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


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Your role needs a second factor and this is your last. Add another first.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first. Recovery codes are for when you lose it.",
        "incorrect_code": "That code is not right. Wait for the next one in your app, and type that.",
    }
