"""One noun, one name, in every layer: whoever looks for it finds the whole feature. No drawers for odds and ends."""

import ast

import pytest

from tests.architecture.source import APPS, ROOT, Module, modules, must_be_none, strings, templates

LAYERS = ("forms", "operations", "views")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "misc", "shared", "lib", "base_utils", "tools"}
SUFFIXES = ("Service", "Manager", "Helper", "Helpers", "Util", "Utils", "Mixin")
# Django looks for these under their names.
ALLOWED_SUFFIXES = {"UserManager": "the manager of AUTH_USER_MODEL"}
# Nouns of which there is one, or that cannot be counted.
NOT_COUNTED = {
    "calendar": "a school has one",
    "what_if": "a question; nothing of it is kept",
    "chronology": "a case has one",
    "emergency_access": "what opens cases in an emergency; each time it is one",
    "custody": "the keeping of devices; a device is one, and its hand-overs are transfers",
    "closing": "a case has one, with a second person where its policy wants one",
    "triage": "a case has one",
    "login": "what one does to get in",
    "ownership": "who owns a case, and how urgent it is to them",
    "people": "the plural of person",
    "profile": "everybody has one",
    "reporting": "the concern form, in all its steps",
    "routing": "where a case goes",
    "sharing": "who may open a case besides those who handle it",
    "second_factor": "why one is needed",
    "sweep": "there is one, over every table of what is owed",
    "workflow": "the order of statuses, and the buttons that move a case along it",
    "workload": "what waits for somebody",
}
# A page so large that it takes several files; each belongs to the noun named here and shares its templates and tests.
PARTS = {
    "incidents/forms/words.py": ("reporting", "the field for people's own words, which every form of the app uses"),
    "incidents/views/reporting_page.py": ("reporting", "what the concern form's page shows"),
    "incidents/views/sentences.py": ("incidents", "sentences on the case page"),
}
# Operations whose page belongs to another noun, with the reason.
NO_PAGE = {
    "incidents/operations/reminders.py": "what the sweep does about told_concerns, which has the page",
    "incidents/operations/parts.py": "the pages of people, and of what takes two",
    "incidents/operations/silences.py": "messages; the silences themselves are shown on my day",
    "policies/operations/filtering_checks.py": "a failed check opens a ticket, so incidents/ has the page",
    "policies/operations/sweep.py": "a command, and the timer",
    "policies/operations/escalations.py": "the sweep does it; shown on my day",
    "incidents/operations/escalations.py": "the sweep does it; shown on the case page",
    "incidents/operations/deliveries.py": "the sweep does it; shown on the case page",
    "incidents/operations/tellings.py": "messages",
    "incidents/operations/routing.py": "part of naming and leaving; shown in the chronology",
    "incidents/operations/judgements.py": "a command, with a dry run",
    "incidents/operations/handovers.py": "the sweep does it; shown in the audit",
    "accounts/operations/audits.py": "incidents/ has the page: there is known which cases somebody may not learn of",
    "accounts/operations/keys.py": "keys are made and wrapped by commands",
    "accounts/operations/people.py": "the register is kept by the school's information system",
    "accounts/operations/access_reviews.py": "what its page must not tell is known in incidents/, which has it",
    "policies/operations/role_limits.py": "follows the adoptions; shown by accounts/views/role_limits.py",
    "accounts/operations/schools.py": "a school is made by a command; its calendar has the page",
    "accounts/operations/trusts.py": "a trust is made by a command",
    "accounts/operations/users.py": "users are made by invitation",
    "incidents/operations/drafts.py": "shown by the concern form",
    "incidents/operations/ownership.py": "a button of the case page, in views/workflow.py",
}
DRAWN_ELSEWHERE = {
    "incidents/views/transfers.py": "the page of the device, in views/custody.py",
    "accounts/views/sessions.py": "templates/usersessions/, where the library looks",
    "accounts/views/login.py": "templates/account/, where the library looks",
    "incidents/views/identifiers.py": "the page of links",
    "incidents/views/feeds.py": "answers calendar programs with a text of their own",
    "incidents/views/notes.py": "the case page",
    "incidents/views/people.py": "answers a script",
    "incidents/views/workflow.py": "the case page",
}


def in_layers() -> list[Module]:
    return [module for module in modules() if module.place in LAYERS and len(module.parts) == 3]


