"""The words with which every model says what personal data it holds.

Each model has an inner `class Privacy` that lists every one of its fields under `public`, `personal` or `special`
(special category or criminal-offence data), and names a retention rule. A test fails on an unlisted field; subject
access, retention and the scrubbing of copies read it.
"""

from enum import StrEnum


class Retention(StrEnum):
    """How long a row is kept. The periods themselves are the school's settings; no statute gives one."""

    SCHOOL = "for as long as the school uses the system"
    EMPLOYMENT = "while the person works or helps here, then by the school's schedule"
    CHILD_FILE = "with the child protection file: by the school's schedule, counted from the date of birth"
    ADULT_FILE = "with the adult's case: by the school's schedule, counted from the outcome"
    LEDGER = "for as long as any record it proves is kept"
    SHORT = "days: removed once it has served"
