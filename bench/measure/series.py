"""The pages that are asked for, ours and the floor's, and the asking in turns."""

import itertools
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.measure.client import CSRF_SECRET, Connection, Reply

Ask = Callable[[int], Reply]

QUERIES = ["al", "fern", "ada bi", "tamsin", "quarry", "wilf he", "oak", "petra", "mi", "zelda dun"]


@dataclass
class Series:
    """One page on one server, asked for again and again over one connection."""

    name: str
    who: str
    size: int
    ask: Ask
    status: int = 200
    must_hold: bytes = b""
    milliseconds: list[float] = field(default_factory=list)

    def once(self, number: int, *, counted: bool) -> None:
        """Ask once more; a wrong answer ends the run, since its time would mean nothing."""
        reply = self.ask(number)
        if reply.status != self.status or self.must_hold not in reply.body:
            wrong = f"{self.who} {self.name} ({self.size:,}) answered {reply.status} {reply.location}"
            raise SystemExit(f"{wrong}\n{reply.body[-600:]!r}")
        if counted:
            self.milliseconds.append(reply.milliseconds)


@dataclass(frozen=True)
class Visit:
    """Who asks whom: a signed-in lead of one school, and a server."""

    port: int
    size: int
    school: dict[str, Any]
    cookies: dict[str, str]

    def connection(self) -> Connection:
        """Open a connection of this user's own."""
        return Connection(self.port, self.cookies)


def cookies_for(session: dict[str, Any], user: str) -> dict[str, str]:
    """Return the cookies of a signed-in browser."""
    return {session["session_cookie"]: session["cookies"][user], session["csrf_cookie"]: CSRF_SECRET}


def in_turns(series: list[Series], *, warm_up: int, rounds: int) -> None:
    """Ask each once, then each once more, and so on: what disturbs the machine disturbs all of them alike."""
    for number in range(warm_up + rounds):
        for each in series:
            each.once(number, counted=number >= warm_up)


def floor_series(visit: Visit) -> list[Series]:
    """The floor's five pages."""
    slug, references = visit.school["slug"], visit.school["references"]
    form = concern(visit.school, 0)
    row = {name: form[name] for name in ("category", "place", "narrative", "action_taken")}

    def series(name: str, ask: Callable[[Connection], Ask], status: int = 200, must_hold: bytes = b"") -> Series:
        return Series(name, "floor", visit.size, ask(visit.connection()), status, must_hold)

    return [
        series("bare view", lambda c: lambda _: c.get("/bare/")),
        series("queue", lambda c: lambda _: c.get(f"/{slug}/queue/"), must_hold=b"</table>"),
        series("queue, open", lambda c: lambda _: c.post(f"/{slug}/status/", {"status": "open"})),
        series("queue, closed", lambda c: lambda _: c.post(f"/{slug}/status/", {"status": "closed"})),
        series("case page", lambda c: lambda n: c.get(f"/{slug}/detail/{references[n % len(references)]}/")),
        series("logging", lambda c: lambda _: c.post(f"/{slug}/create/", row), 302),
    ]


def our_series(visit: Visit) -> list[Series]:
    """The same jobs done by our pages, and two pages more that everybody sees."""
    slug, references = visit.school["slug"], visit.school["references"]
    root, prefix = f"/s/{slug}", references[0][:4].encode()

    def series(name: str, ask: Callable[[Connection], Ask], status: int = 200, must_hold: bytes = b"") -> Series:
        return Series(name, "ours", visit.size, ask(visit.connection()), status, must_hold)

    def queue(status: str) -> Callable[[Connection], Ask]:
        return lambda c: lambda _: c.post(f"{root}/incidents/", {"status": status})

    return [
        series("queue", lambda c: lambda _: c.get(f"{root}/incidents/"), must_hold=prefix),
        series("queue, open", queue("open"), must_hold=prefix),
        series("queue, closed", queue("closed"), must_hold=prefix),
        series(
            "case page", lambda c: lambda n: c.get(f"{root}/incidents/{references[n % len(references)]}/"), 200, prefix
        ),
        series("logging", lambda c: lambda n: c.post(draft_path(slug), concern(visit.school, n)), 302),
        series(
            "type-ahead",
            lambda c: lambda n: c.post(f"{root}/people/search/", {"q": QUERIES[n % len(QUERIES)]}),
            must_hold=b"[",
        ),
        series("concern form", lambda c: lambda _: c.get(f"{root}/incidents/new/"), must_hold=b"<form"),
        series("my day", lambda c: lambda _: c.get(f"{root}/"), must_hold=b"</main>"),
    ]


def search_series(visits: Iterable[Visit]) -> list[Series]:
    """The search for a word that few texts hold, in schools of different sizes."""
    return [
        Series(
            visit.school["purpose"], "ours", visit.size,
            _searching(visit.connection(), f"/s/{visit.school['slug']}/incidents/", visit.school["word"]),
            must_hold=f"/s/{visit.school['slug']}/incidents/{visit.school['references'][0][:4]}".encode(),
        )
        for visit in visits
    ]  # fmt: skip


def draft_path(slug: str) -> str:
    """Return the address of a concern that nobody has begun yet."""
    return f"/s/{slug}/incidents/drafts/{uuid.uuid4()}/"


def concern(school: dict[str, Any], number: int) -> dict[str, Any]:
    """Return what a browser sends when somebody logs a concern about two pupils."""
    aware = datetime.now(UTC) - timedelta(hours=2)
    pupils = list(itertools.islice(itertools.cycle(school["pupils"]), number % 40, number % 40 + 2))
    return {
        "action": "send",
        "danger": "no",
        "adult": "no",
        "narrative": "They showed me a message that frightened them. " * 12,
        "action_taken": "Stayed with the child and told them that I would pass it on.",
        "happened_date": aware.date().isoformat(),
        "happened_time": "",
        "aware_date": aware.date().isoformat(),
        "aware_time": f"{aware:%H:%M}",
        "place": "online",
        "online_service": "A messaging app",
        "category": "contact",
        "person_id": pupils,
        "person_part": ["harmed", "named"],
        "person_description": ["", ""],
    }


def _searching(connection: Connection, path: str, word: str) -> Ask:
    return lambda _: connection.post(path, {"text": word})
