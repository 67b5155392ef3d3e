"""The links that set a new password. Apart from the rest of signing in, because the library reads it first of all."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetLinks(PasswordResetTokenGenerator):
    """Whoever is switched off has none: not even one they were sent before."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"
