"""Builds one fictional school: its calendar, its staff in every role, its pupils and their families."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import PersonKind, Relation, School, Trust, User, Vulnerability
from accounts.operations import members, people, schools, users
from accounts.operations.people import PersonDetails
from accounts.operations.users import NewUser
from accounts.roles import Role
from accounts.upns import upn_is_valid
from policies.operations import adoptions
from safeguarding.demonstration.calendars import LONDON, SchoolDays, TermDates, at_local, terms_around
from safeguarding.demonstration.names import (
    BOYS,
    FAMILIES,
    GIRLS,
    MEN,
    UNUSUAL_PARENTS,
    UNUSUAL_PUPILS,
    WOMEN,
    ascii_letters,
)
from safeguarding.demonstration.people import Someone
from safeguarding.demonstration.schools import SchoolPlan

# No local authority has this number, so that no child has these pupil numbers.
_AUTHORITY = "999"
_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_GOVERNING = (Role.CHAIR_OF_GOVERNORS, Role.SAFEGUARDING_GOVERNOR, Role.GOVERNOR, Role.DPO)
_FLAGS = (
    (0.13, Vulnerability.SEND),
    (0.11, Vulnerability.EAL),
    (0.012, Vulnerability.LOOKED_AFTER),
    (0.015, Vulnerability.YOUNG_CARER),
    (0.008, Vulnerability.CHILD_PROTECTION_PLAN),
)


@dataclass(frozen=True)
class SharedColleague:
    """Somebody who works at several schools with one sign-in."""

    user: User
    given_name: str
    family_name: str
    is_female: bool
    role: Role
    job: str
    slugs: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """A school with everybody in it, ready for its history."""

    plan: SchoolPlan
    school: School
    days: SchoolDays
    first_day: date
    offices: dict[Role, Someone]
    staff: list[Someone]
    children: list[Someone]
    # A pupil whose parent is on the safeguarding team, which keeps that parent away from a case about the child.
    deputys_child: Someone


def build_house(
    plan: SchoolPlan,
    *,
    trust: Trust,
    shared: list[SharedColleague],
    password_hash: str,
    base: datetime,
    rng: random.Random,
) -> House:
    """Create one school with its calendar, staff and pupils, as it was set up before the first of its terms."""
    terms = terms_around(base.astimezone(LONDON).date(), short_summer=plan.short_summer)
    at = at_local(terms[0].starts_on - timedelta(days=60), time(9, 0))
    school = _found(plan, trust, terms, at)
    offices, staff = _employ(plan, school, password_hash, terms, at, rng)
    for colleague in shared:
        if plan.slug in colleague.slugs:
            someone = _join(school, colleague, terms, at)
            (staff.append(someone) if colleague.role is Role.STAFF else offices.setdefault(colleague.role, someone))
    staff.sort(key=lambda someone: someone.account.email)
    adoptions.adopt(
        school=school,
        pack_id=plan.policy,
        starts_on=at.date(),
        at=at,
        by=offices[Role.HEADTEACHER].account,
        note="Approved by the governing body.",
    )
    children, deputys_child = _enrol(plan, school, offices[Role.DEPUTY_DSL], terms, at, rng)
    return House(
        plan=plan,
        school=school,
        days=SchoolDays(terms),
        first_day=terms[0].starts_on,
        offices=offices,
        staff=staff,
        children=children,
        deputys_child=deputys_child,
    )


def invented_adult(rng: random.Random) -> tuple[str, str, bool]:
    """Return a given name, a family name, and whether it is a woman's."""
    is_female = rng.random() < 0.62
    return rng.choice(WOMEN if is_female else MEN), rng.choice(FAMILIES), is_female


def _found(plan: SchoolPlan, trust: Trust, terms: list[TermDates], at: datetime) -> School:
    name, phone, email = plan.contact
    school = schools.create_school(
        name=plan.name,
        slug=plan.slug,
        reference_prefix=plan.reference_prefix,
        phase=plan.phase,
        safeguarding_phone=plan.phone,
        external_contact_name=name,
        external_contact_phone=phone,
        external_contact_email=email,
        at=at,
        trust=trust,
        urn=plan.urn,
        closes_at_time=plan.closes_at_time,
        role_titles={str(role): title for role, title in plan.role_titles.items()},
    )
    for term in terms:
        schools.add_term(school=school, name=term.name, starts_on=term.starts_on, ends_on=term.ends_on, at=at)
        for day, reason in term.closed:
            schools.add_closed_day(school=school, day=day, reason=reason, at=at)
    return school


