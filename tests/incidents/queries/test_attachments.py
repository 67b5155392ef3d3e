"""The list of a case's files, and why one is not handed out."""

from typing import Any

from incidents.imagery import Holding
from incidents.operations import attachments as operations
from incidents.queries.attachments import files_by, files_of
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_attachments import attached, case


def test_the_newest_stands_first_and_each_says_why_it_is_locked(cast: Cast) -> None:
    incident = case(cast)
    rows = [attached(cast, incident, f"{number}".encode()) for number in range(3)]
    operations.release(attachment=rows[0], reason="Ours.", by=cast.dsl, at=NOW)
    operations.withdraw(attachment=rows[2], reason="Wrong.", by=cast.dsl, at=NOW)

    listed = files_of(incident, Holding.FILES)

    assert [one.file.number for one in listed] == [3, 2, 1]
    assert "withdrawn" in listed[0].locked
    assert "No scanner" in listed[1].locked
    assert listed[2].locked == ""


def test_a_reporter_sees_what_they_added_and_no_more(cast: Cast) -> None:
    incident = case(cast)
    attached(cast, incident)
    own = attached(cast, incident, b"more", by="teacher")

    assert files_by(incident, cast.teacher) == [own]


def test_one_query_however_many_there_are_and_never_the_content(cast: Cast, django_assert_num_queries: Any) -> None:
    incident = case(cast)
    for number in range(4):
        attached(cast, incident, f"{number}".encode())

    with django_assert_num_queries(1) as captured:
        assert [one.file.added_by.full_name for one in files_of(incident, Holding.FILES)]
    assert "attachmentcontent" not in str(captured.captured_queries)
