"""What was promised, and whether it holds."""

from dataclasses import dataclass
from typing import Any

from bench.measure.numbers import Times

Measured = dict[tuple[str, str, int], Times]


@dataclass(frozen=True)
class Goal:
    """One promise: what was measured, and the most it may be."""

    name: str
    value: float
    most: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Say whether it holds."""
        return self.value <= self.most

    def __str__(self) -> str:
        value, most = (
            f"{number:.{0 if number >= 100 or self.unit == 'queries' else 2}f}" for number in (self.value, self.most)
        )
        return f"{'met    ' if self.is_met else 'NOT met'}  {self.name}: {value} {self.unit} (at most {most})"


def goals(measured: Measured, sizes: list[int], found: dict[str, Any]) -> list[Goal]:
    """Return every goal for which there are figures. Ratios to the floor are those at the largest size."""
    small, large = sizes[0], sizes[-1]
    known = [
        _ratio(measured, "queue", "queue", large, 2.0),
        _ratio(measured, "case page", "case page", large, 2.5),
        _ratio(measured, "logging", "logging", large, 3.0),
        _ratio(measured, "type-ahead", "bare view", large, 1.5),
        *[
            _growth(measured, page, small, large)
            for page in ("queue", "queue, open", "queue, closed")
            if small != large
        ],
        *[_queries(found, page, most) for page, most in (("queue", 8), ("case page", 12), ("logging", 20))],
    ]
    for name, most in (("search 5000", 300.0), ("search 20000", 1500.0)):
        if (times := measured.get(("ours", name, large))) is not None:
            known.append(Goal(f"{name} texts of 2 KB", times.median, most, "ms"))
    memory, starting = found["memory"], found["check"]
    known += [
        Goal("worker's memory", memory["ours"]["rss"] / memory["floor"]["rss"], 2.0, "x the floor's"),
        Goal("manage.py check", starting["ours"] / starting["floor"], 4.0, "x the floor's"),
        Goal("WeasyPrint in a web worker", float(found["weasyprint"]), 0, "times imported"),
    ]
    return known


def _ratio(measured: Measured, page: str, against: str, size: int, most: float) -> Goal:
    value = measured["ours", page, size].median / measured["floor", against, size].median
    return Goal(f"{page} against the floor's {against}", value, most, "x")


def _growth(measured: Measured, page: str, small: int, large: int) -> Goal:
    value = measured["ours", page, large].median / measured["ours", page, small].median
    return Goal(f"{page}, {large:,} against {small:,}", value, 1.25, "x")


def _queries(found: dict[str, Any], page: str, most: int) -> Goal:
    return Goal(f"{page}, statements", found["queries"][page]["statements"], most, "queries")
