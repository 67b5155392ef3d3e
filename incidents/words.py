"""People's own words: kept as they were typed, to the last blank. They are evidence."""


def as_typed(text: str) -> str | None:
    """Return the words just as they came; nothing where nothing but blanks was written."""
    return text if text.strip() else None
