"""The concern form: what is asked, and what was typed so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone

from incidents.forms.words import words_field
from incidents.routes import About
from incidents.statuses import Part, Place, Precision
from policies.engine.taxonomy import Category

LATE_AFTER = timedelta(hours=24)
UNKNOWN = "unknown"
MOST_PEOPLE = 30
# The answers with which a concern goes up the ladder in `incidents/routes.py`.
_ADULTS = {About.ADULT.value, About.HEADTEACHER.value}
# Who somebody unknown is: a box of its own for each of them, outside the form.
description = words_field("Who is it, as far as you know?", longest=500)


def _choice(label: str, choices: list[tuple[str, str]], required: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        help_text=hint,
        error_messages={"required": required, "invalid_choice": required},
    )


def _day(label: str, required: str = "") -> forms.DateField:
    wrong = "That is not a date. Write it like 12/11/2026."
    return forms.DateField(
        label=label,
        required=bool(required),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": wrong},
    )


def _clock(label: str, required: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=bool(required),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": required, "invalid": "That is not a time. Write it like 8:25."},
    )


class ConcernForm(forms.Form):
    """What a member of staff is asked about a concern. It validates and saves nothing."""

    danger = _choice(
        "Is a child in immediate danger?",
        [("no", "No"), ("yes", "Yes")],
        "Say whether a child is in immediate danger.",
    )
    adult = _choice(
        "Is it about something an adult who works or helps here said or did?",
        [
            (About.NO_ADULT.value, "No"),
            (About.ADULT.value, "Yes, an adult who works or helps here"),
            (About.HEADTEACHER.value, "Yes, the headteacher"),
        ],
        "Say whether it is about an adult who works or helps here. If you are not sure, choose yes.",
        hint="This decides who receives it: never the person it is about. If you are not sure, choose yes.",
    )
    narrative = words_field(
        "What happened?",
        required="Tell us what happened, in a sentence or two.",
        rows=8,
        hint="In the child’s own words where you can. Write what you saw and heard, not what you think it means.",
    )
    happened_date = _day("Day")
    happened_time = _clock("Time, if you know it")
    aware_date = _day("Day", required="Say on which day you found out.")
    aware_time = _clock("Time", required="Say at what time you found out. A rough time is fine.")
    late_reason = words_field("What got in the way of logging it sooner?", longest=4000, rows=3)
    place = _choice(
        "Where did it happen?",
        [(place.value, place.label) for place in Place],
        "Say where it happened, as far as you know.",
    )
    place_detail = words_field(
        "Where exactly?", longest=500, rows=1, hint="For example the Year 8 corridor, or at home"
    )
    online_service = words_field("Which app, game or website?", longest=80, rows=1)
    action_taken = words_field(
        "What have you done so far?",
        required="Say what you have done so far. “Nothing yet” is a good answer.",
        rows=4,
        hint="For example stayed with the child, told them you would pass it on. “Nothing yet” is a good answer.",
    )
    category = _choice(
        "What kind of concern is it, as far as you can tell?",
        [
            (category.value, f"{category.label}: {category.question[0].lower()}{category.question[1:]}")
            for category in Category
        ],
        "Choose the kind that fits best. The safeguarding team can change it.",
        hint="A guess is fine. The safeguarding team sets the exact type.",
    )

    def __init__(self, *args: Any, at: datetime, late_was_asked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.late_was_asked = late_was_asked
        self.asks_late = late_was_asked
        category = self.fields["category"]
        category.choice_hints = {category.value: category.example for category in Category}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        happened = self._moment("happened")
        aware = self._moment("aware") if cleaned.get("aware_time") else None
        # Where only the day is known, `happened` is its first minute.
        if aware and happened and aware < happened:
            self.add_error("aware_date", "You cannot have found out before it happened. Check both dates and times.")
        if aware and self.at - aware > LATE_AFTER:
            self.asks_late = True
            if not cleaned.get("late_reason") and not self.late_was_asked:
                self.add_error(
                    "late_reason",
                    "You found out more than a day ago. Say what got in the way, or leave it empty and send again. "
                    "Nobody is blamed for a late concern.",
                )
        cleaned["happened_at"], cleaned["became_aware_at"] = happened, aware
        cleaned["happened_precision"] = self._precision()
        return cleaned

    def _precision(self) -> Precision:
        if self.cleaned_data.get("happened_date") is None:
            return Precision.UNKNOWN
        return Precision.TIME if self.cleaned_data.get("happened_time") else Precision.DAY

    def _moment(self, name: str) -> datetime | None:
        """Return the local day and time of two fields as one moment; complain where it lies ahead."""
        day: date | None = self.cleaned_data.get(f"{name}_date")
        if day is None:
            return None
        clock: time = self.cleaned_data.get(f"{name}_time") or time(0, 0)
        moment = timezone.make_aware(datetime.combine(day, clock))
        # A clock on a phone may run a little ahead of the server's.
        if moment > self.at + timedelta(minutes=5):
            self.add_error(f"{name}_date", "That is in the future. Check the day and the time.")
            return None
        return min(moment, self.at)


@dataclass(frozen=True)
class Named:
    """Somebody on the form: a person's id, or `unknown` with a description, and their part."""

    person: str
    part: str = Part.HARMED.value
    description: str = ""