def _employ(
    plan: SchoolPlan, school: School, password_hash: str, terms: list[TermDates], at: datetime, rng: random.Random
) -> tuple[dict[Role, Someone], list[Someone]]:
    """Give every role to somebody, then add the plain staff."""
    roles: list[Role] = [role for role in Role if role not in (Role.STAFF, Role.TRUST_SAFEGUARDING_LEAD)]
    roles += [Role.STAFF] * plan.plain_staff
    adults = _distinct_adults(len(roles), rng)
    if plan.head_is_concerned:
        # The story about the headteacher is told of a man.
        place = roles.index(Role.HEADTEACHER)
        adults[place] = (rng.choice(MEN), f"{adults[place][1]}-Carne", False)
    new = [
        NewUser(f"{ascii_letters(given)}.{ascii_letters(family)}@{plan.domain}", f"{given} {family}")
        for given, family, _ in adults
    ]
    accounts = users.create_users(users=new, password_hash=password_hash)
    details = [
        PersonDetails(
            kind=PersonKind.OTHER if role in _GOVERNING else PersonKind.STAFF, given_name=given, family_name=family
        )
        for role, (given, family, _) in zip(roles, adults, strict=True)
    ]
    rows = people.add_people(school=school, people=details, at=at)
    offices: dict[Role, Someone] = {}
    staff: list[Someone] = []
    for number, (role, user, person, adult) in enumerate(zip(roles, accounts, rows, adults, strict=True)):
        is_recent = role is Role.STAFF and number % 5 == 4
        since = terms[1].starts_on if is_recent else terms[0].starts_on - timedelta(days=200 + 40 * (number % 9))
        members.add_member(school=school, user=user, person=person, role=role, starts_on=since, at=at)
        title = rng.choice(("Mrs", "Ms", "Miss", "Mrs")) if adult[2] else "Mr"
        job = plan.jobs[len(staff) % len(plan.jobs)] if role is Role.STAFF else role.value
        someone = Someone(person=person, is_female=adult[2], title=title, job=job, user=user, since=since)
        if role is Role.STAFF:
            staff.append(someone)
        else:
            offices[role] = someone
    return offices, staff


def _distinct_adults(count: int, rng: random.Random) -> list[tuple[str, str, bool]]:
    found: dict[tuple[str, str], bool] = {}
    while len(found) < count:
        given, family, is_female = invented_adult(rng)
        found.setdefault((given, family), is_female)
    return [(given, family, is_female) for (given, family), is_female in found.items()]


def _join(school: School, colleague: SharedColleague, terms: list[TermDates], at: datetime) -> Someone:
    kind = PersonKind.STAFF if colleague.role is Role.STAFF else PersonKind.OTHER
    details = PersonDetails(kind=kind, given_name=colleague.given_name, family_name=colleague.family_name)
    person = people.add_people(school=school, people=[details], at=at)[0]
    since = terms[0].starts_on - timedelta(days=300)
    members.add_member(school=school, user=colleague.user, person=person, role=colleague.role, starts_on=since, at=at)
    title = "Ms" if colleague.is_female else "Mr"
    return Someone(
        person=person,
        is_female=colleague.is_female,
        title=title,
        job=colleague.job,
        user=colleague.user,
        since=since,
    )


@dataclass(frozen=True)
class _Family:
    """One family: its children as (given name, family name, whether a girl, year), its parents as names."""

    children: list[tuple[str, str, bool, int]]
    parents: list[tuple[str, str]]


