"""Past incidents from a spreadsheet: looked at first, then taken over in portions, each line accounted for.

What is taken over is a closed case of the safeguarding team. Nobody is told, nothing is owed, and nobody was late: it
was recorded when it happened, elsewhere. The same line is taken over once, whatever file it comes in.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.fingerprints import fingerprinter
from accounts.models import Person, PersonKind, School, User, searchable
from incidents.events import Event
from incidents.models import Import, ImportLine, Incident, InvolvedPerson
from incidents.operations import chronology
from incidents.references import new_reference
from incidents.spreadsheets import Line, Past, past_of, read_lines
from incidents.statuses import Level, LineState, Outcome, Part, Precision, Status
from incidents.uploads.traces import holds_image_in_letters
from policies.engine.taxonomy import Category
from policies.models import PackAdoption
from policies.operations import adoptions

PORTION = 2000
_LATE = "Taken over from an earlier record."
_INSERTED = 1000


@transaction.atomic
def read(*, school: School, file_name: str, content: bytes, category: Category, by: User, at: datetime) -> Import:
    """Look at a file and say of every line what would become of it. Nothing is taken over yet.

    `category` is that of lines that name none. Refused: a file that is no spreadsheet of incidents.
    """
    lines = read_lines(content)
    if not lines:
        raise Refused("no_lines", "There are headings in this file, and no line below them.")
    found = Import(
        school=school,
        file_name=file_name.strip()[:200] or "file",
        content=content.decode("utf-8-sig", errors="replace") if _is_utf8(content) else content.decode("cp1252"),
        category=category.value,
        read_at=at,
        read_by=by,
    )
    found.save(force_insert=True)
    rows = _judged(found, lines, at)
    ImportLine.objects.bulk_create(rows, batch_size=_INSERTED)
    _record(found, Event.IMPORT_READ, by, at, {"lines": len(rows)})
    return found


@transaction.atomic
def want(*, taken_from: Import, by: User, at: datetime) -> None:
    """Say that what can be taken over is to be; it is done in portions, in the background."""
    found = _locked(taken_from)
    if found.wanted_at is not None or found.ended_at is not None:
        raise Refused("wanted_already", "This file is being taken over already.")
    if not found.lines.filter(state=LineState.READY).exists():
        raise Refused(
            "nothing_ready", "No line of this file can be taken over. Put right what is wrong, and try again."
        )
    found.wanted_at, found.wanted_by = at, by
    found.save(update_fields=["wanted_at", "wanted_by"])
    _record(found, Event.IMPORT_WANTED, by, at, {})


@transaction.atomic
def drop(*, taken_from: Import, by: User, at: datetime) -> None:
    """Leave a file that was only looked at; its text is forgotten, the account of its lines stays."""
    found = _locked(taken_from)
    if found.wanted_at is not None or found.ended_at is not None:
        raise Refused("wanted_already", "This file is being taken over already.")
    found.lines.filter(state=LineState.READY).update(state=LineState.DROPPED)
    _end(found, by, at)


@transaction.atomic
def take_portion(*, taken_from: Import, at: datetime, most: int = PORTION) -> int:
    """Take over so many lines more, all or none; return how many are left. At the end the text is forgotten."""
    found = _locked(taken_from)
    if found.wanted_by is None or found.ended_at is not None:
        return 0
    waiting = list(found.lines.filter(state=LineState.READY).order_by("number")[:most])
    if waiting:
        _take(found, waiting, at)
    left: int = found.lines.filter(state=LineState.READY).count()
    if not left:
        _end(found, found.wanted_by, at)
    return left


def take_waiting(*, now: datetime, goes_on: Callable[[], bool]) -> int:
    """Take over what people wanted to be, file by file, as long as `goes_on` says so; return how many lines."""
    done = 0
    for found in Import.objects.filter(wanted_at__isnull=False, ended_at__isnull=True).order_by("wanted_at"):
        left = 1
        while left and goes_on():
            before = ImportLine.objects.filter(taken_from=found, state=LineState.READY).count()
            left = take_portion(taken_from=found, at=now)
            done += before - left
    return done


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _judged(found: Import, lines: Sequence[Line], at: datetime) -> list[ImportLine]:
    """Return what would become of every line: ready, here already, repeated in the file, or unreadable and why."""
    mark = fingerprinter(of="import", school_id=found.school_id)
    marks = [mark(_whole(line)) for line in lines]
    taken = ImportLine.objects.filter(school=found.school, state=LineState.TAKEN, fingerprint__in=marks)
    references = {bytes(one): ref for one, ref in taken.values_list("fingerprint", "incident__reference")}
    people, today = _People(found.school), timezone.localtime(at).date()
    seen: dict[bytes, int] = {}
    rows = []
    for line, fingerprint in zip(lines, marks, strict=True):
        state, why = LineState.READY, ""
        try:
            people.check(past_of(line, today=today))
            _check_pictures(line)
        except Refused as refusal:
            state, why = LineState.REFUSED, refusal.sentence
        else:
            if fingerprint in references:
                state, why = LineState.HERE, f"Taken over before, as {references[fingerprint]}."
            elif fingerprint in seen:
                state, why = LineState.REPEATED, f"The same as line {seen[fingerprint]}."
        seen.setdefault(fingerprint, line.number)
        rows.append(_row(found, line.number, state, fingerprint, why))
    return rows


def _row(found: Import, number: int, state: LineState, fingerprint: bytes, why: str) -> ImportLine:
    return ImportLine(
        school=found.school,
        taken_from=found,
        number=number,
        state=state.value,
        fingerprint=fingerprint,
        why=why[:300],
    )


def _whole(line: Line) -> str:
    return "\x1f".join(f"{column}={' '.join(line.text(column).split())}" for column in sorted(line.cells))


class _People:
    """Whom the names in a file belong to: one person present at the school, or nobody that can be told."""

    def __init__(self, school: School) -> None:
        self._by_name: dict[str, list[Person]] = {}
        for person in Person.objects.for_school(school):
            self._by_name.setdefault(searchable(person.name), []).append(person)

    def find(self, name: str) -> Person | None:
        """Return the one person of a name, written either way round."""
        last, _, first = name.partition(",")
        ways = [name, f"{first} {last}"] if first else [name]
        found = [person for way in ways for person in self._by_name.get(" ".join(searchable(way).split()), ())]
        return found[0] if len(found) == 1 else None

    def check(self, past: Past) -> None:
        """Refuse a line that names an adult of the school: who may read that is not for a spreadsheet to decide."""
        for name in past.names:
            person = self.find(name)
            if person is not None and person.kind != PersonKind.PUPIL:
                raise Refused(
                    "names_an_adult", "It names an adult of the school. Log it as a concern: it finds who may read it."
                )


def _check_pictures(line: Line) -> None:
    """Refuse a line in which a picture is written as letters: the picture may be one that nobody may copy."""
    if holds_image_in_letters(_whole(line).encode()):
        raise Refused("picture_in_letters", "It holds a picture written as letters. Take the picture out of it.")


@dataclass(frozen=True)
class _Taken:
    """The rows of one line that is taken over."""

    incident: Incident
    people: list[InvolvedPerson]
    text: str


def _take(found: Import, waiting: Sequence[ImportLine], at: datetime) -> None:
    """Take lines over: three inserts and the ledger, however many there are.

    Whoever takes lines over at the same school waits here, so that none is taken over from two files at once.
    """
    audit.lock_chains({(found.school_id, audit.SCHOOL_CHAIN)})
    waiting = _not_here_yet(found, waiting)
    by_number = {line.number: line for line in read_lines((found.content or "").encode())}
    adoption = adoptions.in_force_or_default(school=found.school, at=at)
    free, people = _References(found.school), _People(found.school)
    today = timezone.localtime(at).date()
    rows: list[_Taken] = []
    for line in waiting:
        past = past_of(by_number[line.number], today=today)
        rows.append(_taken(found, line.number, past, adoption, free.next(), people, at))
        line.incident, line.state = rows[-1].incident, LineState.TAKEN.value
    Incident.objects.bulk_create([row.incident for row in rows])
    InvolvedPerson.objects.bulk_create([person for row in rows for person in row.people])
    ImportLine.objects.bulk_update(waiting, ["incident", "state"])
    told = [chronology.Told(row.incident, Event.IMPORTED, row.text) for row in rows]
    chronology.append_many(told=told, by=found.wanted_by, at=at, data={"import": str(found.pk)})


def _not_here_yet(found: Import, waiting: Sequence[ImportLine]) -> list[ImportLine]:
    """Return the lines that no other file brought since this one was looked at; note it of the others."""
    marks = [bytes(line.fingerprint) for line in waiting]
    taken = ImportLine.objects.filter(school=found.school, state=LineState.TAKEN, fingerprint__in=marks)
    here = {bytes(mark): ref for mark, ref in taken.values_list("fingerprint", "incident__reference")}
    others = [line for line in waiting if bytes(line.fingerprint) in here]
    for line in others:
        line.state, line.why = LineState.HERE.value, f"Taken over before, as {here[bytes(line.fingerprint)]}."
    ImportLine.objects.bulk_update(others, ["state", "why"])
    return [line for line in waiting if bytes(line.fingerprint) not in here]


class _References:
    """References that are free at the school; made for many cases at once."""

    def __init__(self, school: School) -> None:
        self._prefix = school.reference_prefix
        self._used = set(Incident.objects.for_school(school).values_list("reference", flat=True))

    def next(self) -> str:
        """Return one that nobody has."""
        while True:
            found = new_reference(self._prefix, length=4 if len(self._used) < 50_000 else 6)
            if found not in self._used:
                self._used.add(found)
                return found


def _taken(
    found: Import, number: int, past: Past, adoption: PackAdoption, reference: str, people: _People, at: datetime
) -> _Taken:
    by = found.wanted_by
    incident = Incident(
        school=found.school,
        reference=reference,
        draft_id=uuid.uuid4(),
        status=Status.CLOSED,
        status_changed_at=at,
        level=Level.STANDARD,
        category=(past.category or Category(found.category)).value,
        happened_at=past.happened_at,
        happened_precision=(Precision.TIME if past.has_time else Precision.DAY).value,
        became_aware_at=past.happened_at,
        logged_at=at,
        logged_by=by,
        place=past.place.value,
        place_detail=past.place_detail or None,
        narrative=past.description,
        action_taken=past.action,
        late_reason=_LATE,
        closed_at=at,
        closed_by=by,
        outcome=Outcome.RESOLVED.value,
        adoption=adoption,
        is_imported=True,
    )
    named = [_named(incident, people.find(name), name, at, by) for name in past.names]
    return _Taken(incident, _once(named), _told(found, number, past))


def _named(incident: Incident, person: Person | None, name: str, at: datetime, by: User | None) -> InvolvedPerson:
    return InvolvedPerson(
        school=incident.school,
        incident=incident,
        person=person,
        description=None if person else name,
        part=Part.NAMED.value,
        # What year and form they were in then, nobody wrote down.
        year_group_then="",
        form_then="",
        added_at=at,
        added_by=by,
    )


def _once(named: Iterable[InvolvedPerson]) -> list[InvolvedPerson]:
    return list({row.person_id or row.description: row for row in named}.values())


def _told(found: Import, number: int, past: Past) -> str:
    said = [f"Line {number} of {found.file_name}."]
    if past.recorder:
        said.append(f"Recorded then by {past.recorder}.")
    if past.category_words:
        said.append(f"Category then: {past.category_words}.")
    return " ".join(said)


def _end(found: Import, by: User, at: datetime) -> None:
    found.ended_at, found.content = at, None
    found.save(update_fields=["ended_at", "content"])
    counts = {state.value: found.lines.filter(state=state).count() for state in LineState}
    _record(found, Event.IMPORT_ENDED, by, at, {name: number for name, number in counts.items() if number})


def _locked(taken_from: Import) -> Import:
    rows = Import.objects.select_for_update(of=("self",), no_key=True).select_related("school", "wanted_by")
    found: Import = rows.get(pk=taken_from.pk)
    return found


def _record(found: Import, event: Event, by: User, at: datetime, data: dict[str, int]) -> None:
    audit.record(
        school=found.school,
        actor=by,
        event=event.value,
        target=f"import:{found.pk}",
        summary=f"{event.label}.",
        at=at,
        data=data,
    )
