"""Case references: random, so that no sequence shows how many cases there are or that one is missing."""

import secrets

# No letters or digits that are mistaken for one another when read aloud or copied by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"


def new_reference(prefix: str, *, length: int = 4) -> str:
    """Return a reference such as OAK-7K3F. Whether it is free at the school is for the database to say."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(length))}"
