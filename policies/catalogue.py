"""The packs that come with the product, each read once, and the layers a pack stands on."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policies.engine.packs import Pack
from policies.engine.vocabulary import Layer
from policies.errors import Fault, PackInvalid
from policies.loading import PackSource, build_pack, content_hash, load_source, parse_source
from policies.loading.faults import shown

_ENDINGS = (".yaml", ".yml")
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


def parse_catalogued(text: str, *, file: str) -> CataloguedPack:
    """Return the pack of a text that was kept; raise PackInvalid with everything that is wrong with it."""
    source = parse_source(text, file=file)
    return CataloguedPack(build_pack(source, file=file, text_hash=content_hash(text)), source)


@cache
def shipped(pack_id: str) -> CataloguedPack:
    """Return a shipped pack; raise PackInvalid when there is none of that id, or it is faulty."""
    path = SHIPPED / f"{pack_id}.yaml"
    if pack_id not in shipped_ids():
        raise PackInvalid([Fault(pack_id, "", f"is not a pack. Allowed: {', '.join(shipped_ids())}.")])
    found = read_pack(path)
    if found.pack.id != pack_id:
        sentence = f"must be {pack_id!r}, as the file is called, not {shown(found.pack.id)}."
        raise PackInvalid([Fault(path.name, "pack", sentence)])
    return found


def named(name: str) -> CataloguedPack:
    """Return the pack of a shipped pack's id, or of the path of a .yaml file; raise PackInvalid as both do."""
    if not is_path(name):
        return shipped(name)
    if not is_file_of_pack(name):
        raise PackInvalid([Fault(Path(name).name, "", "is not read. The path of a pack ends in .yaml or .yml.")])
    return read_pack(Path(name))


def is_path(name: str) -> bool:
    """Say whether a pack is named by the path of its file rather than by its id."""
    return "/" in name or is_file_of_pack(name)


def is_file_of_pack(name: str) -> bool:
    """Say whether a path ends as the files of packs do; nothing else is opened."""
    return name.endswith(_ENDINGS)


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
    """Return a pack and every pack it extends, the floor first; raise PackInvalid where the layers do not hold."""
    return tuple(sorted((*(one.pack for one in stands_on(pack)), pack), key=_nearness))


def stands_on(pack: Pack) -> tuple[CataloguedPack, ...]:
    """Return every pack that a pack extends, directly or not, the floor first.

    Raise PackInvalid where one is not there, they go round in a ring, one is nearer the school than what extends it,
    or nothing leads down to a national floor.
    """
    found: dict[str, CataloguedPack] = {}
    _visit(pack, (), found)
    below = tuple(sorted(found.values(), key=lambda one: _nearness(one.pack)))
    if pack.layer is not Layer.FLOOR and not any(one.pack.layer is Layer.FLOOR for one in below):
        raise _extends(pack, "leads to no national floor. Name a floor, or a pack that stands on one.")
    return below


def _visit(pack: Pack, trail: tuple[str, ...], found: dict[str, CataloguedPack]) -> None:
    trail = (*trail, pack.id)
    for parent_id in pack.extends:
        if parent_id in trail:
            raise _extends(pack, f"goes round in a ring: {' > '.join((*trail, parent_id))}.")
        if parent_id not in shipped_ids():
            raise _extends(pack, f"names {shown(parent_id)}, which is not there. Allowed: {', '.join(shipped_ids())}.")
        parent = shipped(parent_id)
        if parent.pack.layer > pack.layer or pack.layer is Layer.FLOOR:
            sentence = (
                f"names {shown(parent_id)}. A floor stands on nothing, a partnership on a floor, a school on either."
            )
            raise _extends(pack, sentence)
        if parent_id not in found:
            _visit(parent.pack, trail, found)
            found[parent_id] = parent


def _extends(pack: Pack, sentence: str) -> PackInvalid:
    return PackInvalid([Fault(f"{pack.id}.yaml", "extends", sentence)])


def _nearness(pack: Pack) -> tuple[Layer, str]:
    return pack.layer, pack.id
