"""The chronology of a case as it is handed on: in one of three ways, with no more names than its reader may have."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from accounts.models import AuditEvent, Membership, Person, PersonKind, Relationship, School, User
from accounts.roles import ROLES, Role
from incidents.entry_kinds import EntryKind
from incidents.events import Event
from incidents.models import Incident, InvolvedPerson
from incidents.queries.chronology import Entry, Item, chronology_of, timeline
from incidents.queries.people import involved_people
from incidents.queries.redactions import Named, Piece, Redactor
from incidents.statuses import Level, Outcome, Place, Status
from policies.engine.taxonomy import Category

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MISTER = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "prof", "rev"})
_DECISIONS = frozenset({EntryKind.DECISION, EntryKind.REFERRAL, EntryKind.PARENT, EntryKind.PLAN, EntryKind.LESSON})


class Style(StrEnum):
    """How much of a chronology is handed on."""

    EVIDENTIAL = "evidential"
    SUMMARY = "summary"
    WITHOUT_STAFF = "without_staff"

    @property
    def label(self) -> str:
        """The words on the form and on the document."""
        return {"evidential": "Evidential", "summary": "Summary", "without_staff": "Without staff names"}[self.value]

    @property
    def hint(self) -> str:
        """What it holds."""
        return {
            "evidential": "Every entry and every correction, with times and authors, and a seal to check it by.",
            "summary": "What was reported, what was decided and why, and how it ended.",
            "without_staff": "Every entry, with roles in place of the names of adults who work here.",
        }[self.value]


class Purpose(StrEnum):
    """Whom it is made for."""

    POLICE = "police"
    SOCIAL_CARE = "social_care"
    LADO = "lado"
    COURT = "court"
    NEXT_SCHOOL = "next_school"
    FAMILY = "family"
    MEETING = "meeting"
    REVIEW = "review"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words on the form and on the document."""
        return {
            "police": "The police",
            "social_care": "Children's social care",
            "lado": "The local authority's designated officer",
            "court": "A court or a lawyer",
            "next_school": "Another school",
            "family": "The child or the family",
            "meeting": "A meeting about the case",
            "review": "A review or an inspection",
            "other": "Somebody else",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a document is to hold. `child` is the part of the one child it is for; other children become letters.

    `is_all_named`: nobody's name is replaced, for those who have to know who everybody is.
    """

    style: Style
    child: InvolvedPerson | None = None
    is_all_named: bool = False


@dataclass(frozen=True, slots=True)
class PrintedPerson:
    """One line of the list of people."""

    name: str
    detail: str
    part: str
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class Version:
    """What was written at one time, and by whom; `reason` says why it corrects what stood before."""

    at: datetime
    by: list[Piece]
    text: list[Piece]
    reason: list[Piece]
    digest: str


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """One thing in the chronology with the versions that are printed."""

    item: Item
    label: str
    versions: list[Version]


@dataclass(frozen=True, slots=True)
class Printed:
    """Everything a document shows. `digest` is over every entry as it was written, whatever is printed of it."""

    style: Style
    is_replaced: bool
    people: list[PrintedPerson]
    facts: list[tuple[str, list[Piece]]]
    told: list[tuple[str, list[Piece]]]
    items: list[PrintedItem]
    ending: list[tuple[str, str]]
    redactor: Redactor
    digest: str
    total: int
    newest_at: datetime


def may_be_for(person: InvolvedPerson) -> bool:
    """Say whether a document may be for somebody and name them: a child of the school."""
    return person.person is not None and person.person.kind == PersonKind.PUPIL


def printed(incident: Incident, wanted: Wanted) -> Printed:
    """Return a case as it is to be printed. The number of questions asked of the database is always the same."""
    people = involved_people(incident)
    whole = chronology_of(incident)
    entries = [version for item in whole.items for version in item.versions]
    aliases = _Aliases(incident, people, wanted, entries)
    redactor = Redactor(aliases.named)
    shown = [item for item in whole.items if wanted.style is not Style.SUMMARY or item.kind in _DECISIONS]
    return Printed(
        style=wanted.style,
        is_replaced=any(one.label for one in aliases.named),
        people=[aliases.line(person) for person in people],
        facts=_facts(incident, redactor, aliases),
        told=_told(incident, redactor),
        items=[_printed(item, wanted.style, redactor, aliases) for item in shown],
        ending=_ending(incident),
        redactor=redactor,
        digest=digest_of(entries),
        total=len(entries),
        newest_at=max(entry.at for entry in entries),
    )


def digest_of(entries: list[Entry]) -> str:
    """Return the sha256 over all entries of a case as they were written, in the order of writing."""
    in_order = sorted(entries, key=lambda entry: (entry.at, entry.id))
    return hashlib.sha256("".join(_digest(entry) for entry in in_order).encode()).hexdigest()


def recheck(incident: Incident, digest: str) -> str | None:
    """Compare the entries of a case with the digest on a document; None when they are as they were, else a sentence."""
    rows = AuditEvent.objects.filter(school=incident.school_id, target=f"incident:{incident.pk}")
    row = rows.filter(event=Event.CHRONOLOGY_PRINTED, data__sha256=digest).order_by("seq").first()
    if row is None:
        return "No document with this SHA-256 was made of this case."
    entries = [entry for entry in timeline(incident) if entry.at <= row.at and str(entry.id) != row.data["entry"]]
    if len(entries) != row.data["entries"]:
        return f"The case had {row.data['entries']} entries then, and {len(entries)} of that time are here now."
    return None if digest_of(entries) == digest else "An entry is not what it was."


def _digest(entry: Entry) -> str:
    """Return the sha256 of one entry: what was written, when, by whom, about when, in place of what and why."""
    said = [
        *(str(entry.id), entry.event, entry.at.isoformat(), str(entry.by_id or ""), entry.text),
        *(str(entry.corrects_id or ""), entry.reason),
        *(entry.happened_at.isoformat() if entry.happened_at else "", entry.happened_precision),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _printed(item: Item, style: Style, redactor: Redactor, aliases: "_Aliases") -> PrintedItem:
    versions = item.versions if style is not Style.SUMMARY else (item.now,)
    lines = [
        Version(
            at=version.at,
            by=aliases.author(version.by_id, version.by_name),
            text=redactor.pieces(version.text),
            reason=redactor.pieces(version.reason),
            digest=_digest(version)[:16],
        )
        for version in versions
    ]
    return PrintedItem(item, item.first.label, lines)


def _facts(incident: Incident, redactor: Redactor, aliases: "_Aliases") -> list[tuple[str, list[Piece]]]:
    place = ", ".join(
        said for said in (Place(incident.place).label, incident.online_service, incident.place_detail) if said
    )
    return [
        ("Category", [Piece(Category(incident.category).label)]),
        ("Level", [Piece(Level(incident.level).label)]),
        ("Where", redactor.pieces(place)),
        ("Logged by", aliases.author(incident.logged_by_id, incident.logged_by.full_name)),
    ]


def _told(incident: Incident, redactor: Redactor) -> list[tuple[str, list[Piece]]]:
    """Return the reporter's own words, which may be long, and so stand in no table."""
    told = [
        ("What happened", redactor.pieces(incident.narrative)),
        ("What was done", redactor.pieces(incident.action_taken)),
    ]
    if incident.late_reason:
        told.append(("Why it was logged late", redactor.pieces(incident.late_reason)))
    return told


def _ending(incident: Incident) -> list[tuple[str, str]]:
    ending = [("Status", Status(incident.status).label)]
    if incident.outcome:
        ending.append(("How it ended", Outcome(incident.outcome).label))
    return ending


class _Aliases:
    """What everybody is called in a document."""

    def __init__(self, incident: Incident, people: list[InvolvedPerson], wanted: Wanted, entries: list[Entry]) -> None:
        self._labels: dict[uuid.UUID, str] = {}
        self._authors: dict[uuid.UUID, str] = {}
        self._wrote: set[uuid.UUID] = set()
        self.named: list[Named] = []
        self._hides_staff = wanted.style is Style.WITHOUT_STAFF
        members, families = _members(incident.school), _families(people)
        if not wanted.is_all_named:
            near = families.get(wanted.child.person_id, []) if wanted.child else []
            self._label_people(people, wanted.child, {relative.pk for relative in near})
        if self._hides_staff:
            self._label_staff(incident, people, members, entries)
        self.named += [_named_person(person, self._labels.get(person.pk, "")) for person in people]
        self.named += self._named_families(people, families, wanted)
        self.named += self._named_members(people, members)

    def line(self, person: InvolvedPerson) -> PrintedPerson:
        """Return somebody's line in the list of people. Year and form of a child without a name would tell the name."""
        label = self._labels.get(person.pk)
        detail = "" if label else person.detail
        return PrintedPerson(label or person.name, detail, person.part_label, is_replaced=bool(label))

    def author(self, user_id: uuid.UUID | None, name: str) -> list[Piece]:
        """Return who wrote something: by name, or by role where names of staff are left out."""
        if user_id is None or not self._hides_staff:
            return [Piece(name)]
        return [Piece(self._authors.get(user_id, "A former member of staff"), is_replaced=True)]

    def _label_people(self, people: list[InvolvedPerson], child: InvolvedPerson | None, near: set[uuid.UUID]) -> None:
        letters = iter(_letters(1 if child else 0))
        adults = 0
        for person in people:
            kind = person.person.kind if person.person else ""
            if (child and person.pk == child.pk) or kind == PersonKind.STAFF:
                continue
            if kind in (PersonKind.PUPIL, ""):
                self._labels[person.pk] = f"{'Pupil' if kind else 'Person'} {next(letters)}"
            elif person.person_id not in near:
                adults += 1
                self._labels[person.pk] = f"Adult {adults}"

    def _label_staff(
        self, incident: Incident, people: list[InvolvedPerson], members: list[Membership], entries: list[Entry]
    ) -> None:
        """Give every member a role; two authors of the same role are told apart by a number."""
        titles = {row.user_id: _title(incident.school, row.user_id, members) for row in members}
        wrote = dict.fromkeys([incident.logged_by_id, *(entry.by_id for entry in entries if entry.by_id)])
        authors = [pk for pk in wrote if pk in titles]
        self._wrote = set(authors)
        for pk in authors:
            same = [other for other in authors if titles[other] == titles[pk]]
            self._authors[pk] = titles[pk] if len(same) == 1 else f"{titles[pk]} {same.index(pk) + 1}"
        self._authors |= {pk: title for pk, title in titles.items() if pk not in self._authors}
        accused = [one for one in people if one.person and one.person.kind == PersonKind.STAFF]
        for number, person in enumerate(accused, start=1):
            self._labels[person.pk] = (
                "Member of staff named" if len(accused) == 1 else f"Member of staff named {number}"
            )

    def _named_families(
        self, people: list[InvolvedPerson], families: dict[uuid.UUID | None, list[Person]], wanted: Wanted
    ) -> list[Named]:
        """Return the relatives of children without a name: who somebody's mother is says who they are."""
        known = {person.person_id for person in people}
        near = families.get(wanted.child.person_id, []) if wanted.child else []
        known |= {relative.pk for relative in near}
        return [
            Named(relative.given_name, relative.family_name, f"Family of {self._labels[person.pk]}")
            for person in people
            if self._labels.get(person.pk, "").startswith("Pupil")
            for relative in families.get(person.person_id, [])
            if relative.pk not in known and relative.kind != PersonKind.STAFF
        ]

    def _named_members(self, people: list[InvolvedPerson], members: list[Membership]) -> list[Named]:
        named_already = {person.person_id for person in people}
        users = {row.user_id: row.user for row in members if row.person_id not in named_already}
        return [_named_user(user, self._authors.get(pk, ""), pk not in self._wrote) for pk, user in users.items()]


def _letters(start: int) -> list[str]:
    """Return A to Z, then AA to ZZ, from the one that comes first."""
    pairs = [first + second for first in _LETTERS for second in _LETTERS]
    return [*_LETTERS, *pairs][start:]


def _members(school: School) -> list[Membership]:
    """Return who holds a role here, or ever did."""
    rows = Membership.objects.for_school(school).select_related("user").order_by("starts_on", "id")
    return list(rows)


def _title(school: School, user_id: uuid.UUID, members: list[Membership]) -> str:
    held = {Role(row.role) for row in members if row.user_id == user_id} - {Role.STAFF}
    first = next((role for role in ROLES if role in held), None)
    return school.title_of(first) if first else "Member of staff"


def _families(people: list[InvolvedPerson]) -> dict[uuid.UUID | None, list[Person]]:
    """Return the declared relatives of everybody in the case, by whose they are."""
    ids = [person.person_id for person in people if person.person_id]
    rows = Relationship.objects.filter(Q(person__in=ids) | Q(related__in=ids)).select_related("person", "related")
    found: dict[uuid.UUID | None, list[Person]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.related)
        found.setdefault(row.related_id, []).append(row.person)
    return found


def _named_person(person: InvolvedPerson, label: str) -> Named:
    if person.person is None:
        return Named("", "", label, other_names=_said_of(person.description or ""))
    known = person.person
    upn = (known.upn,) if known.upn else ()
    # Of an adult who works here, only the whole name is kept: a child may share the rest of it.
    is_formal = known.kind == PersonKind.STAFF and not label
    return Named(known.given_name, known.family_name, label, other_names=upn, is_formal=is_formal)


def _said_of(description: str) -> tuple[str, ...]:
    """Return the words by which somebody unknown was described: the whole, and what looks like a name in it."""
    words = [word.strip(".,;:()'\"") for word in description.split()]
    return (description, *(word for word in words[1:] if word[:1].isupper() and word not in ("Year", "I")))


def _named_user(user: User, label: str, is_formal: bool) -> Named:
    words = user.full_name.split()
    if words and words[0].rstrip(".").lower() in _MISTER:
        words = words[1:]
    whole = (" ".join(words),) if len(words) == 1 else ()
    return Named(" ".join(words[:-1]), words[-1] if words else "", label, other_names=whole, is_formal=is_formal)
