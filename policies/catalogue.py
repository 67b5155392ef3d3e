"""The packs that come with the product, each read once, and the layers a pack stands on."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policies.engine.packs import Pack
from policies.engine.vocabulary import Layer
from policies.errors import Fault, PackInvalid
from policies.loading import PackSource, build_pack, load_source

SHIPPED = Path(__file__).resolve().parent / "packs"


@dataclass(frozen=True, eq=False)
class CataloguedPack:
    """A pack as the engine uses it, beside its fields as the file has them, which the linter reads."""

    pack: Pack
    source: PackSource


def shipped_ids() -> list[str]:
    """Return the ids of the shipped packs, in order."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def read_pack(path: Path) -> CataloguedPack:
    """Return the pack of a file; raise PackInvalid with everything that is wrong with it."""
    source, text_hash = load_source(path)
    return CataloguedPack(build_pack(source, file=path.name, text_hash=text_hash), source)


@cache
def shipped(pack_id: str) -> CataloguedPack:
    """Return a shipped pack; raise PackInvalid when there is none of that id, or it is faulty."""
    path = SHIPPED / f"{pack_id}.yaml"
    if pack_id not in shipped_ids():
        known = ", ".join(shipped_ids())
        raise PackInvalid([Fault(path.name, "", f"is not a pack that comes with this product. There are: {known}.")])
    found = read_pack(path)
    if found.pack.id != pack_id:
        sentence = f"must be {pack_id!r}, as the file is called, not {found.pack.id!r}."
        raise PackInvalid([Fault(path.name, "pack", sentence)])
    return found


def shipped_text(pack_id: str) -> str:
    """Return the text of a shipped pack as its file has it."""
    return (SHIPPED / f"{pack_id}.yaml").read_text(encoding="utf-8")


def adoptable_ids() -> list[str]:
    """Return the ids of the shipped packs that a school can adopt: policies of schools, not the layers under them."""
    return [pack_id for pack_id in shipped_ids() if shipped(pack_id).pack.layer is Layer.SCHOOL]


def shipped_by_hash(content_hash: str) -> CataloguedPack | None:
    """Return the shipped pack whose text has this hash; None where this product ships another edition."""
    return _by_hash().get(content_hash)


@cache
def _by_hash() -> dict[str, CataloguedPack]:
    return {found.pack.content_hash: found for found in map(shipped, shipped_ids())}


def with_layers(pack: Pack) -> tuple[Pack, ...]:
    """Return a pack and every pack it extends, the floor first; raise PackInvalid where one is missing or in a ring."""
    found: dict[str, Pack] = {}

    def visit(one: Pack, trail: tuple[str, ...]) -> None:
        if one.id in trail:
            ring = " > ".join((*trail, one.id))
            raise PackInvalid([Fault(f"{pack.id}.yaml", "extends", f"goes round in a ring: {ring}.")])
        for parent in one.extends:
            if parent not in found:
                visit(shipped(parent).pack, (*trail, one.id))
        found[one.id] = one

    visit(pack, ())
    return tuple(sorted(found.values(), key=lambda one: (one.layer, one.id)))
