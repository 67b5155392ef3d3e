"""Browsers for the cast, and what they send and see."""

import html
import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Person, School, User
from incidents.models import Incident

# What stands between these changes with every page: form tokens, nonces, the proof of who began a draft.
_CHANGING = re.compile(r'(name="(csrfmiddlewaretoken|author)" value="[^"]*"|nonce="[^"]*")')


def browser(user: User, *, strict: bool = False) -> Client:
    """Return a browser in which somebody is signed in; a strict one asks for the form's token as the server does."""
    client = Client(enforce_csrf_checks=strict)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def sign_in_again(client: Client, user: User) -> None:
    """Begin a new session in the same browser."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def address(name: str, school: School, **kwargs: Any) -> str:
    """Return the address of a page of a school."""
    return reverse(name, kwargs={"school": school.slug, **kwargs})


def case_address(name: str, incident: Incident, **kwargs: Any) -> str:
    """Return the address of a page of a case."""
    return address(name, incident.school, reference=incident.reference, **kwargs)


def draft_address(school: School, draft_id: uuid.UUID) -> str:
    """Return the address of a draft."""
    return address("draft-detail", school, draft_id=draft_id)


def typed(*people: Person | tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    """Return a concern as a browser sends it; without people it is about somebody unknown."""
    rows = [(str(who.pk), "harmed", "") if isinstance(who, Person) else who for who in people]
    rows = rows or [("unknown", "harmed", "A girl in Year 6")]
    return {
        "danger": "no",
        "adult": "no",
        "narrative": "They showed me a video that frightened them.",
        "happened_date": "2026-11-17",
        "happened_time": "07:30",
        "aware_date": "2026-11-17",
        "aware_time": "08:15",
        "late_reason": "",
        "place": "online",
        "place_detail": "On the bus",
        "online_service": "A video game",
        "action_taken": "Stayed with the child.",
        "category": "content",
        "person_id": [row[0] for row in rows],
        "person_part": [row[1] for row in rows],
        "person_description": [row[2] for row in rows],
        "person_query": "",
        "action": "send",
        **changes,
    }


def send(client: Client, school: School, data: dict[str, Any], draft_id: uuid.UUID | None = None) -> Any:
    """Press a button of the concern form."""
    return client.post(draft_address(school, draft_id or uuid.uuid4()), data)


def words(response: HttpResponse | Any) -> str:
    """Return a page as a person reads it: without the marks of HTML in front of signs."""
    return html.unescape(response.content.decode())


def body(response: HttpResponse | Any) -> str:
    """Return a page without what differs from one answer to the next."""
    return _CHANGING.sub("", response.content.decode())


def title(response: HttpResponse | Any) -> str:
    """Return the title of a page."""
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


def main(response: HttpResponse | Any) -> str:
    """Return the part of a page between header and footer, unescaped, without what differs from answer to answer."""
    found = re.search(r"<main.*?</main>", body(response), re.DOTALL)
    assert found
    return html.unescape(found[0])


def value_of(response: HttpResponse | Any, name: str) -> str:
    """Return what stands in a box of the page: in its `value`, or between its tags, as a browser would send it."""
    text = response.content.decode()
    box = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', text, re.DOTALL)
    if box:
        return html.unescape(box[1])
    line = next((tag for tag in re.findall(r"<input[^>]*>", text) if f'name="{name}"' in tag), "")
    if 'type="radio"' in line:
        tags = [tag for tag in re.findall(r"<input[^>]*>", text) if f'name="{name}"' in tag and " checked" in tag]
        line = tags[0] if tags else ""
    found = re.search(r'value="([^"]*)"', line)
    return html.unescape(found[1]) if found else ""


def references(response: HttpResponse | Any) -> list[str]:
    """Return the references in the rows of a table, in their order."""
    return re.findall(r'<th scope="row">(?:<input[^>]*> )?<a[^>]*>([A-Z0-9-]+)</a>', response.content.decode())


def audited(school: School, *, since: int = 0) -> list[tuple[str, str]]:
    """Return the cases' events in the audit as (chain, event), oldest first, leaving out so many of the first."""
    rows = AuditEvent.objects.filter(school=school, event__regex=r"^(incident|draft)\.").order_by("at", "chain", "seq")
    return list(rows.values_list("chain__name", "event"))[since:]


def sentences_in(response: HttpResponse | Any, sentences: Sequence[str]) -> list[str]:
    """Return those of the sentences that stand on the page."""
    page = words(response)
    return [sentence for sentence in sentences if sentence in page]
