"""The packs in force for a school at a moment, and the packs an adoption was judged by."""

from datetime import datetime
from functools import lru_cache

from accounts.models import School
from policies.catalogue import CataloguedPack, parse_catalogued, shipped, shipped_by_hash, with_layers
from policies.engine.packs import Pack
from policies.errors import Fault, PackInvalid
from policies.models import PackAdoption, PackEdition

# What speaks until a school has adopted its policy.
DEFAULT = "starter"


def adoption_in_force(school: School, *, at: datetime) -> PackAdoption | None:
    """Return the adoption in force at a moment, with its edition; None where nothing was adopted yet."""
    found = PackAdoption.objects.for_school(school).in_force(at).select_related("edition", "adopted_by")
    return found.first()


def adoptions_of(school: School) -> list[PackAdoption]:
    """Return every adoption of a school, the newest first, with editions and people."""
    found = PackAdoption.objects.for_school(school).select_related("edition", "adopted_by", "withdrawn_by")
    return list(found.order_by("-starts_at", "-adopted_at"))


def layers_in_force(school: School, *, at: datetime) -> tuple[PackAdoption | None, tuple[CataloguedPack, ...]]:
    """Return what is in force and its packs, the floor first; without an adoption, None and the product's default."""
    adoption = adoption_in_force(school, at=at)
    if adoption is None:
        return None, tuple(shipped(pack.id) for pack in with_layers(shipped(DEFAULT).pack))
    return adoption, layers_of(adoption)


def packs_of(adoption: PackAdoption) -> tuple[Pack, ...]:
    """Return the very packs of an adoption, the floor first; a query only for what this product no longer ships."""
    return tuple(layer.pack for layer in layers_of(adoption))


def layers_of(adoption: PackAdoption) -> tuple[CataloguedPack, ...]:
    """Return the very packs of an adoption with their fields, the floor first; queries as in `packs_of`."""
    shipped_now = {content_hash: shipped_by_hash(content_hash) for content_hash in adoption.layers}
    missing = tuple(content_hash for content_hash, found in shipped_now.items() if found is None)
    kept = _kept(missing) if missing else {}
    return tuple(shipped_now[one] or kept[one] for one in adoption.layers)


@lru_cache(maxsize=64)
def _kept(hashes: tuple[str, ...]) -> dict[str, CataloguedPack]:
    editions = {row.content_hash: row for row in PackEdition.objects.filter(content_hash__in=hashes)}
    lost = [one for one in hashes if one not in editions]
    if lost:
        raise PackInvalid([Fault(lost[0], "", "is the hash of an edition that was never kept.")])
    return {one: parse_catalogued(editions[one].text, file=f"{editions[one].pack_id}.yaml") for one in hashes}
