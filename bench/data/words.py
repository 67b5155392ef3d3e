"""Invented words of the length people write, sealed for the very rows they will stand in."""

import io
import os
import random
import uuid
from collections.abc import Iterable, Iterator

from django.db import connection

from accounts.encryption import Sealed, seal

NARRATIVE_BYTES, ACTION_BYTES, ENTRY_BYTES = 2048, 160, 120
# What is searched for: a word that stands in one narrative out of a few hundred.
RARE_WORD = "lanternfish"
RARE_EVERY = 400
# A sealed text begins with a version, a key's id and a nonce, and ends with a tag.
_SEAL_BYTES = 1 + 16 + 12 + 16
_FILLERS = 200
_PLAIN_WORDS = (
    "after before break lunch lesson corridor playground bus phone message group chat picture video account password "
    "stranger friend older younger upset worried quiet crying angry shared asked sent showed deleted blocked reported "
    "teacher tutor parent sister brother home evening night weekend online game server money gift promise secret "
    "and the she he they said that it was with from about because when then again someone nobody everyone later"
)
_BATCH = 2000


def sentence_of(length: int, chance: random.Random) -> str:
    """Return so many letters of plain words."""
    plain = _PLAIN_WORDS.split()
    words: list[str] = []
    count = 0
    while count < length:
        word = chance.choice(plain)
        words.append(word)
        count += len(word) + 1
    return " ".join(words)[:length]


def copy_sealed_texts() -> int:
    """Seal narrative and action of every case that will be opened, into `bench_sealed`; answer how many."""
    with connection.cursor() as cursor:
        columns = "id uuid PRIMARY KEY, narrative bytea, action_taken bytea, service bytea"
        cursor.execute(f"CREATE UNLOGGED TABLE bench_sealed ({columns})")
        cursor.execute("SELECT id, school_id FROM bench_case WHERE is_opened")
        wanted = cursor.fetchall()
    chance = random.Random(7)
    pool = [sentence_of(NARRATIVE_BYTES, chance) for _ in range(300)]
    rare = [f"{text[: -len(RARE_WORD) - 1]} {RARE_WORD}" for text in pool[:20]]
    action = sentence_of(ACTION_BYTES, chance)

    def rows() -> Iterator[tuple[object, ...]]:
        for number, (row_id, school_id) in enumerate(wanted):
            text = chance.choice(rare) if number % RARE_EVERY == 0 else chance.choice(pool)
            yield (
                row_id,
                _for_incident("narrative", text, row_id, school_id),
                _for_incident("action_taken", action, row_id, school_id),
                _for_incident("online_service", "A messaging app", row_id, school_id),
            )

    _copy("bench_sealed (id, narrative, action_taken, service)", rows())
    return len(wanted)


def copy_sealed_entries() -> int:
    """Seal the text of every chronology entry that will be opened, into `bench_sealed_entry`; answer how many."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE bench_sealed_entry (id uuid PRIMARY KEY, text bytea)")
        cursor.execute("SELECT id, school_id FROM bench_entry WHERE is_opened")
        wanted = cursor.fetchall()
    chance = random.Random(9)
    pool = [sentence_of(ENTRY_BYTES, chance) for _ in range(100)]
    _copy(
        "bench_sealed_entry (id, text)",
        (
            (
                row,
                seal(
                    chance.choice(pool), table="incidents_chronologyentry", column="text", row_id=row, school_id=school
                ),
            )
            for row, school in wanted
        ),
    )
    return len(wanted)


def copy_fillers() -> None:
    """Put bytes of the right length where no page will ever open them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNLOGGED TABLE bench_filler (n int PRIMARY KEY, narrative bytea, action bytea, entry bytea)"
        )
    lengths = [NARRATIVE_BYTES, ACTION_BYTES, ENTRY_BYTES]
    _copy(
        "bench_filler (n, narrative, action, entry)",
        ((n, *(b"\x01" + os.urandom(_SEAL_BYTES + length - 1) for length in lengths)) for n in range(_FILLERS)),
    )


def _for_incident(column: str, text: str, row_id: uuid.UUID, school_id: uuid.UUID) -> Sealed:
    return seal(text, table="incidents_incident", column=column, row_id=row_id, school_id=school_id)


def _copy(target: str, rows: Iterable[tuple[object, ...]]) -> None:
    """COPY rows in batches; bytes go as PostgreSQL's hexadecimal."""
    batch: list[str] = []
    for row in rows:
        batch.append("\t".join(f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value) for value in row))
        if len(batch) == _BATCH:
            _send(target, batch)
            batch = []
    _send(target, batch)


def _send(target: str, lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {target} FROM STDIN", io.StringIO(text))
