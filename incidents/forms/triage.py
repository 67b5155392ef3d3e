"""The triage form: what it is, what is known, what is decided. What is not known stays unknown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.utils import ErrorDict

from accounts.models import User
from incidents.facts import OF_ADULTS, TOLD
from incidents.forms.words import words_field
from incidents.models import Incident
from incidents.statuses import Decision, Level
from policies.engine.facts import ONE_OF, SOME_OF, YES_OR_NO
from policies.engine.labels import TYPE_LABELS
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType
from policies.forms.what_if import TYPE_GROUPS, capital, one_of, several, yes_or_no

_QUESTIONS = {
    "crime": "Is a crime suspected?",
    "illegal_material": "Could the material be illegal?",
    "imagery": "Are images of a child involved?",
    "imagery_viewed": "Has anybody viewed the images?",
    "exposure": "How did somebody come upon it?",
    "devices": "Whose devices are involved?",
    "found_on": "Where was it found?",
    "on_school_systems": "Did it happen on the school's systems?",
    "staff_possession": "Does a member of staff hold indecent images of children?",
    "harm_threshold": "Does it meet the harm threshold for an allegation?",
    "police_request": "Did the police ask in writing to keep a copy?",
    "other_setting": "Are pupils of another school involved?",
    "serious": "Is it serious, as our policy means it?",
    "exam_room": "Did it happen in an exam room?",
}
_LIKELY = {Category.CONTENT: (0, 4), Category.CONTACT: (1,), Category.CONDUCT: (2,), Category.COMMERCE: (3,)}
_ADULTS = 5
_YES_OR_NO = {True: "yes", False: "no"}
_WHY = "Write down why. It is kept with the case."


class TriageForm(forms.Form):
    """Everything that is said at triage, and what is known later; the same form, answered late."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    category = forms.ChoiceField(
        label="Which of the four Cs",
        choices=[(one.value, f"{one.label}: {one.question[0].lower()}{one.question[1:]}") for one in Category],
        error_messages={"required": "Choose one of the four.", "invalid_choice": "Choose one of the four."},
    )
    types = forms.MultipleChoiceField(
        label="What is it?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[(one.value, one.label) for one in Decision],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you decide.", "invalid_choice": "Choose what you decide."},
    )
    duplicate_of = forms.CharField(
        label="Reference of the other case", required=False, max_length=12, help_text="For example OAK-7K3F"
    )
    reason = words_field("Why", rows=3, hint="It is kept with the case. A decision not to act is a decision too.")
    level = forms.ChoiceField(
        label="Level",
        choices=[(str(level.value), level.label) for level in Level],
        error_messages={"required": "Choose a level.", "invalid_choice": "Choose a level."},
    )
    level_reason = words_field("Why the level changes", rows=2)
    owner = forms.ChoiceField(
        label="Owner", required=False, error_messages={"invalid_choice": "Choose an owner from the list."}
    )

    def __init__(self, data: Any = None, *, incident: Incident, owners: Sequence[User], seen: str, me: User) -> None:
        super().__init__(data, initial=_initial(incident, owners, seen, me))
        self.incident = incident
        self.users = {str(user.pk): user for user in owners}
        allowed = [kind for kind in IncidentType if incident.is_about_adult or kind not in OF_ADULTS]
        chosen = [(kind.value, capital(TYPE_LABELS[kind])) for kind in allowed]
        fields: dict[str, Any] = {**self.fields, **{fact: _question(fact) for fact in TOLD}}
        fields["types"].choices = chosen
        fields["owner"].choices = [("", "Nobody yet"), *((pk, user.full_name) for pk, user in self.users.items())]
        fields["level"].widget.attrs |= {"data-reveals": "level-reason", "data-reveals-unless": str(incident.level)}
        fields["decision"].choice_hints = {one.value: one.hint for one in Decision}
        self.fields = fields

    def only_look(self) -> None:
        """Show what is chosen without saying what is missing: nothing is saved yet."""
        self._errors = ErrorDict()

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of what changes, and for the other case of a duplicate."""
        cleaned = super().clean() or {}
        before, decision = self.incident, cleaned.get("decision")
        reference = (cleaned.get("duplicate_of") or "").strip().upper()
        is_duplicate = decision == Decision.DUPLICATE
        cleaned["duplicate_of"] = reference if is_duplicate else ""
        if is_duplicate and not reference:
            self.add_error("duplicate_of", "Write the reference of the case that it repeats.")
        is_new = decision != before.decision or cleaned["duplicate_of"] != before.duplicate_of
        if decision and is_new and not cleaned.get("reason", "").strip() and not self.has_error("reason"):
            self.add_error("reason", _WHY)
        level = cleaned.get("level")
        if level and int(level) != before.level and not cleaned.get("level_reason", "").strip():
            self.add_error("level_reason", "Write down why the level changes. It is kept with the case.")
        return cleaned

    def known(self) -> dict[str, Any]:
        """Return the answers of a valid form, in the words of the engine's facts."""
        said = {fact: self.cleaned_data.get(fact) for fact in TOLD}
        # "no" is a word of its own where there are more answers than two: no crime is suspected.
        return {fact: value == "yes" if fact in YES_OR_NO else value for fact, value in said.items() if value}

    def types_chosen(self) -> frozenset[IncidentType]:
        """Return the types that are ticked now, whether or not the rest is valid."""
        values = self["types"].value() or []
        return frozenset(IncidentType(value) for value in values if value in set(IncidentType))

    def type_groups(self) -> dict[str, list[tuple[str, list[BoundWidget]]]]:
        """Return the boxes of `types` under their headings: the likely ones first, the others to be opened."""
        boxes = {str(box.data["value"]): box for box in self["types"].subwidgets}
        chosen, groups = self.types_chosen(), {"first": [], "others": []}  # type: ignore[var-annotated]
        category = Category(self.incident.category)
        for number, (title, kinds) in enumerate(TYPE_GROUPS):
            likely = number in _LIKELY[category] or bool(chosen & set(kinds))
            likely |= self.incident.is_about_adult and number == _ADULTS
            held = [boxes[kind.value] for kind in kinds if kind.value in boxes]
            if held:
                groups["first" if likely else "others"].append((title, held))
        return groups

    def questions(self, first: Sequence[str]) -> dict[str, list[BoundField]]:
        """Return the questions that matter now, and those that may be asked later; a wrong answer is never folded."""
        now = [fact for fact in TOLD if fact in first or self[fact].errors or self[fact].value()]
        return {"first": [self[fact] for fact in now], "others": [self[fact] for fact in TOLD if fact not in now]}


def _question(fact: str) -> forms.Field:
    if fact in ONE_OF:
        return one_of(fact, ONE_OF[fact], _QUESTIONS[fact])
    if fact in SOME_OF:
        return several(fact, SOME_OF[fact], _QUESTIONS[fact])
    return yes_or_no(fact, _QUESTIONS[fact])


def _initial(incident: Incident, owners: Sequence[User], seen: str, me: User) -> dict[str, Any]:
    answers = {fact: _YES_OR_NO[value] if value in (True, False) else value for fact, value in incident.known.items()}
    mine = str(me.pk) if me in owners and not incident.decision else ""
    return {
        **answers,
        "seen": seen,
        "category": incident.category,
        "types": incident.types,
        "decision": incident.decision,
        "duplicate_of": incident.duplicate_of,
        "level": str(incident.level),
        "owner": str(incident.owner_id or mine),
    }
