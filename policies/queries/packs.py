"""The packs in force for a school at a moment, and the packs an adoption was judged by."""

from datetime import datetime
from functools import lru_cache

from accounts.models import School
from policies.catalogue import shipped_by_hash
from policies.engine.packs import Pack
from policies.errors import Fault, PackInvalid
from policies.loading import parse_pack
from policies.models import PackAdoption, PackEdition


def adoption_in_force(school: School, *, at: datetime) -> PackAdoption | None:
    """Return the adoption in force at a moment, with its edition; None where nothing was adopted yet."""
    found = PackAdoption.objects.for_school(school).in_force(at).select_related("edition")
    return found.first()


def adoptions_of(school: School) -> list[PackAdoption]:
    """Return every adoption of a school, the newest first, with editions and people."""
    found = PackAdoption.objects.for_school(school).select_related("edition", "adopted_by", "withdrawn_by")
    return list(found.order_by("-starts_at", "-adopted_at"))


def packs_of(adoption: PackAdoption) -> tuple[Pack, ...]:
    """Return the very packs of an adoption, the floor first; a query only for what this product no longer ships."""
    shipped = {content_hash: shipped_by_hash(content_hash) for content_hash in adoption.layers}
    missing = tuple(content_hash for content_hash, found in shipped.items() if found is None)
    kept = _kept(missing) if missing else {}
    return tuple(found.pack if (found := shipped[one]) else kept[one] for one in adoption.layers)


@lru_cache(maxsize=64)
def _kept(hashes: tuple[str, ...]) -> dict[str, Pack]:
    editions = {row.content_hash: row for row in PackEdition.objects.filter(content_hash__in=hashes)}
    lost = [one for one in hashes if one not in editions]
    if lost:
        raise PackInvalid([Fault(lost[0], "", "is the hash of an edition that was never kept.")])
    return {one: parse_pack(editions[one].text, file=f"{editions[one].pack_id}.yaml") for one in hashes}
