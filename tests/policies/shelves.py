"""A shelf of packs in place of the shipped ones, which stay read as they are for every other test."""

from functools import cache
from pathlib import Path

import pytest

from policies import catalogue, checks


def read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let packs be read again, and forget what was read when the test is over."""
    shipped = cache(catalogue.shipped.__wrapped__)
    monkeypatch.setattr(catalogue, "shipped", shipped)
    monkeypatch.setattr(checks, "shipped", shipped)


def put_in_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a folder stand for the shipped packs; return it."""
    monkeypatch.setattr(catalogue, "SHIPPED", folder)
    read_anew(monkeypatch)
    return folder
