"""Rows of lists of cases: what a list shows, and nothing that it does not.

A list shows 25 cases with their people. Building whole models for that costs several times what the database does.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.encryption import unseal
from accounts.models import PersonKind, School, detail_of
from incidents.models import IncidentQuerySet, InvolvedPerson
from incidents.statuses import Level, Part
from policies.engine.taxonomy import Category

_CASE = ("pk", "reference", "status", "level", "category", "next_due_at", "logged_at", "owner__full_name")
# Runs for every list. Written by hand: putting it together costs more than running it.
_PEOPLE = """
    SELECT i.incident_id, i.id, i.part, i.year_group_then, i.form_then, i.description,
        p.kind, p.given_name, p.family_name, p.year_group, p.form
    FROM incidents_involvedperson i LEFT JOIN accounts_person p ON p.id = i.person_id
    WHERE i.incident_id = ANY (%s)
"""
_PART_ORDER = {part.value: number for number, part in enumerate(Part)}
_PART_LABELS = {part.value: part.label for part in Part}
_LEVEL_KEYS = {level.value: level.name.lower() for level in Level}
_CATEGORY_LABELS = {category.value: category.label for category in Category}


@dataclass(frozen=True, slots=True)
class RowPerson:
    """Somebody with a part in a case: name, year and form on the day, and the part in words."""

    name: str
    detail: str
    part_label: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list. `level_key` is danger, high, standard or low; those who were harmed come first."""

    id: uuid.UUID
    reference: str
    status: str
    level_key: str
    category_label: str
    next_due_at: datetime | None
    logged_at: datetime
    owner_name: str
    people: list[RowPerson]


def case_rows(school: School, *lists: IncidentQuerySet) -> list[list[CaseRow]]:
    """Return the rows of each list, in its own order; one query a list, and one for all their people."""
    found = [list(cases.values_list(*_CASE)) for cases in lists]
    people = people_of_cases(school, [row[0] for rows in found for row in rows])
    return [[_row(values, people) for values in rows] for rows in found]


def _row(values: tuple[Any, ...], people: dict[uuid.UUID, list[RowPerson]]) -> CaseRow:
    pk, reference, status, level, category, next_due_at, logged_at, owner_name = values
    return CaseRow(
        id=pk,
        reference=reference,
        status=status,
        level_key=_LEVEL_KEYS[level],
        category_label=_CATEGORY_LABELS[category],
        next_due_at=next_due_at,
        logged_at=logged_at,
        owner_name=owner_name or "",
        people=people.get(pk, []),
    )


def people_of_cases(school: School, case_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[RowPerson]]:
    """Return who has a part in each of the cases, those who were harmed first; one query where there is a case."""
    if not case_ids:
        return {}
    by_case: dict[uuid.UUID, list[tuple[int, str, RowPerson]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [case_ids])
        rows = cursor.fetchall()
    for case_id, *values in rows:
        part = values[1]
        person = _person(school, values)
        by_case[case_id].append((_PART_ORDER[part], person.name, person))
    return {case_id: [person for _, _, person in sorted(found, key=_first_two)] for case_id, found in by_case.items()}


def _first_two(entry: tuple[int, str, RowPerson]) -> tuple[int, str]:
    return entry[:2]


def _person(school: School, values: list[Any]) -> RowPerson:
    pk, part, year_then, form_then, description, kind, given_name, family_name, year_group, form = values
    if kind is None:
        name, detail = _described(school, pk, description), "Not in the school’s list"
    elif year_then or form_then:
        name, detail = f"{given_name} {family_name}".strip(), detail_of(PersonKind.PUPIL, year_then, form_then)
    else:
        name, detail = f"{given_name} {family_name}".strip(), detail_of(kind, year_group, form)
    return RowPerson(name, detail, _PART_LABELS[part])


def _described(school: School, pk: uuid.UUID, sealed: bytes) -> str:
    table = InvolvedPerson._meta.db_table
    return unseal(bytes(sealed), table=table, column="description", row_id=pk, school_id=school.pk)