def noun_of(module: Module) -> str:
    return PARTS[module.path][0] if module.path in PARTS else module.parts[2]


def is_plural(noun: str) -> bool:
    return noun in NOT_COUNTED or (noun.endswith("s") and not noun.endswith("ss"))


def drawers(module: Module) -> list[str]:
    return [f"{module.path}: called {part}" for part in module.parts if part in DRAWERS]


def suffixes(module: Module) -> list[str]:
    return [
        module.at(node, f"class {node.name}")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(SUFFIXES) and node.name not in ALLOWED_SUFFIXES
    ]


def rendered(module: Module) -> set[str]:
    """Return the templates of its own app that a module names."""
    named = {text for _, text in strings(module.tree)}
    return {name for name in named if name in templates() and name.startswith(f"{module.app}/")}


def test_every_noun_is_plural() -> None:
    assert [module.path for module in in_layers() if not is_plural(noun_of(module))] == []


def test_every_view_draws_its_own_noun() -> None:
    must_be_none(
        [
            f"{module.path} draws {name}"
            for module in in_layers()
            if module.place == "views"
            for name in sorted(rendered(module))
            if not name.startswith(f"{module.app}/{noun_of(module)}/")
        ]
    )


def test_every_view_has_its_folder_of_templates() -> None:
    must_be_none(
        [
            f"templates/{module.app}/{noun_of(module)}/ is missing"
            for module in in_layers()
            if module.place == "views" and module.path not in DRAWN_ELSEWHERE
            if not (ROOT / "templates" / module.app / noun_of(module)).is_dir()
        ]
    )


def test_every_operation_has_a_page_of_the_same_noun() -> None:
    pages = {(module.app, noun_of(module)) for module in in_layers() if module.place == "views"}

    must_be_none(
        [
            f"{module.path} has no views/{noun_of(module)}.py"
            for module in in_layers()
            if module.place == "operations" and module.path not in NO_PAGE
            if (module.app, noun_of(module)) not in pages
        ]
    )


def test_every_noun_has_tests_of_its_name() -> None:
    tested = {(path.relative_to(ROOT / "tests").parts[0], path.stem) for path in (ROOT / "tests").rglob("test_*.py")}

    must_be_none(
        sorted(
            {
                f"{module.app}: no test_{noun_of(module)}.py"
                for module in in_layers()
                if (module.app, f"test_{noun_of(module)}") not in tested
            }
        )
    )


def test_every_file_of_tests_mirrors_what_it_tests() -> None:
    strays = [
        path.relative_to(ROOT).as_posix()
        for app in APPS
        for path in sorted((ROOT / "tests" / app).rglob("test_*.py"))
        if not _mirrored(path.relative_to(ROOT / "tests").parts)
    ]

    assert strays == []


def _mirrored(parts: tuple[str, ...]) -> bool:
    """Say whether a test's folder is a folder of ours; in a folder of nouns its name begins with one."""
    folder = ROOT.joinpath(*parts[:-1])
    subject = parts[-1].removeprefix("test_").removesuffix(".py")
    if not folder.is_dir():
        return False
    in_noun_folder = len(parts) > 2 and parts[1] in LAYERS
    return not in_noun_folder or any(subject.startswith(path.stem) for path in folder.glob("[a-z]*.py"))


def test_there_are_no_drawers_for_odds_and_ends() -> None:
    must_be_none([found for module in modules(*APPS, "tests") for found in drawers(module)])


def test_no_class_is_called_after_its_pattern() -> None:
    must_be_none([found for module in modules(*APPS, "tests") for found in suffixes(module)])


def test_every_exception_is_for_a_file_that_exists() -> None:
    assert [path for path in {*PARTS, *NO_PAGE, *DRAWN_ELSEWHERE} if not (ROOT / path).is_file()] == []
    nouns = {module.parts[2] for module in modules() if len(module.parts) == 3}
    assert set(NOT_COUNTED) - nouns == set()


@pytest.mark.parametrize("name", ["incidents.utils", "accounts.views.helpers", "policies.core"])
def test_a_drawer_is_found(name: str) -> None:
    assert drawers(Module(name, "", name))


def test_a_wrong_name_is_found() -> None:
    assert suffixes(Module("incidents.access", "class CaseService:\n    pass"))
    assert not is_plural("referral")
    assert not is_plural("progress")
    assert not _mirrored(("incidents", "operations", "test_nothing.py"))
