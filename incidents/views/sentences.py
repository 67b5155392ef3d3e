"""Sentences that the case page writes from the facts."""

from typing import TypedDict

from accounts.access import Access
from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident, InvolvedPerson
from incidents.routes import EXTERNAL_CONTACT
from incidents.statuses import Part, Place
from policies.engine.taxonomy import Category


class SeenBy(TypedDict):
    """Who can see a case, in one line, and why."""

    sentence: str
    why: list[str]


_ABOUT = {
    Category.CONTENT: "harmful content",
    Category.CONTACT: "harmful contact",
    Category.CONDUCT: "behaviour",
    Category.COMMERCE: "money, gambling, scams or advertising",
}


def summary_sentence(incident: Incident, people: list[InvolvedPerson]) -> str:
    """Return one sentence on what the case is about, with years instead of names."""
    harmed = [person for person in people if person.part == Part.HARMED]
    who = " and ".join(dict.fromkeys(_kind(person) for person in harmed)) or "Nobody named as harmed"
    what = _ABOUT[Category(incident.category)]
    place = {Place.ONLINE: "online", Place.IN_SCHOOL: "in school", Place.OFF_SITE: "outside school"}.get(
        Place(incident.place), "at a place not known"
    )
    service = f" ({incident.online_service})" if incident.online_service else ""
    return f"{who[0].upper()}{who[1:]}: {what}, {place}{service}."


def who_can_see(incident: Incident, access: Access, readers: list[User]) -> SeenBy:
    """Return who reads this case and why. It never says who does not, nor why they do not."""
    others = [user.full_name for user in readers if user.pk != access.user.pk]
    who = ["you", *others]
    named = 0 if incident.is_sealed else getattr(incident, "named_number", None) or 0
    # Whoever reads by name is said already: it is you.
    named -= bool(named and len(others) == len(readers) and not incident.emergency_id)
    if named:
        who.append("one person by name" if named == 1 else f"{named} people by name")
    sentence = ", ".join(who)
    if incident.handled_by == EXTERNAL_CONTACT:
        office = "nobody at the school"
    elif incident.is_sealed:
        office = "the people named on it"
    elif incident.handled_by == Role.DSL:
        office = "the safeguarding team"
    else:
        office = access.school.title_of(Role(incident.handled_by))
    why = [f"It is handled by {office}.", "Nobody whom the case is about, and no relative of theirs, can see it."]
    if incident.is_about_adult:
        why.insert(1, "It concerns an adult who works or helps here, so the safeguarding team does not see it.")
    why.append("The person who logged it sees their own words and your questions, not the case.")
    return {"sentence": f"{sentence[0].upper()}{sentence[1:]}", "why": why}


def _kind(person: InvolvedPerson) -> str:
    if person.person is None:
        return "somebody unknown"
    if person.year_group_then:
        year = f"Year {person.year_group_then}" if person.year_group_then.isdigit() else person.year_group_then
        return f"a {year} pupil"
    return {"pupil": "a pupil", "staff": "a member of staff", "contact": "a parent or carer"}.get(
        person.person.kind, "somebody"
    )
