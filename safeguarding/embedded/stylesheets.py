"""Make a third party's stylesheet ours: no GOV.UK typeface, no file we do not ship, no source map."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

TYPEFACE = '"Inter Variable"'

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
RESTRICTED_FAMILY = re.compile(r"""(["']?)GDS Transport\1""", re.IGNORECASE)
URL = re.compile(r"""url\(\s*(["']?)(?P<target>[^"')]*)\1\s*\)""")
SOURCE_MAP = re.compile(r"/\*#\s*sourceMappingURL=[^*]*\*/|//#\s*sourceMappingURL=\S*")

Resolve = Callable[[str], str | None]


def without_source_map(text: str) -> str:
    """Hashed static files refuse a map that is named and not there."""
    return SOURCE_MAP.sub("", text).rstrip() + "\n"


def without_restricted_fonts(css: str) -> str:
    """The GOV.UK typeface may be used on their domain only."""
    css = FONT_FACE.sub(lambda rule: "" if RESTRICTED_FAMILY.search(rule[0]) else rule[0], css)
    return RESTRICTED_FAMILY.sub(TYPEFACE, css)


def with_urls(css: str, resolve: Resolve) -> str:
    """Point each url(...) at what `resolve` answers for its file name; `none` where it has no answer."""

    def replace(match: re.Match[str]) -> str:
        target = match["target"].strip()
        if target.startswith(("data:", "#")):
            return match[0]
        found = resolve(PurePosixPath(target.split("?")[0].split("#")[0]).name)
        return f"url({found})" if found else "none"

    return URL.sub(replace, css)


def file_names(css: str) -> list[str]:
    """The names of the files a stylesheet asks for, in order, each once."""
    targets = (match["target"].strip() for match in URL.finditer(css))
    return list(dict.fromkeys(PurePosixPath(t).name for t in targets if not t.startswith(("data:", "#"))))


def cleaned(css: str, resolve: Resolve) -> str:
    return without_source_map(with_urls(without_restricted_fonts(css), resolve))
