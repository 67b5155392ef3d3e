"""What a template is made of: its tags, its variables, its forms, and the words that people read."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
# Also as an argument: a component may be told which template to put inside itself.
NAMED = re.compile(r"\{%\s*(?:include|extends)\s(.*?)%\}", re.DOTALL)
FILE = re.compile(r"[\"']([\w/.-]+\.(?:html|txt))[\"']")
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
# Attributes whose value is read out or shown.
SPOKEN = {"aria-label", "title", "placeholder", "alt", "value", "content"}


def without_comments(text: str) -> str:
    """Return a template without what only its authors read."""
    return COMMENT.sub("", text)


def names_in(text: str) -> Iterator[str]:
    """Yield the templates that a template includes or extends, as far as it names them."""
    for arguments in NAMED.findall(without_comments(text)):
        yield from FILE.findall(arguments)


def unguarded_forms(text: str) -> list[str]:
    """Return the opening tags of forms that post and carry no mark against forgery."""
    found = []
    for form in FORM.findall(without_comments(text)):
        head = TAG.sub("", form).partition(">")[0]
        if re.search(r"method\s*=\s*[\"']?post", head, re.IGNORECASE) and "{% csrf_token %}" not in form:
            found.append(head)
    return found


class Page(HTMLParser):
    """Collects tags with their attributes, and the words between and in them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._silent = 0
        # What the template language puts in is of no known length and never ends a sentence of ours.
        self.feed(VARIABLE.sub("…", TAG.sub(" ", without_comments(text))))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append((tag, known))
        self._silent += tag in ("script", "style")
        if tag != "meta" and not (tag == "input" and known.get("type") == "hidden"):
            self.words += [value for name, value in known.items() if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if data.strip() and self._silent <= 0:
            self.words.append(" ".join(data.split()))
