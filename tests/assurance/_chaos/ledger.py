"""What the run keeps beside the product's own rows, and when its database could be reached."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg2

# Every clock is set to ring within a minute and a half, and remembered; every rung is noted when it is written. It
# happens in the product's own transaction, as the owner of the tables, so nothing can be lost between the two.
_SET_UP = """
CREATE TABLE chaos_clock (obligation uuid PRIMARY KEY, alert_at timestamptz NOT NULL);
CREATE TABLE chaos_rung (obligation uuid NOT NULL, step int NOT NULL, told text NOT NULL, seen_at timestamptz NOT NULL);
CREATE FUNCTION chaos_hurry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NEW.alert_at IS NOT NULL THEN
        NEW.alert_at = clock_timestamp() + make_interval(secs => 20 + 70 * random());
        NEW.due_at = NEW.alert_at;
        INSERT INTO public.chaos_clock VALUES (NEW.id, NEW.alert_at);
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT NEW.is_reminder THEN
        INSERT INTO public.chaos_rung VALUES (NEW.obligation_id, NEW.step, NEW.told_role, clock_timestamp());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chaos_hurry BEFORE INSERT ON incidents_obligation FOR EACH ROW EXECUTE FUNCTION chaos_hurry();
CREATE TRIGGER chaos_note AFTER INSERT ON incidents_escalation FOR EACH ROW EXECUTE FUNCTION chaos_note();
"""


class Ledger:
    """The owner's view of the database."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Connect as the owner of the tables; everything is one transaction."""
        with closing(psycopg2.connect(self.url, connect_timeout=3)) as made, made:
            yield made

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of one statement."""
        with self.connection() as made, made.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def set_up(self) -> None:
        """Let every clock ring soon, and keep note of it."""
        with self.connection() as made, made.cursor() as cursor:
            cursor.execute(_SET_UP)


class Watch:
    """Asks the database again and again whether it is there, and keeps the times at which it was not."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.outages: list[tuple[datetime, datetime]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        kept: Any = None
        down_since: datetime | None = None
        last_good = datetime.now(UTC)
        while not self._over.is_set():
            try:
                kept = kept or psycopg2.connect(self.url, connect_timeout=2)
                kept.autocommit = True
                with kept.cursor() as cursor:
                    cursor.execute("SELECT 1")
                now = datetime.now(UTC)
                if down_since is not None:
                    self.outages.append((down_since, now))
                down_since, last_good = None, now
            except psycopg2.Error:
                kept = None
                down_since = down_since or last_good
            time.sleep(0.2)
        if down_since is not None:
            self.outages.append((down_since, datetime.now(UTC)))
