"""What is made of many times: the middle, and how bad it gets."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Milliseconds of one series."""

    median: float
    p95: float
    count: int


def summed_up(milliseconds: Sequence[float]) -> Times:
    """Return median and 95th percentile."""
    cuts = statistics.quantiles(milliseconds, n=20) if len(milliseconds) > 1 else [milliseconds[0]]
    return Times(statistics.median(milliseconds), cuts[-1], len(milliseconds))
