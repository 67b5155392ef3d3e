"""The forms of a page as a browser would send them, with every id that stands in them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# What names a row in what is sent: a random id, or a case's reference.
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Z]{3}-[A-Z0-9]{4}")
# Boxes that hold the browser's own proof, or an id that the browser chose for something new.
_OWN = ("csrfmiddlewaretoken", "author")


@dataclass
class SentForm:
    """Where a form goes, and for each of its boxes the values that can be sent, the one that is sent first."""

    action: str
    method: str
    boxes: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **changed: str) -> dict[str, str]:
        """Return it filled in, as far as that can be done without knowing what it asks."""
        return {name: values[0] for name, values in self.boxes.items() if values} | changed

    def naming(self) -> dict[str, str]:
        """Return the boxes by which rows are named, each with one of the rows that it offers."""
        found = {}
        for name, values in self.boxes.items():
            ids = [value for value in values if IDENTIFIER.search(value)]
            if ids and name not in _OWN:
                found[name] = ids[0]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self.inside: SentForm | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = SentForm(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self.inside)
        elif self.inside is None:
            return
        elif tag == "select":
            self.select = said.get("name", "")
            self.inside.boxes.setdefault(self.select, [])
        elif tag == "option" and self.select:
            values = self.inside.boxes[self.select]
            values.insert(0 if "selected" in said else len(values), said.get("value", ""))
        elif tag in ("input", "textarea", "button") and said.get("name"):
            self._box(tag, said)

    def _box(self, tag: str, said: dict[str, str]) -> None:
        values = self.inside.boxes.setdefault(said["name"], [])
        kind, value = said.get("type", "text"), said.get("value", "")
        if kind == "date":
            value = value or "2026-11-20"
        elif kind == "time":
            value = value or "08:00"
        elif tag == "textarea" or kind in ("text", "search"):
            value = value or "Some words"
        values.insert(0 if "checked" in said else len(values), value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = ""


def forms_of(page: str, address: str) -> list[SentForm]:
    """Return the forms of a page that are sent by POST, each with its whole address."""
    reader = _Reader()
    reader.feed(page)
    for form in reader.forms:
        form.action = form.action or address
    return [form for form in reader.forms if form.method == "post"]
