"""The forms of the register of low-level concerns: one that is entered, and what is decided about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from accounts.models import Person
from incidents.allegations import LowLevelDecision, LowLevelKind
from incidents.forms.custody import line, offer_people, query_field, who_field, who_was_meant
from incidents.forms.days import check_behind, day_field
from incidents.forms.words import words_field
from incidents.operations.low_level_concerns import Told


class ConcernForm(forms.Form):
    """Who, what, when, in which context, and who shared it."""

    whose = who_field("Who is it about?")
    whose_query = query_field()
    whose_words = line("If they are not in the list: who they are", hint="For example: a supply teacher of an agency.")
    kind = forms.ChoiceField(
        label="What kind of conduct?",
        choices=[("", "Choose"), *((kind.value, kind.label) for kind in LowLevelKind)],
        error_messages={
            "required": "Choose what kind of conduct it is.",
            "invalid_choice": "Choose one of these.",
        },
    )
    what = words_field(
        "What did they do or say?",
        required="Write down what they did or said.",
        rows=4,
        hint="What was seen or heard, no matter how small. No judgement of the person.",
    )
    context = words_field(
        "In which context?", rows=3, hint="Where, with whom, what went before; what the person says themselves."
    )
    happened_on = day_field("On which day?", hint="Leave it empty where nobody knows.")
    shared_by = line(
        "Who shared it?",
        required="Write down who shared it, or that they want no name here.",
        hint="Somebody may ask that their name is not written here: write that, and respect it as far as it goes.",
    )
    is_self_referral = forms.BooleanField(
        label="They shared it about themselves",
        required=False,
        help_text="Somebody found themselves in a situation that could be misread, and said so.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[Person],
        at: datetime,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.at = at
        self.people = offer_people(self, people)

    def clean(self) -> dict[str, Any]:
        """Turn what was chosen into a person, and put the concern together."""
        cleaned = super().clean() or self.cleaned_data
        person = who_was_meant(self, self.people, missing="Say who it is about, as far as it is known.")
        if cleaned.get("happened_on"):
            check_behind(self, "happened_on", at=self.at)
        if not self.errors:
            cleaned["told"] = Told(
                kind=LowLevelKind(cleaned["kind"]),
                what=cleaned["what"],
                shared_by=cleaned["shared_by"],
                person=person,
                description="" if person else cleaned["whose_words"],
                context=cleaned["context"],
                happened_on=cleaned["happened_on"],
                is_self_referral=cleaned["is_self_referral"],
            )
        return cleaned


class DecisionForm(forms.Form):
    """What is decided, and why."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[(one.value, one.label) for one in LowLevelDecision],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you decide.", "invalid_choice": "Choose one of these."},
    )
    reason = words_field("Why, and what was said to the person?", required="Write down why. It is kept.", rows=4)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        hints = {one.value: one.hint for one in LowLevelDecision}
        self.fields["decision"].choice_hints = hints  # type: ignore[attr-defined]
