"""The person who signs in."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.models.base import Identified
from accounts.privacy import Retention


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create and return a user; without a password nobody can sign in until one is set by invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator of the installation. It opens no case: see `incidents/access.py`."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(Identified, AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """Somebody who signs in, by e-mail. What they may do is said by memberships, never by flags on this row."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=160)
    is_active = models.BooleanField(default=True)
    # The last day on which somebody named this user on a case, at whatever school; most are never named on one, and
    # are spared the question. It opens nothing: the rows that name them do.
    named_until = models.DateField(null=True)
    # The last moment at which cases may be open to this user in an emergency, at whatever school: a hint too.
    emergency_until = models.DateTimeField(null=True)

    # Until when a new factor of this user opens no case yet. A hint that saves everybody else a question.
    factors_wait_until = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case")]

    class Privacy:
        public = (
            *("id", "is_active", "is_superuser", "last_login", "named_until", "factors_wait_until", "emergency_until"),
            *("groups", "user_permissions"),
        )
        personal = ("email", "full_name", "password")
        special = ()
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return self.full_name
