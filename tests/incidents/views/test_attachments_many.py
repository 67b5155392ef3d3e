"""Many at once: fifty files sent to one case by ten browsers, each kept once, numbered, and as it came."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from accounts.audit import verify_chain
from incidents.models import Attachment, AttachmentContent, Incident
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import make_incident
from tests.incidents.pages import browser, case_address

BROWSERS, FILES = 10, 50


def _send(client: Client, incident: Incident, number: int) -> int:
    try:
        file = SimpleUploadedFile(f"{number}.txt", f"File {number}. ".encode() * 5000)
        code: int = client.post(case_address("attachment-add", incident), {"file": file}).status_code
        return code
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_fifty_files_at_once_are_each_kept_once(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, category=Category.COMMERCE)
    clients = [browser(cast.dsl) for _ in range(BROWSERS)]

    with ThreadPoolExecutor(BROWSERS) as pool:
        codes = list(pool.map(lambda number: _send(clients[number % BROWSERS], incident, number), range(FILES)))

    assert codes == [302] * FILES
    rows = list(Attachment.objects.filter(incident=incident).order_by("number"))
    assert [row.number for row in rows] == list(range(1, FILES + 1))
    assert len({row.sha256 for row in rows}) == FILES
    for content in AttachmentContent.objects.select_related("attachment"):
        assert hashlib.sha256(content.sealed).hexdigest() == content.attachment.sha256
    assert verify_chain(cast.school) == []
