"""Every template is used, stands where its noun says, and holds nothing that our own rules for pages forbid."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.markup import TAG, VARIABLE, Page, names_in, unguarded_forms, without_comments
from tests.architecture.source import APPS, ROOT, modules, must_be_none, strings, templates

# Shown by Django itself, or when it cannot run.
FRAME = {
    "400.html",
    "403.html",
    "404.html",
    "500.html",
    "maintenance.html",
    "session_ended.html",
    "still_you.html",
    "base.html",
    "base_print.html",
}
# Folders in which a library looks for its pages before it takes its own.
LIBRARIES = ("account", "mfa", "usersessions", "socialaccount", "allauth")
ANYWHERE = ("components", "emails")
# A reference stands in the address anyway, and says nothing.
IN_TITLES = {"school.name", "incident.reference"}
# `end`: a signature over the ledger, which proves and tells nothing.
IN_MAILS = {"link", "school.name", "things", "end"}
TITLE = re.compile(r"<title>(.*?)</title>|\{%\s*block\s+(?:head_)?title\s*%\}(.*?)\{%\s*endblock", re.DOTALL)
KIND = re.compile(rf"(?:{'|'.join(APPS)})/[a-z_]+")


def named_in_python() -> set[str]:
    """Return every template that our code names: pages, and the two files of each kind of message."""
    texts = {text for module in modules() for _, text in strings(module.tree)}
    kinds = {text for text in texts if KIND.fullmatch(text)}
    return texts | {f"emails/{kind}{ending}" for kind in kinds for ending in (".subject.txt", ".txt")}


def library_has(name: str) -> bool:
    return any((Path(app.path) / "templates" / name).is_file() for app in apps.get_app_configs())


def unused(pages: dict[str, str], named: set[str]) -> list[str]:
    """Return the templates that nothing leads to, from our code, from Django or from a library."""
    used = {name for name in pages if name in named | FRAME or (name.startswith(LIBRARIES) and library_has(name))}
    waiting = list(used)
    while waiting:
        found = set(names_in(pages[waiting.pop()])) & set(pages) - used
        used |= found
        waiting += found
    return sorted(set(pages) - used)


def strays(pages: dict[str, str]) -> list[str]:
    """Return the templates that stand neither below an app and a noun of its views nor in a folder of their kind."""
    return sorted(name for name in pages if not _has_a_place(name))


def _has_a_place(name: str) -> bool:
    if name in FRAME or name.startswith(tuple(f"{folder}/" for folder in (*LIBRARIES, *ANYWHERE))):
        return True
    app, _, rest = name.partition("/")
    if app == "safeguarding" and "/" not in rest:
        return True
    views = ROOT / app / "views"
    return app in APPS and ((views / f"{rest.partition('/')[0]}.py").is_file() and "/" in rest)


def forbidden(name: str, text: str) -> list[str]:
    """Say what a template holds that our Content-Security-Policy or our rules forbid."""
    found = [f"{name}: a form that posts without csrf_token: {head}" for head in unguarded_forms(text)]
    for tag, attributes in Page(text).tags:
        if tag == "style" or (tag == "script" and "src" not in attributes and not _is_data(attributes)):
            found.append(f"{name}: an inline <{tag}>")
        found += [f"{name}: <{tag} {key}>" for key in attributes if key == "style" or re.fullmatch(r"on[a-z]+", key)]
        links = [attributes.get(key, "") for key in ("href", "src", "action", "formaction")]
        found += [
            f"{name}: leads to {link}" for link in links if link.startswith(("http", "//", "javascript:", "data:"))
        ]
    if re.search(r"\|\s*safe\b|\{%\s*autoescape\s+off", without_comments(text)) and name.endswith(".html"):
        found.append(f"{name}: switches escaping off")
    return found


def _is_data(attributes: dict[str, str]) -> bool:
    return attributes.get("type") in ("application/json", "importmap") or "nonce" in attributes


def told_in_title(name: str, text: str) -> list[str]:
    parts = ["".join(pair) for pair in TITLE.findall(without_comments(text))]
    told = {variable.partition("|")[0].strip() for part in parts for variable in VARIABLE.findall(part)}
    return [f"{name}: {variable} in the title" for variable in sorted(told - IN_TITLES)]


def told_in_mail(name: str, text: str) -> list[str]:
    """A mail may be read on a classroom's whiteboard: it says that something waits, and for whom it is."""
    if not name.startswith("emails/"):
        return []
    told = {variable.partition("|")[0].strip() for variable in VARIABLE.findall(without_comments(text))}
    tags = {tag for tag in TAG.findall(text) if not re.match(r"\{%\s*(autoescape|endautoescape|load)", tag)}
    wrong = [f"{name}: tells {variable}" for variable in sorted(told - IN_MAILS)]
    return wrong + [f"{name}: {tag}" for tag in sorted(tags)]


def foreign_pages() -> list[str]:
    """Find a page rendered by an app that it does not belong to: a template is imported downwards like code."""
    return [
        module.at(node, f"renders {text}, which is another app's")
        for module in modules()
        for node, text in strings(module.tree)
        if text in templates() and text.partition("/")[0] in APPS and not text.startswith(f"{module.app}/")
    ]


def test_every_template_is_used() -> None:
    must_be_none(unused(templates(), named_in_python()))


def test_every_template_that_is_named_exists() -> None:
    named = {name for name in named_in_python() if name.endswith((".html", ".txt")) and "/" in name}
    included = {name for text in templates().values() for name in names_in(text)}

    assert sorted(name for name in named | included if name not in templates() and not library_has(name)) == []


def test_every_template_stands_under_its_app_and_noun() -> None:
    assert strays(templates()) == []


def test_every_page_is_rendered_by_its_own_app() -> None:
    must_be_none(foreign_pages())


@pytest.mark.parametrize("rule", [forbidden, told_in_title, told_in_mail])
def test_no_template_holds_what_is_forbidden(rule: object) -> None:
    must_be_none([found for name, text in templates().items() for found in rule(name, text)])  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "<script>let x</script>",
        "<style>p {}</style>",
        "<p style='color: red'>a</p>",
        "<button onclick='go()'>a</button>",
        "<form method='post'><input></form>",
        "<form class='{% if a > b %}c{% endif %}' method='post'><input></form>",
        "<a href='https://example.org'>a</a>",
        "<p>{{ text|safe }}</p>",
    ],
)
def test_what_is_forbidden_is_found(text: str) -> None:
    assert forbidden("incidents/notes/list.html", text)


@pytest.mark.parametrize(
    "text",
    [
        "<script src='{% static 'a.js' %}'></script>",
        "<script nonce='{{ csp_nonce }}'>let x</script>",
        "<form method='post'>{% csrf_token %}<input></form>",
        "<form method='get'><input></form>",
        "{# <p style='a'> #}<!-- <script>let x</script> -->",
    ],
)
def test_what_is_allowed_is_left_alone(text: str) -> None:
    assert forbidden("incidents/notes/list.html", text) == []


def test_a_lost_template_and_a_telling_one_are_found() -> None:
    pages = {"incidents/nothing/list.html": "", "components/a.html": "{% include 'components/b.html' %}"}

    assert unused(pages | {"components/b.html": ""}, {"components/a.html"}) == ["incidents/nothing/list.html"]
    assert strays(pages) == ["incidents/nothing/list.html"]
    assert told_in_title("a.html", "{% block title %}{{ person.name }}{% endblock %}")
    assert told_in_mail("emails/a.txt", "{{ incident.narrative }}")
