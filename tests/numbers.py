"""How many examples a test looks at: few in `./run test`, the number that was promised in `./run assure numbers`."""

from hypothesis import settings

FULL = "full"


def examples(few: int, *, promised: int) -> int:
    """Return how many of something a test takes, by the Hypothesis profile that pytest was started with."""
    return promised if settings.get_current_profile_name() == FULL else few
