"""Who is at the school of the chaos run, and how its concerns are told apart. Needs no Django."""

import hashlib

SLUG = "chaos"
PASSWORD = "a-password-for-one-run"
REPORTERS = 8
PUPILS = 40


def address(name: str) -> str:
    """Return where somebody signs in and is written to."""
    return f"{name}@chaos.example"


def reporters() -> list[str]:
    """Return the names of those who log concerns."""
    return [f"reporter{number}" for number in range(REPORTERS)]


def digest(text: str) -> str:
    """Return what stands for the words of a concern."""
    return hashlib.sha256(text.encode()).hexdigest()