def _enrol(
    plan: SchoolPlan, school: School, deputy: Someone, terms: list[TermDates], at: datetime, rng: random.Random
) -> tuple[list[Someone], Someone]:
    """Add the pupils, the parents and carers of most, and how they are related."""
    families = _families(plan, deputy.person.family_name, rng)
    # Eight months before any term of a school year lies in the calendar year in which it began.
    entry_year = (terms[3].starts_on - timedelta(days=240)).year
    details, children = [], [child for family in families for child in family.children]
    for number, (given, family_name, _, year) in enumerate(children):
        details.append(
            PersonDetails(
                kind=PersonKind.PUPIL,
                given_name=given,
                family_name=family_name,
                year_group="Reception" if year == 0 else str(year),
                form=_form(plan, year, number),
                upn=_upn(plan, entry_year - year, number + 1),
                source_id=f"P{number + 1:05}",
                vulnerabilities=[flag for chance, flag in _FLAGS if rng.random() < chance],
            )
        )
    parents = [parent for family in families for parent in family.parents]
    details += [PersonDetails(kind=PersonKind.CONTACT, given_name=one, family_name=two) for one, two in parents]
    rows = people.add_people(school=school, people=details, at=at)
    pupils, contacts = iter(rows[: len(children)]), iter(rows[len(children) :])
    pairs, enrolled = [], []
    for family in families:
        brood = [next(pupils) for _ in family.children]
        adults = [next(contacts) for _ in family.parents]
        pairs += [(adult, child, Relation.PARENT) for adult in adults for child in brood]
        pairs += [(one, two, Relation.SIBLING) for n, one in enumerate(brood) for two in brood[n + 1 :]]
        enrolled += [
            Someone(person=row, is_female=child[2], year=child[3])
            for row, child in zip(brood, family.children, strict=True)
        ]
    pairs.append((deputy.person, enrolled[0].person, Relation.PARENT))
    people.relate_many(school=school, pairs=pairs, at=at)
    return enrolled, enrolled[0]


def _families(plan: SchoolPlan, deputys_name: str, rng: random.Random) -> list[_Family]:
    low, high = plan.years
    years = [low + number % (high - low + 1) for number in range(plan.pupils)]
    rng.shuffle(years)
    unusual = rng.sample(UNUSUAL_PUPILS, min(len(UNUSUAL_PUPILS), max(3, plan.pupils // 50)))
    # The deputy's child is of a middle year, so that most stories can be about it.
    middle = (low + high + 1) // 2
    years.remove(middle)
    first_name, is_girl = _given(rng)
    families = [_Family([(first_name, deputys_name, is_girl, middle)], [])]
    for given, family_name, is_girl in unusual:
        families.append(_Family([(given, family_name, is_girl, years.pop())], [rng.choice(UNUSUAL_PARENTS)[:2]]))
    while years:
        # One family of that name is enough: a namesake would look like a child of the deputy.
        name = rng.choice([family for family in FAMILIES if family != deputys_name])
        brood = [years.pop() for _ in range(min(len(years), rng.choice((1, 1, 1, 1, 2, 2, 3))))]
        children = []
        for year in brood:
            given, is_girl = _given(rng)
            children.append((given, name, is_girl, year))
        families.append(_Family(children, _parents(name, rng)))
    return families


def _given(rng: random.Random) -> tuple[str, bool]:
    is_girl = rng.random() < 0.5
    return rng.choice(GIRLS if is_girl else BOYS), is_girl


def _parents(name: str, rng: random.Random) -> list[tuple[str, str]]:
    parents = []
    if rng.random() < 0.62:
        parents.append((rng.choice(WOMEN), name if rng.random() < 0.8 else rng.choice(FAMILIES)))
    if rng.random() < 0.48:
        parents.append((rng.choice(MEN), name if rng.random() < 0.85 else rng.choice(FAMILIES)))
    return parents


def _form(plan: SchoolPlan, year: int, number: int) -> str:
    if plan.pupils < 100 and plan.phase == "primary":
        # A village school teaches several years in one class.
        return plan.forms[0 if year < 3 else 1 if year < 5 else 2]
    form = plan.forms[number % len(plan.forms)]
    short = "R" if year == 0 else str(year)
    return f"{short}{form}" if len(form) == 1 else f"{form} {short}"


def _upn(plan: SchoolPlan, entry_year: int, number: int) -> str:
    """Return a pupil number with its check letter, of a school and an authority that do not exist."""
    rest = f"{_AUTHORITY}{plan.urn[-4:]}{entry_year % 100:02}{number:03}"
    return next(letter + rest for letter in _CHECK_LETTERS if upn_is_valid(letter + rest))