@dataclass(frozen=True)
class Typed:
    """Everything that was typed, as it is kept in the draft: nothing of it has been checked."""

    fields: dict[str, str]
    people: list[Named] = field(default_factory=list)
    query: str = ""

    @classmethod
    def from_post(cls, post: QueryDict) -> "Typed":
        """Take what a browser sent."""
        named = zip(
            post.getlist("person_id"), post.getlist("person_part"), post.getlist("person_description"), strict=False
        )
        return cls(
            fields={name: str(post.get(name, "")) for name in (*ConcernForm.base_fields, "late_was_asked")},
            people=[Named(person, part, description) for person, part, description in named],
            query=str(post.get("person_query", "")),
        )

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Typed":
        """Take what a draft holds."""
        return cls(
            fields=dict(content.get("fields", {})),
            people=[Named(**named) for named in content.get("people", [])],
            query=str(content.get("query", "")),
        )

    def content(self) -> dict[str, Any]:
        """Return what the draft is to hold."""
        people = [{"person": row.person, "part": row.part, "description": row.description} for row in self.people]
        return {"fields": self.fields, "people": people, "query": self.query}

    @property
    def is_about_adult(self) -> bool:
        """Say whether the reporter said so."""
        return self.fields.get("adult") in _ADULTS

    def with_person(self, person: str, *, is_staff: bool = False) -> "Typed":
        """Add somebody once, with the part they most likely have: the first one is the child who was harmed, and in
        an adult's case the first adult is the one it is about. It is only a beginning: the reporter sees and sets it.
        """
        if person != UNKNOWN and person in {row.person for row in self.people}:
            return replace(self, query="")
        parts = {row.part for row in self.people}
        if self.is_about_adult and is_staff and Part.ALLEGED.value not in parts:
            part = Part.ALLEGED
        elif not self.people or (self.is_about_adult and not is_staff and Part.HARMED.value not in parts):
            part = Part.HARMED
        else:
            part = Part.NAMED
        return replace(self, people=[*self.people, Named(person, part.value)], query="")

    def without_person(self, number: int) -> "Typed":
        """Take the person of that number off the list."""
        return replace(self, people=[row for place, row in enumerate(self.people) if place != number])

    def person_ids(self) -> list[UUID]:
        """Return the ids that look like ids; whether they are people of the school is for a query to say."""
        return ids_in([row.person for row in self.people])


def ids_in(texts: Iterable[str]) -> list[UUID]:
    """Return those of the texts that are ids."""
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids
