"""The environment of everything that is measured: a demonstration in production's settings."""

import os

from safeguarding.embedded import environment, local_keys
from safeguarding.embedded.paths import LOCAL

FOLDER = LOCAL / "bench"
WORKERS = "2"


def for_database(url: str, owner_url: str) -> dict[str, str]:
    """Variables for programs on one database: production's, as a demonstration, so that no second factor is asked."""
    given = environment.without(os.environ, environment.READ_BY_SETTINGS)
    return {
        **environment.for_this_machine(given, 8000),
        **local_keys.missing_keys({}, FOLDER / "keys"),
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": owner_url,
        "CELERY_BROKER_URL": "memory://",
        "STATIC_ROOT": str(FOLDER / "static"),
        "HASHED_STATIC": "1",
        "DEMONSTRATION": "1",
        "DEBUG": "0",
        "WEB_CONCURRENCY": WORKERS,
    }
