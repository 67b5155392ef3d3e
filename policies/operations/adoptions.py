"""Adopting an edition of a pack, and taking back what has not begun yet."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import School, User
from policies.catalogue import adoptable_ids, shipped, shipped_text, with_layers
from policies.engine.packs import Pack
from policies.events import PolicyEvent
from policies.models import PackAdoption, PackEdition
from policies.operations import role_limits
from policies.operations.duties import begin_rounds
from policies.queries.packs import DEFAULT, adoption_in_force

_FARTHEST = timedelta(days=731)


@transaction.atomic
def adopt(
    *, school: School, pack_id: str, starts_on: date, at: datetime, by: User | None, note: str = ""
) -> PackAdoption:
    """Adopt the shipped edition of a pack: today at once, another day from its first minute; the one before ends then.

    Cases keep the edition they were judged by; the recurring duties follow at once. Raise Refused for a pack that
    cannot be adopted, a day that is past, an edition that is in force already, or where a later one is planned.
    """
    if pack_id not in adoptable_ids():
        raise Refused("pack_unknown", "There is no such policy. Choose one from the list.")
    today = timezone.localtime(at).date()
    if starts_on < today:
        raise Refused("starts_in_the_past", "A policy applies from today at the earliest. Choose today or a later day.")
    if starts_on > today + _FARTHEST:
        raise Refused("starts_too_late", "That is more than two years away. Check the year.")
    starts_at = at if starts_on == today else timezone.make_aware(datetime.combine(starts_on, time.min))
    layers = with_layers(shipped(pack_id).pack)
    _make_room(school, starts_at, [layer.content_hash for layer in layers], at)
    adoption = _insert(school, layers, starts_at=starts_at, at=at, by=by, note=note)
    begin_rounds(school=school, at=at)
    role_limits.follow(school=school, by=by, at=at)
    return adoption


@transaction.atomic
def withdraw(*, adoption: PackAdoption, by: User, at: datetime) -> None:
    """Take back an adoption that has not begun; what is in force now goes on. Raise Refused once it has begun."""
    _lock(adoption.school)
    adoption.refresh_from_db()
    if adoption.withdrawn_at is not None:
        return
    if adoption.starts_at <= at:
        raise Refused("already_begun", "This policy already applies. Adopt another one to replace it.")
    adoption.withdrawn_at, adoption.withdrawn_by = at, by
    adoption.save(update_fields=["withdrawn_at", "withdrawn_by"])
    before = PackAdoption.objects.for_school(adoption.school).standing()
    before.filter(ends_at=adoption.starts_at).update(ends_at=adoption.ends_at)
    _record(adoption, PolicyEvent.WITHDRAWN, f"Took back the adoption of {adoption.edition}.", by, at)
    role_limits.follow(school=adoption.school, by=by, at=at)


def in_force_or_default(*, school: School, at: datetime) -> PackAdoption:
    """Return what is in force; where a school has adopted nothing, the product's default begins now and is recorded."""
    found = adoption_in_force(school, at=at)
    if found is not None:
        return found
    with transaction.atomic():
        _lock(school)
        return adoption_in_force(school, at=at) or _begin_default(school, at)


def _begin_default(school: School, at: datetime) -> PackAdoption:
    """Let the default speak from now until whatever is planned begins."""
    planned = PackAdoption.objects.for_school(school).standing().filter(starts_at__gt=at).order_by("starts_at").first()
    ends_at = planned.starts_at if planned else None
    layers = with_layers(shipped(DEFAULT).pack)
    return _insert(school, layers, starts_at=at, at=at, by=None, ends_at=ends_at)


def _make_room(school: School, starts_at: datetime, hashes: list[str], at: datetime) -> None:
    """End what is in force when the new one begins."""
    _lock(school)
    standing = PackAdoption.objects.for_school(school).standing()
    later = standing.filter(starts_at__gte=starts_at).order_by("starts_at").first()
    if later is not None and later.starts_at <= at:
        raise Refused("adopted_meanwhile", "Another policy was adopted at the same moment. Look at the list first.")
    if later is not None:
        raise Refused("later_one_planned", "Another policy is planned for that day or later. Take that one back first.")
    current = standing.in_force(starts_at).first()
    if current is None:
        return
    # What applied by default may be adopted by name: then somebody decided it.
    if current.layers == hashes and not current.is_default:
        raise Refused("already_in_force", "This edition applies already. Nothing was changed.")
    current.ends_at = starts_at
    current.save(update_fields=["ends_at"])


def _insert(
    school: School,
    layers: tuple[Pack, ...],
    *,
    starts_at: datetime,
    at: datetime,
    by: User | None,
    note: str = "",
    ends_at: datetime | None = None,
) -> PackAdoption:
    adoption = PackAdoption(
        school=school,
        edition=_keep(layers)[-1],
        layers=[layer.content_hash for layer in layers],
        starts_at=starts_at,
        ends_at=ends_at,
        note=note,
        adopted_at=at,
        adopted_by=by,
    )
    adoption.save(force_insert=True)
    day = timezone.localtime(starts_at).date().isoformat()
    _record(adoption, PolicyEvent.ADOPTED, f"Adopted {adoption.edition} from {day}.", by, at)
    return adoption


def _keep(layers: tuple[Pack, ...]) -> list[PackEdition]:
    """Return the kept editions of these packs, in their order, keeping those that are new."""
    kept = []
    for layer in layers:
        words = {
            "pack_id": layer.id,
            "edition": layer.edition,
            "title": layer.title,
            "text": shipped_text(layer.id),
        }
        edition, _ = PackEdition.objects.get_or_create(content_hash=layer.content_hash, defaults=words)
        kept.append(edition)
    return kept


def _lock(school: School) -> None:
    """Let nobody else change what this school has adopted until the transaction ends."""
    # Rows that point at the school may be added meanwhile: only its own key is left alone.
    School.objects.select_for_update(no_key=True).get(pk=school.pk)


def _record(adoption: PackAdoption, event: PolicyEvent, summary: str, by: User | None, at: datetime) -> None:
    data = {"layers": list(adoption.layers), "note": adoption.note}
    audit.record(
        school=adoption.school,
        actor=by,
        event=event,
        target=f"adoption:{adoption.pk}",
        summary=summary,
        at=at,
        data=data,
    )
