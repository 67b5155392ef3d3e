"""New ways of proving oneself: announced, confirmed by a second person, or counting by themselves after a day."""

from datetime import datetime

from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse

from accounts import audit, outbox
from accounts.access import schools_for
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import FACTOR_WAIT, NewFactor, School, User
from accounts.operations.sessions import end_quietly
from accounts.queries.factors import schools_read, second_people_for, to_be_told

_CODES = Authenticator.Type.RECOVERY_CODES


@transaction.atomic
def note_added(*, user: User, authenticator_id: int, kind: str, at: datetime, is_anew: bool = False) -> NewFactor:
    """Note a new factor and say from when on it opens cases; tell its owner and a second person.

    The first ever counts at once: whoever invited them agreed by inviting. So does whatever belongs to somebody who
    reads nothing of others. Every other waits for a second person, or a day. Recovery codes that come with a factor
    share its fate; made anew (`is_anew`), they are one of their own.
    """
    schools = schools_read(user, at=at)
    comes_along = kind == _CODES and not is_anew
    row = NewFactor(user=user, authenticator_id=authenticator_id, kind=kind, added_at=at, counts_from=at)
    if comes_along:
        row.counts_from = max(at, _newest(user, at))
    elif schools and (is_anew or not _is_first(user, authenticator_id)):
        row.counts_from = at + FACTOR_WAIT
    row.save(force_insert=True)
    _remember(user, at)
    if not comes_along:
        _tell_owner(user, "accounts/factor_added", f"factor:{row.pk}", at)
        told = "accounts/factor_waits" if row.counts_from > at else "accounts/factor_of_colleague"
        for school in schools:
            _tell_second(school, user, told, f"factor:{row.pk}:{school.pk}", at)
    return row


@transaction.atomic
def announce_removal(*, user: User, at: datetime) -> None:
    """Tell somebody and a second person that one of their factors was removed."""
    key = f"removed:{user.pk}:{at.isoformat()}"
    _tell_owner(user, "accounts/factor_removed", key, at)
    announce_to_second(user=user, key=key, at=at)


@transaction.atomic
def announce_to_second(*, user: User, key: str, at: datetime) -> None:
    """Tell a second person that the way a colleague signs in has changed; the owner has heard of it."""
    for school in schools_read(user, at=at):
        _tell_second(school, user, "accounts/factor_of_colleague", f"{key}:{school.pk}", at)


@transaction.atomic
def confirm(*, factor: NewFactor, school: School, by: User, at: datetime) -> None:
    """Let a colleague's new factor open cases from now on. Raise Refused for whoever is not a second person."""
    user = factor.user
    for row in _answered(factor, school, by, at, is_agreed=True):
        row.counts_from = at
        row.save(update_fields=["answered_at", "answered_by", "is_agreed", "counts_from"])
    _remember(user, at)
    _record(school, user, AccountEvent.FACTOR_CONFIRMED, f"Confirmed a new factor of {user.full_name}.", by, at)


@transaction.atomic
def refuse(*, factor: NewFactor, school: School, by: User, at: datetime) -> None:
    """Take a colleague's new factor away, and sign them out everywhere: nobody knows who added it."""
    user = factor.user
    for row in _answered(factor, school, by, at, is_agreed=False):
        row.save(update_fields=["answered_at", "answered_by", "is_agreed"])
        Authenticator.objects.filter(pk=row.authenticator_id, user=user).delete()
    delete_dangling_recovery_codes(user)
    end_quietly(user=user)
    _remember(user, at)
    _tell_owner(user, "accounts/factor_removed", f"refused:{factor.pk}", at)
    _record(school, user, AccountEvent.FACTOR_REFUSED, f"Took a new factor of {user.full_name} away.", by, at)


@transaction.atomic
def take_all_away(*, user: User, school: School, by: User, at: datetime) -> None:
    """Remove every factor of somebody who has lost theirs, so that they can set up a new one, and sign them out.

    The new one waits for a second person as any does. Raise Refused for whoever is not one, and where there is none.
    """
    _refuse_unless_second(school, user, by, at)
    if not Authenticator.objects.filter(user=user).exists():
        raise Refused("no_factor", "They have no second factor. They can set one up as soon as they sign in.")
    for gone in Authenticator.objects.filter(user=user):
        # Whatever was there before: the next one is not the first.
        alike = {"kind": gone.type, "added_at": at, "counts_from": at}
        NewFactor.objects.get_or_create(user=user, authenticator_id=gone.pk, defaults=alike)
    Authenticator.objects.filter(user=user).delete()
    end_quietly(user=user)
    _remember(user, at)
    _tell_owner(user, "accounts/factor_removed", f"lost:{user.pk}:{at.isoformat()}", at)
    summary = f"Removed every factor of {user.full_name}, who has lost theirs."
    _record(school, user, AccountEvent.FACTORS_TAKEN_AWAY, summary, by, at)


def _answered(factor: NewFactor, school: School, by: User, at: datetime, *, is_agreed: bool) -> list[NewFactor]:
    """Answer for a factor, and for the recovery codes that came with it."""
    row = NewFactor.objects.select_for_update(of=("self",)).select_related("user").get(pk=factor.pk)
    _refuse_unless_second(school, row.user, by, at)
    if row.answered_at is not None or row.counts_from <= at:
        raise Refused("answered", "That was answered already, or counts by now.")
    along = NewFactor.objects.filter(user=row.user, kind=_CODES, counts_from=row.counts_from).waiting(at)
    rows = [row, *along.exclude(pk=row.pk)]
    for one in rows:
        one.answered_at, one.answered_by, one.is_agreed = at, by, is_agreed
    return rows


def _refuse_unless_second(school: School, user: User, by: User, at: datetime) -> None:
    if by.pk not in {second.pk for _, second in second_people_for(school, user, at=at)}:
        raise Refused("not_second", "Somebody else has to answer for that.")


def _is_first(user: User, authenticator_id: int) -> bool:
    """Say whether an account never had a factor before."""
    others = Authenticator.objects.filter(user=user).exclude(pk=authenticator_id).exclude(type=_CODES)
    return not NewFactor.objects.filter(user=user).exists() and not others.exists()


def _newest(user: User, at: datetime) -> datetime:
    row = NewFactor.objects.filter(user=user).exclude(kind=_CODES).order_by("-added_at").first()
    return row.counts_from if row else at


def _remember(user: User, at: datetime) -> None:
    """Keep on the account until when something of it waits, so that nobody else is asked."""
    rows = NewFactor.objects.filter(user=user).waiting(at).order_by("-counts_from")
    user.factors_wait_until = rows.values_list("counts_from", flat=True).first()
    user.save(update_fields=["factors_wait_until"])


def _tell_owner(user: User, kind: str, key: str, at: datetime) -> None:
    for school in schools_for(user, at=at)[:1]:
        path = reverse("mfa_index")
        outbox.queue(school=school, kind=kind, recipients=[user], path=path, dedupe_key=key, at=at)


def _tell_second(school: School, user: User, kind: str, key: str, at: datetime) -> None:
    told = to_be_told(school, user, at=at)
    path = reverse("factor-list", kwargs={"school": school.slug})
    outbox.queue(school=school, kind=kind, recipients=told, path=path, dedupe_key=f"{key}:second", at=at)


def _record(school: School, user: User, event: AccountEvent, summary: str, by: User, at: datetime) -> None:
    audit.record(school=school, actor=by, event=event, target=f"user:{user.pk}", summary=summary, at=at)
