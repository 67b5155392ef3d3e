"""The form of facts with which a Designated Safeguarding Lead asks what the policy would demand."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget

from policies.engine.facts import IncidentFacts, facts_from
from policies.engine.labels import PART_LABELS, TYPE_LABELS, YES_AND_NO, label_of
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import (
    DeviceKind,
    Exposure,
    FoundOn,
    HarmThreshold,
    Imagery,
    IncidentType,
    Suspicion,
)

_UNKNOWN = ("", "Not known")
# What each of the four Cs usually holds, so that thirty boxes are found at a glance.
TYPE_GROUPS: tuple[tuple[str, tuple[IncidentType, ...]], ...] = (
    (
        "What they saw or shared",
        (
            IncidentType.HARMFUL_CONTENT,
            IncidentType.ONLINE_HATE,
            IncidentType.RADICALISATION,
            IncidentType.MISINFORMATION,
            IncidentType.SELF_HARM_CONTENT,
            IncidentType.IIOC,
        ),
    ),
    (
        "Somebody who got in touch",
        (IncidentType.GROOMING, IncidentType.CRIMINAL_EXPLOITATION, IncidentType.STRANGER_CONTACT),
    ),
    (
        "What they did to each other",
        (
            IncidentType.CYBERBULLYING,
            IncidentType.NUDES,
            IncidentType.SEXUAL_HARASSMENT,
            IncidentType.UPSKIRTING,
            IncidentType.IMAGE_MISUSE,
            IncidentType.AI_MISUSE,
            IncidentType.OFFENSIVE_MESSAGE,
            IncidentType.DEVICE_MISUSE,
            IncidentType.ACCOUNT_MISUSE,
        ),
    ),
    ("Money and advertising", (IncidentType.GAMBLING, IncidentType.SCAM, IncidentType.ADVERTISING)),
    (
        "Filtering, monitoring and data",
        (
            IncidentType.FILTERING_BREACH,
            IncidentType.OVERBLOCKING,
            IncidentType.FILTERING_FAILURE,
            IncidentType.MONITORING_ALERT,
            IncidentType.DATA_BREACH,
        ),
    ),
    (
        "Adults",
        (
            IncidentType.STAFF_MISUSE,
            IncidentType.LOW_LEVEL_CONCERN,
            IncidentType.PARENT_CONDUCT,
            IncidentType.OTHER,
        ),
    ),
)


def capital(words: str) -> str:
    """Return words as the beginning of a line."""
    return words[0].upper() + words[1:]


def several(fact: str, values: Iterable[Any], label: str) -> forms.MultipleChoiceField:
    """Return a question with boxes: none, one or several answers."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(value.value, capital(label_of(fact, value))) for value in values],
        error_messages={"invalid_choice": "Choose from the list."},
    )


def one_of(fact: str, values: Iterable[Any], label: str) -> forms.ChoiceField:
    """Return a question with one answer, or none known."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[_UNKNOWN, *((value.value, capital(label_of(fact, value))) for value in values)],
        error_messages={"invalid_choice": "Choose from the list."},
    )


def yes_or_no(fact: str, label: str) -> forms.ChoiceField:
    """Return a question whose answers are whole statements, or not known."""
    yes, no = YES_AND_NO[fact]
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[_UNKNOWN, ("yes", capital(yes)), ("no", capital(no))],
        error_messages={"invalid_choice": "Choose from the list."},
    )


class WhatIfForm(forms.Form):
    """Facts of an incident that need not have happened. Nothing of it is kept."""

    category = one_of("category", Category, "Which of the four Cs")
    types = forms.MultipleChoiceField(
        label="What it is",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(group, [(kind.value, capital(TYPE_LABELS[kind])) for kind in kinds]) for group, kinds in TYPE_GROUPS],
        error_messages={"invalid_choice": "Choose from the list."},
    )
    alleged = several("alleged", PART_LABELS, "Who is said to have done it")
    harmed = several("harmed", PART_LABELS, "Who was harmed")
    witness = several("witness", PART_LABELS, "Who saw it")
    named = several("named", PART_LABELS, "Who else is named")
    immediate_danger = yes_or_no("immediate_danger", "Danger")
    crime = one_of("crime", Suspicion, "Crime")
    illegal_material = one_of("illegal_material", Suspicion, "Illegal material")
    imagery = one_of("imagery", Imagery, "Images of a child")
    imagery_viewed = yes_or_no("imagery_viewed", "Viewing of the images")
    exposure = one_of("exposure", Exposure, "How somebody came upon it")
    devices = several("devices", DeviceKind, "Devices")
    found_on = several("found_on", FoundOn, "Where it was found")
    on_school_systems = yes_or_no("on_school_systems", "The school's systems")
    staff_possession = yes_or_no("staff_possession", "Images held by staff")
    harm_threshold = one_of("harm_threshold", HarmThreshold, "Harm threshold for an allegation")
    police_request = yes_or_no("police_request", "Request of the police")
    other_setting = yes_or_no("other_setting", "Other schools")
    pupil_involved = yes_or_no("pupil_involved", "Pupils")
    vulnerable_pupil = yes_or_no("vulnerable_pupil", "Vulnerable pupils")
    serious = yes_or_no("serious", "How serious it is")
    exam_room = yes_or_no("exam_room", "Exam room")

    def clean(self) -> dict[str, Any]:
        """Ask for a category or a type at least, as every rule does."""
        cleaned = super().clean() or {}
        if not cleaned.get("category") and not cleaned.get("types") and not self.errors:
            self.add_error("types", "Choose at least one thing that it is, or one of the four Cs.")
        return cleaned

    def type_groups(self) -> list[tuple[str, list[BoundWidget]]]:
        """Return the boxes of `types` under the headings of TYPE_GROUPS."""
        boxes = {str(box.data["value"]): box for box in self["types"].subwidgets}
        return [(title, [boxes[kind.value] for kind in kinds]) for title, kinds in TYPE_GROUPS]

    def short_answers(self) -> list[forms.BoundField]:
        """Return the questions of one answer each, without the category."""
        short = [name for name, field in self.fields.items() if type(field) is forms.ChoiceField]
        return [self[name] for name in short if name != "category"]

    def says_more(self) -> bool:
        """Say whether anything is chosen, or wrong, among what is folded away."""
        folded = set(self.fields) - {"types", "alleged", "harmed"}
        return self.is_bound and any(self[name].value() or self[name].errors for name in folded)

    def facts(self) -> IncidentFacts:
        """Return the facts of a valid form; what was left open is unknown."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        is_so = {name: said[name] == "yes" for name in YES_AND_NO if name in said}
        return facts_from(said | is_so)
