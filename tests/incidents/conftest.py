"""The hour at which every page is asked for."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from tests.factories import NOW


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Clock:
    """Let every request happen at the hour of the cast. The second factor has its own tests."""
    hour = Clock(NOW)
    monkeypatch.setattr("django.utils.timezone.now", hour)
    settings.SECOND_FACTOR_REQUIRED = False
    return hour
