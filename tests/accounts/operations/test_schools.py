"""Schools: everything they need from their first moment, and a calendar of their own."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.audit import verify_chain
from accounts.encryption import seal, unseal
from accounts.errors import Refused
from accounts.models import AuditChain, AuditEvent, ClosedDay, DataKey, School, Term, Trust
from accounts.operations import keys, schools
from accounts.roles import ROLES, Role
from tests.conftest import Cast
from tests.factories import NOW, make_school

AUTUMN = (date(2026, 9, 2), date(2026, 12, 18))


def _add_term(school: School, starts_on: date = AUTUMN[0], ends_on: date = AUTUMN[1], name: str = "Autumn") -> Term:
    return schools.add_term(school=school, name=name, starts_on=starts_on, ends_on=ends_on, at=NOW)


def test_a_school_has_its_chains_and_its_key_from_the_first_moment(db: None) -> None:
    school = make_school()
    place = {"table": "t", "column": "c", "row_id": 1, "school_id": school.pk}

    assert set(AuditChain.objects.for_school(school).values_list("name", flat=True)) == {
        audit.SCHOOL_CHAIN,
        audit.REGISTER_CHAIN,
    }
    assert DataKey.objects.for_school(school).count() == 1
    assert unseal(seal("text", **place), **place) == "text"
    assert AuditEvent.objects.get(school=school, event="school.created").summary == "Created the school."
    assert verify_chain(school) == []


def test_without_a_key_there_is_no_school(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**details: object) -> None:
        raise OSError("No random numbers.")

    monkeypatch.setattr(keys, "make_data_key", refuse)

    with pytest.raises(OSError, match="random"):
        make_school()

    assert School.objects.count() == 0
    assert AuditChain.objects.count() == 0


@pytest.mark.parametrize("slug", ["oakfield", "Oakfield", "OAKFIELD"])
def test_a_short_name_is_used_once_whatever_its_case(db: None, slug: str) -> None:
    make_school()

    with pytest.raises(Refused) as refusal:
        make_school(slug=slug)

    assert refusal.value.code == "slug_taken"
    assert School.objects.count() == 1


def test_every_school_has_a_data_key_of_its_own(cast: Cast) -> None:
    wrapped = DataKey.objects.values_list("wrapped", flat=True)

    assert len({bytes(key) for key in wrapped}) == 2


def test_a_school_calls_its_roles_what_it_likes_and_gives_them_no_more(db: None) -> None:
    trust = Trust.objects.create(name="Riverside Learning Trust")
    school = make_school(trust=trust, role_titles={"headteacher": "Principal", "dsl": ""})

    assert school.title_of(Role.HEADTEACHER) == "Principal"
    assert school.title_of(Role.DSL) == ROLES[Role.DSL].title
    assert (school.opens_at_time, school.time_zone, school.nation) == (time(8, 0), "Europe/London", "england")


def test_the_database_refuses_a_school_that_closes_before_it_opens(db: None) -> None:
    with pytest.raises(IntegrityError, match="school_opens_before_it_closes"), transaction.atomic():
        make_school(opens_at_time=time(16), closes_at_time=time(8))


# Terms


def test_a_term_is_added_and_removed_with_a_sentence_each(cast: Cast) -> None:
    term = _add_term(cast.school)

    schools.remove_term(term=term, at=NOW, by=cast.administrator)

    assert Term.objects.count() == 0
    told = AuditEvent.objects.filter(school=cast.school, event__startswith="school.term").order_by("seq")
    assert [row.summary for row in told] == ["Added the term Autumn.", "Removed the term Autumn."]


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 12, 18), date(2027, 3, 1)),
        (date(2026, 7, 1), date(2026, 9, 2)),
        (date(2026, 10, 1), date(2026, 10, 9)),
        (date(2026, 1, 1), date(2027, 12, 31)),
        AUTUMN,
    ],
)
def test_terms_of_one_school_never_overlap(cast: Cast, starts_on: date, ends_on: date) -> None:
    _add_term(cast.school)

    with pytest.raises(Refused, match="overlap another term"):
        _add_term(cast.school, starts_on, ends_on)

    assert Term.objects.count() == 1


def test_terms_may_touch_and_the_school_next_door_has_its_own(cast: Cast) -> None:
    _add_term(cast.school)
    _add_term(cast.school, date(2026, 12, 19), date(2027, 3, 31), "Spring")
    _add_term(cast.next_door)

    assert Term.objects.for_school(cast.school).count() == 2
    assert Term.objects.for_school(cast.next_door).count() == 1


@pytest.mark.parametrize("ends_on", [AUTUMN[0], date(2026, 9, 1)])
def test_a_term_ends_after_it_begins(cast: Cast, ends_on: date) -> None:
    with pytest.raises(Refused, match="after the first day"):
        _add_term(cast.school, AUTUMN[0], ends_on)


# Closed days


def test_a_closed_day_is_added_once_and_removed(cast: Cast) -> None:
    day = date(2026, 11, 2)
    closed = schools.add_closed_day(school=cast.school, day=day, reason="Training", at=NOW)
    with pytest.raises(Refused, match="already in the list"):
        schools.add_closed_day(school=cast.school, day=day, reason="Snow", at=NOW)
    schools.add_closed_day(school=cast.next_door, day=day, reason="Training", at=NOW)

    schools.remove_closed_day(closed_day=closed, at=NOW, by=cast.administrator)

    assert ClosedDay.objects.for_school(cast.school).count() == 0
    assert ClosedDay.objects.for_school(cast.next_door).count() == 1
    assert AuditEvent.objects.filter(school=cast.school, summary__contains="2026-11-02").count() == 2
