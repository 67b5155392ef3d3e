"""How somebody wants to hear of what can wait."""

from datetime import datetime, time

from django.db import transaction

from accounts import outbox
from accounts.errors import Refused
from accounts.models import Mail, Preference, User


@transaction.atomic
def set_preferences(
    *,
    user: User,
    mail: Mail,
    digest_time: time,
    quiet_from: time | None,
    quiet_until: time | None,
    is_quiet_at_weekends: bool,
    at: datetime,
) -> Preference:
    """Keep a person's choice, and look anew at what was held back by the one before.

    Raise Refused for quiet hours without both ends, or with both at the same time, and for a message of the day that
    would come in them.
    """
    if (quiet_from is None) != (quiet_until is None):
        raise Refused("quiet_half", "Say both when the quiet hours begin and when they end, or leave both empty.")
    if quiet_from is not None and quiet_from == quiet_until:
        raise Refused("quiet_all_day", "The quiet hours begin and end at the same time. Choose two different times.")
    choice = Preference.objects.filter(user=user).first() or Preference(user=user)
    choice.mail, choice.digest_time = mail, digest_time
    choice.quiet_from, choice.quiet_until = quiet_from, quiet_until
    choice.is_quiet_at_weekends = is_quiet_at_weekends
    if mail == Mail.DIGEST and choice.is_quiet_time(digest_time):
        raise Refused(
            "digest_in_quiet", "That time lies in your quiet hours. Choose another one for the daily message."
        )
    choice.save()
    outbox.release(user=user, at=at)
    return choice
