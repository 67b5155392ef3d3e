"""Every address of the site, walked from the site map, with who may use it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access_rules import RULES
from tests.architecture.source import APPS


@dataclass(frozen=True)
class Address:
    """One pattern of the site map: its whole route, its name, what stands in it, and the view behind it."""

    route: str
    name: str | None
    converters: dict[str, Any]
    view: Any

    @property
    def is_ours(self) -> bool:
        """Say whether the view is ours, and not a library's."""
        return str(self.view.__module__).split(".")[0] in APPS

    @property
    def who(self) -> Any:
        """Who may use it: what the view declares, or the rule for a library's page."""
        return getattr(self.view, "who", None) or RULES.get(self.name or "")

    def __str__(self) -> str:
        return self.name or f"/{self.route}"


def addresses(patterns: Iterable[URLPattern | URLResolver] | None = None) -> list[Address]:
    """Return every address below these patterns; without any, every address of the site."""
    return list(_walk(get_resolver().url_patterns if patterns is None else patterns, "", {}))


def _walk(patterns: Iterable[URLPattern | URLResolver], before: str, known: dict[str, Any]) -> Iterator[Address]:
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        converters = known | pattern.pattern.converters
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, converters)
        else:
            yield Address(route, pattern.name, converters, pattern.callback)
