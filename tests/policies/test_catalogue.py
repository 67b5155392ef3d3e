"""The packs that come with the product, and the layers a pack stands on."""

from pathlib import Path

import pytest

from policies import catalogue
from policies.engine.vocabulary import Layer
from policies.errors import PackInvalid
from tests.policies.shelves import put_in_place

IDS = [
    "canterbury-cross-2023",
    "england-statutory",
    "junior-kings-canterbury-2023",
    "kent-partnership",
    "kingsmeadow-2019",
    "maidstone-grammar-2020",
    "shipbourne-2018",
    "starter",
]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packs in place of ours."""
    return put_in_place(tmp_path, monkeypatch)


def put(shelf: Path, pack_id: str, layer: str, *extends: str) -> None:
    extended = f"extends: [{', '.join(extends)}]\n"
    (shelf / f"{pack_id}.yaml").write_text(f"pack: {pack_id}\ntitle: T\nedition: 2026-09\nlayer: {layer}\n{extended}")


def layers(pack_id: str) -> list[str]:
    return [pack.id for pack in catalogue.with_layers(catalogue.shipped(pack_id).pack)]


def refused(pack_id: str) -> str:
    with pytest.raises(PackInvalid) as invalid:
        layers(pack_id)
    return str(invalid.value)


def test_the_packs_of_the_contract_are_shipped() -> None:
    assert catalogue.shipped_ids() == IDS


@pytest.mark.parametrize("pack_id", IDS)
def test_every_shipped_pack_stands_on_the_national_floor(pack_id: str) -> None:
    assert layers(pack_id)[0] == "england-statutory"
    assert layers(pack_id)[-1] == pack_id
    assert catalogue.shipped(pack_id).source.pack == pack_id


def test_kent_stands_under_three_of_the_five() -> None:
    on_kent = [pack_id for pack_id in IDS if "kent-partnership" in layers(pack_id)]

    assert on_kent == ["junior-kings-canterbury-2023", "kent-partnership", "maidstone-grammar-2020", "shipbourne-2018"]


def test_a_pack_is_read_once() -> None:
    assert catalogue.shipped("starter") is catalogue.shipped("starter")


def test_a_pack_that_is_not_there_is_refused_with_those_that_are() -> None:
    assert refused("hogwarts") == f"hogwarts: is not a pack. Allowed: {', '.join(IDS)}."


def test_a_pack_is_called_as_its_file(shelf: Path) -> None:
    put(shelf, "oak", "floor")
    (shelf / "oak.yaml").rename(shelf / "elm.yaml")

    assert refused("elm") == "elm.yaml: pack: must be 'elm', as the file is called, not 'oak'."


def test_a_pack_can_be_named_by_its_path(tmp_path: Path) -> None:
    put(tmp_path, "oak", "school", "england-statutory")

    found = catalogue.named(str(tmp_path / "oak.yaml"))

    assert found.pack.id == "oak"
    assert [pack.id for pack in catalogue.with_layers(found.pack)] == ["england-statutory", "oak"]
    assert catalogue.named("starter") is catalogue.shipped("starter")


@pytest.mark.parametrize("name", ["../../etc/passwd", "./hosts", "/oak.yaml/", "oak/secret.yaml.txt"])
def test_nothing_but_the_file_of_a_pack_is_opened(name: str) -> None:
    with pytest.raises(PackInvalid) as invalid:
        catalogue.named(name)

    assert str(invalid.value) == f"{Path(name).name}: is not read. The path of a pack ends in .yaml or .yml."


def test_layers_come_from_the_floor_up_each_once(shelf: Path) -> None:
    put(shelf, "floor", "floor")
    put(shelf, "county", "partnership", "floor")
    put(shelf, "trust", "school", "county", "floor")
    put(shelf, "academy", "school", "trust", "county")

    assert layers("academy") == ["floor", "county", "academy", "trust"]
    assert [one.pack.id for one in catalogue.stands_on(catalogue.shipped("academy").pack)] == [
        "floor",
        "county",
        "trust",
    ]


def test_a_layer_that_is_not_there_is_refused(shelf: Path) -> None:
    put(shelf, "floor", "floor")
    put(shelf, "oak", "school", "flor")

    assert refused("oak") == "oak.yaml: extends: names 'flor', which is not there. Allowed: floor, oak."


@pytest.mark.parametrize(
    ("extends", "ring"),
    [
        ({"oak": ["oak"]}, "oak.yaml: extends: goes round in a ring: oak > oak."),
        ({"oak": ["elm"], "elm": ["oak"]}, "elm.yaml: extends: goes round in a ring: oak > elm > oak."),
    ],
)
def test_layers_in_a_ring_are_refused(shelf: Path, extends: dict[str, list[str]], ring: str) -> None:
    for pack_id, above in extends.items():
        put(shelf, pack_id, "school", *above)

    assert refused("oak") == ring


@pytest.mark.parametrize(("layer", "parent"), [("floor", "floor"), ("floor", "school"), ("partnership", "school")])
def test_a_pack_stands_on_nothing_nearer_the_school(shelf: Path, layer: str, parent: str) -> None:
    put(shelf, "floor", "floor")
    put(shelf, "under", parent)
    put(shelf, "oak", layer, "under")

    assert refused("oak") == (
        "oak.yaml: extends: names 'under'. A floor stands on nothing, a partnership on a floor, a school on either."
    )


@pytest.mark.parametrize("layer", ["partnership", "school"])
def test_a_pack_without_a_floor_is_refused(shelf: Path, layer: str) -> None:
    put(shelf, "oak", layer)

    assert refused("oak") == (
        "oak.yaml: extends: leads to no national floor. Name a floor, or a pack that stands on one."
    )


def test_what_is_wrong_with_a_layer_is_said_of_the_layer(shelf: Path) -> None:
    (shelf / "floor.yaml").write_text("pack: floor\ntitle: T\nedition: soon\nlayer: floor\n")
    put(shelf, "oak", "school", "floor")

    assert refused("oak") == "floor.yaml: edition: must be a year and a month such as 2019-09, not 'soon'."


def test_an_edition_that_was_kept_is_read_from_its_text() -> None:
    text = catalogue.shipped_text("starter")

    kept = catalogue.parse_catalogued(text, file="starter.yaml")

    assert kept.pack.content_hash == catalogue.shipped("starter").pack.content_hash
    assert catalogue.shipped_by_hash(kept.pack.content_hash) is catalogue.shipped("starter")
    assert catalogue.shipped_by_hash("0" * 64) is None


def test_schools_adopt_policies_of_schools() -> None:
    assert catalogue.adoptable_ids() == [one for one in IDS if catalogue.shipped(one).pack.layer is Layer.SCHOOL]
    assert "england-statutory" not in catalogue.adoptable_ids()
