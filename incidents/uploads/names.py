"""The name a file came with, made fit to be shown. It is never a path, nor the name it is handed out under."""

import re
import unicodedata

LONGEST = 120
# Signs that turn the direction of a line or cannot be seen: `gpj.exe` looks like something else with them.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SLASHES = re.compile("[/\\\\\u2044\u2215\u29f8\uff0f\uff3c\u2216\u29f5\u29f9]")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def clean_name(given: str) -> str:
    """Return the name without folders, unseen signs and length; `File` where nothing is left."""
    seen = "".join(sign for sign in given[-4_000:] if unicodedata.category(sign) not in _UNSEEN)
    last = _SLASHES.split(seen)[-1].strip(" .")
    if not last or _DEVICES.fullmatch(last):
        return "File"
    if len(last) <= LONGEST:
        return last
    stem, dot, ending = last.rpartition(".")
    return f"{stem[: LONGEST - len(ending) - 2]}….{ending}" if dot and len(ending) < 10 else f"{last[: LONGEST - 1]}…"


def ending_of(name: str) -> str:
    """Return what follows the last dot of the cleaned name, in small letters; nothing where there is no dot."""
    stem, dot, ending = clean_name(name).rpartition(".")
    return ending.lower() if dot and stem else ""
