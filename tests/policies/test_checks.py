"""The check at start-up: every pack can be used, and it costs next to nothing."""

import time
from pathlib import Path

import pytest
from django.core.checks import registry

from policies.checks import packs_can_be_used
from tests.policies.shelves import put_in_place, read_anew


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packs in place of ours."""
    return put_in_place(tmp_path, monkeypatch)


def put(shelf: Path, pack_id: str, rest: str) -> None:
    (shelf / f"{pack_id}.yaml").write_text(f"pack: {pack_id}\ntitle: T\n{rest}")


def said() -> list[tuple[str | None, str]]:
    return [(message.id, str(message.msg)) for message in packs_can_be_used()]


def test_the_check_runs_at_every_start() -> None:
    assert packs_can_be_used in registry.registry.get_checks()


def test_every_pack_that_comes_with_the_product_can_be_used() -> None:
    assert said() == []


def test_a_faulty_pack_is_said_fault_by_fault_and_once(shelf: Path) -> None:
    put(shelf, "floor", "edition: soon\ngrace: later\nlayer: floor\n")
    put(shelf, "oak", "edition: 2026-09\nextends: [floor]\n")

    assert said() == [
        ("policies.E001", "floor.yaml: edition: must be a year and a month such as 2019-09, not 'soon'."),
        ("policies.E001", "floor.yaml: grace: must be a whole number of 0 or more, not 'later'."),
    ]


def test_layers_that_do_not_hold_are_said(shelf: Path) -> None:
    put(shelf, "floor", "edition: 2026-09\nlayer: floor\n")
    put(shelf, "oak", "edition: 2026-09\n")

    assert said() == [
        ("policies.E002", "oak.yaml: extends: leads to no national floor. Name a floor, or a pack that stands on one.")
    ]


def test_an_installation_without_packs_is_said(shelf: Path) -> None:
    assert said() == [("policies.E003", "No policy pack comes with this installation.")]


def test_the_check_is_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    read_anew(monkeypatch)
    started = time.perf_counter()

    packs_can_be_used()

    # 300 ms is the goal on a quiet machine; several test processes share this one.
    assert time.perf_counter() - started < 1.5
