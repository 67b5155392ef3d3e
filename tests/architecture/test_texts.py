"""How the product speaks: plainly, without blame, without alarm."""

import re

import pytest

from tests.architecture.markup import Page
from tests.architecture.source import Module, modules, must_be_none, strings, templates

WRONG = {
    re.compile(r"\b[Oo]ops\b"): "says what happened",
    re.compile(r"\b[Ss]ubmit(?:s|ted|ting)?\b"): "a button says what it does: send, save, add",
    re.compile(r"\b[Ii]nvalid\b"): "says what to put right",
    re.compile(r"\bN/A\b"): "says nothing, or that it is not known",
    re.compile(r"\w[\"”’')]*!(?!\w)"): "no exclamation marks",
    re.compile(r"\b[Pp]lease try again\b"): "says what to do instead",
    re.compile(r"\b[Cc]lick here\b"): "a link says where it leads",
    re.compile(r"\b(?:an|unknown) error (?:has )?occurred\b", re.IGNORECASE): "says what happened",
    re.compile(r"\b(?:TODO|FIXME|lorem ipsum)\b", re.IGNORECASE): "is finished",
}
# Where sentences for people stand in the code.
SPEAKING = {
    "forms",
    "views",
    "operations",
    "guards",
    "workflow",
    "statuses",
    "events",
    "roles",
    "permissions",
    "middleware",
}


def in_words(place: str, words: str) -> list[str]:
    return [f"{place}: {words!r}: {reason}" for pattern, reason in WRONG.items() if pattern.search(words)]


def in_template(name: str, text: str) -> list[str]:
    words = Page(text).words if name.endswith(".html") else [text]
    return [found for sentence in words for found in in_words(name, sentence)]


def in_code(module: Module) -> list[str]:
    """Look at the texts of a module that are sentences: they begin with a capital letter and have a space."""
    said = [(node, text) for node, text in strings(module.tree) if re.match(r"[A-Z“].*\s", text)]
    return [found for node, text in said for found in in_words(module.at(node, "says"), text)]


def test_templates_speak_plainly() -> None:
    must_be_none([found for name, text in templates().items() for found in in_template(name, text)])


def test_sentences_in_the_code_speak_plainly() -> None:
    must_be_none([found for module in modules() if module.place in SPEAKING for found in in_code(module)])


@pytest.mark.parametrize(
    "text",
    [
        "<h1>Oops</h1>",
        "<button type='submit'>Submit</button>",
        "<p>Invalid input</p>",
        "<td>N/A</td>",
        "<p>Saved!</p>",
        "<button aria-label='Submit the form'></button>",
    ],
)
def test_a_wrong_word_is_found(text: str) -> None:
    assert in_template("incidents/notes/list.html", text)


@pytest.mark.parametrize(
    "text",
    [
        "<button type='submit' class='govuk-!-margin'>Save the note</button>",
        "<span aria-hidden='true'>!</span>",
        "{# Oops! #}{% if a != b %}<p>Saved.</p>{% endif %}<!DOCTYPE html>",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert in_template("incidents/notes/list.html", text) == []


def test_a_wrong_sentence_in_the_code_is_found() -> None:
    assert in_code(Module("incidents.forms.notes", 'label = "Submit your concern"'))
    assert in_code(Module("incidents.forms.notes", 'action = "submit"')) == []
