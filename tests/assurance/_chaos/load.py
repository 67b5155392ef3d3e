"""Concerns at a steady rate, as browsers send them: again and again with the same form's id until a receipt comes."""

import http.cookiejar
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.assurance._chaos.cast import PASSWORD, SLUG, address, digest, reporters

PATIENCE = 10.0
AGAIN = 0.5
# One in so many is sent once more after its receipt, as by somebody who went back and pressed the button again.
TWICE = 10
_RECEIPT = re.compile(r"/incidents/mine/([A-Z0-9-]+)/receipt/")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LONDON = ZoneInfo("Europe/London")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where a page leads is what has to be read."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass
class Sent:
    """One concern: when it was written, how long after and with which reference its receipt came."""

    draft: str
    digest: str
    begun: float
    took: float | None = None
    # How long the page took that was the receipt, without what was waited before.
    answered: float = 0.0
    reference: str = ""
    tries: int = 0
    # Receipts that named another case than the first one did.
    contradictions: list[str] = field(default_factory=list)


class Reporter:
    """One signed-in browser. It survives whatever happens to the server: its session is in the database."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.cookies = http.cookiejar.CookieJar()
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies), _Stay())
        self.opener = urllib.request.build_opener(*handlers)

    def sign_in(self) -> None:
        """Sign in as people do."""
        status, _, page = self.ask("/account/sign-in/")
        token = _TOKEN.search(page)
        if status != 200 or token is None:
            raise RuntimeError(f"The sign-in page answered {status}.")
        fields = {"csrfmiddlewaretoken": token.group(1), "login": address(self.name), "password": PASSWORD}
        status, _, page = self.ask("/account/sign-in/", fields)
        if status != 302:
            raise RuntimeError(f"Signing in answered {status}.")

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return the status, where it leads and the text of an answer; OSError where none came."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(f"{self.url}{path}", data=data)  # noqa: S310 - always http
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, "", answer.read().decode(errors="replace")
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get("Location", ""), answer.read().decode(errors="replace")

    def send(self, draft: str, fields: dict[str, str]) -> tuple[int, str, str]:
        """Press the button of the concern form; return the status, the reference on the receipt and the text."""
        token = next((one.value or "" for one in self.cookies if one.name == "csrf"), "")
        path = f"/s/{SLUG}/incidents/drafts/{draft}/"
        status, where, page = self.ask(path, fields | {"csrfmiddlewaretoken": token})
        found = _RECEIPT.search(where)
        return status, found.group(1) if status == 302 and found else "", page


class Load:
    """Writes concerns at a steady rate whether or not anybody answers, and keeps every receipt."""

    def __init__(self, url: str, pupils: list[str], *, rate: float, seconds: float, seed: int, writers: int) -> None:
        self.url, self.pupils = url, pupils
        self.rate, self.seconds, self.seed, self.writers = rate, seconds, seed, writers
        self.sent: list[Sent] = []
        self.problems: Counter[str] = Counter()
        self.sample = ""
        self._waiting: deque[Sent] = deque()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Sign everybody in, then begin."""
        names = reporters()
        people = [Reporter(self.url, names[number % len(names)]) for number in range(self.writers)]
        for person in people:
            person.sign_in()
        works = [threading.Thread(target=self._keep_time, daemon=True)]
        works += [
            threading.Thread(target=self._write, args=(person, self.seed + number), daemon=True)
            for number, person in enumerate(people)
        ]
        self._threads = works
        for work in works:
            work.start()

    def finish(self, patience: float) -> None:
        """Let everything that was begun find its receipt, for so long at most."""
        ends = time.monotonic() + self.seconds + patience
        self._threads[0].join()
        while time.monotonic() < ends and not all(one.reference for one in self.sent):
            time.sleep(0.5)
        self._over.set()
        for work in self._threads[1:]:
            work.join(PATIENCE + 1)

    def acknowledged(self) -> list[Sent]:
        """Return the concerns for which a receipt was shown."""
        return [one for one in self.sent if one.reference]

    def _keep_time(self) -> None:
        began = time.monotonic()
        for number in range(int(self.rate * self.seconds)):
            time.sleep(max(0.0, began + number / self.rate - time.monotonic()))
            one = Sent(draft=str(uuid.uuid4()), digest="", begun=time.monotonic())
            with self._lock:
                self.sent.append(one)
                self._waiting.append(one)

    def _write(self, person: Reporter, seed: int) -> None:
        drawn = random.Random(seed)
        while not self._over.is_set():
            with self._lock:
                one = self._waiting.popleft() if self._waiting else None
            if one is None:
                time.sleep(0.02)
                continue
            fields = _fields(one.draft, drawn, self.pupils)
            one.digest = digest(fields["narrative"])
            while not one.reference and not self._over.is_set():
                self._try(person, one, fields)
            if drawn.randrange(TWICE) == 0:
                self._try(person, one, fields)

    def _try(self, person: Reporter, one: Sent, fields: dict[str, str]) -> None:
        one.tries += 1
        asked = time.monotonic()
        try:
            status, reference, page = person.send(one.draft, fields)
        except OSError as problem:
            self._note(type(getattr(problem, "reason", problem)).__name__)
        except Exception as problem:  # noqa: BLE001 - half an answer from a dying server comes in many shapes
            self._note(type(problem).__name__)
        else:
            if reference and one.reference not in ("", reference):
                one.contradictions.append(reference)
            if reference:
                one.answered = one.answered or time.monotonic() - asked
                one.took = one.took or time.monotonic() - one.begun
                one.reference = one.reference or reference
                return
            self._note(f"status {status}")
            if status not in (500, 502, 503):
                self.sample = page
        time.sleep(AGAIN)

    def _note(self, problem: str) -> None:
        with self._lock:
            self.problems[problem] += 1


def _fields(draft: str, drawn: random.Random, pupils: list[str]) -> dict[str, str]:
    now = datetime.now(UTC).astimezone(_LONDON)
    return {
        "danger": "yes" if drawn.randrange(10) == 0 else "no",
        "adult": "no",
        "narrative": f"They showed me a video that frightened them. {draft}",
        "action_taken": "Stayed with the child.",
        "place": "online",
        "aware_date": now.date().isoformat(),
        "aware_time": f"{now:%H:%M}",
        "category": drawn.choice(["content", "contact", "conduct", "commerce"]),
        "person_id": drawn.choice(pupils),
        "person_part": "harmed",
        "person_description": "",
        "action": "send",
    }
