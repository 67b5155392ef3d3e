"""What is copied out of the packages, and when."""

from pathlib import Path

import pytest

from safeguarding.embedded import frontend, stylesheets


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    """Packages as npm would leave them, in miniature."""
    root = tmp_path / "node_modules"
    files = {
        "govuk-frontend/dist/govuk/govuk-frontend.min.css": (
            "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
            "p{font-family:GDS Transport}i{background:url(/assets/images/govuk-crest.svg)}"
            "/*# sourceMappingURL=govuk-frontend.min.css.map */"
        ),
        "govuk-frontend/dist/govuk/govuk-frontend.min.js": "export{};//# sourceMappingURL=govuk-frontend.min.js.map",
        "@ministryofjustice/frontend/moj/moj-frontend.min.css": (
            "a{background:url(/assets/images/icon-tick.svg)}b{background:url(/assets/images/moj-logotype-crest.svg)}"
        ),
        "@ministryofjustice/frontend/moj/moj-frontend.min.js": "export{};",
        "@ministryofjustice/frontend/moj/assets/images/icon-tick.svg": "<svg/>",
        "@ministryofjustice/frontend/moj/assets/images/moj-logotype-crest.svg": "<svg/>",
        "@fontsource-variable/inter/wght.css": "@font-face{src:url(./files/inter-latin-wght-normal.woff2)}",
        "@fontsource-variable/inter/wght-italic.css": "@font-face{src:url(./files/inter-latin-italic.woff2)}",
        "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "upright",
        "@fontsource-variable/inter/files/inter-latin-italic.woff2": "italic",
        "@fontsource-variable/inter/files/inter-unused.woff2": "unused",
        "@fontsource-variable/inter/LICENSE": "the licence",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_only_what_pages_need_is_copied(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "local" / "frontend"
    frontend.copy_assets(node_modules, target)
    copied = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert copied == {
        "vendor/govuk/govuk-frontend.min.css",
        "vendor/govuk/govuk-frontend.min.js",
        "vendor/moj/moj-frontend.min.css",
        "vendor/moj/moj-frontend.min.js",
        "vendor/moj/images/icon-tick.svg",
        "vendor/inter/inter.css",
        "vendor/inter/inter-document.css",
        "vendor/inter/inter-latin-wght-normal.woff2",
        "vendor/inter/inter-latin-italic.woff2",
        "vendor/inter/LICENSE",
    }


def test_every_file_a_copied_stylesheet_names_is_there(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "frontend"
    frontend.copy_assets(node_modules, target)
    for sheet in target.rglob("*.css"):
        text = sheet.read_text()
        assert "GDS Transport" not in text
        assert "sourceMappingURL" not in text
        for match in stylesheets.URL.finditer(text):
            assert (sheet.parent / match["target"]).is_file(), f"{sheet.name} names {match['target']}"


def test_copying_again_leaves_nothing_of_the_copy_before(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "frontend"
    frontend.copy_assets(node_modules, target)
    (target / "vendor" / "old.css").write_text("a{}")
    frontend.copy_assets(node_modules, target)
    assert not (target / "vendor" / "old.css").exists()
    assert [path.name for path in target.iterdir()] == ["vendor"]


def test_without_npm_there_is_a_sentence_and_no_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "npm_commands", list)
    problem = frontend.prepare(tmp_path / "frontend")
    assert problem is not None
    assert "npm is not on PATH" in problem
    assert not (tmp_path / "frontend.stamp").exists()


def test_nothing_is_fetched_when_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "frontend" / "vendor").mkdir(parents=True)
    (tmp_path / "frontend.stamp").write_text(frontend.fingerprint())
    monkeypatch.setattr(frontend, "install_packages", lambda: pytest.fail("asked npm again"))
    assert frontend.prepare(tmp_path / "frontend") is None


def test_a_failing_npm_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "npm"
    script.write_text("#!/bin/sh\necho 'the network is gone' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(frontend, "npm_commands", lambda: [[str(script)]])
    assert frontend.install_packages() == "npm ci failed (the network is gone)"


def test_the_npm_of_the_wheel_finds_its_own_node_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    assert frontend.npm_environment(["/wheel/bin/node", "/wheel/npm-cli.js"])["PATH"] == "/wheel/bin:/usr/bin"
    assert frontend.npm_environment(["/usr/bin/npm"])["PATH"] == "/usr/bin"


def test_documents_have_a_family_of_their_own_for_each_file_there_is(node_modules: Path, tmp_path: Path) -> None:
    frontend.copy_assets(node_modules, tmp_path / "frontend")
    sheet = tmp_path / "frontend" / "vendor" / "inter" / "inter-document.css"
    assert (
        sheet.read_text() == '@font-face { font-family: "Inter Document"; src: url(inter-latin-wght-normal.woff2); }\n'
    )
