"""How a chronology is to be printed, whom it is for and why."""

from typing import Any

from django import forms

from incidents.forms.words import words_field
from incidents.models import InvolvedPerson
from incidents.queries.prints import Purpose, Style, Wanted, may_be_for

NOBODY, EVERYBODY = "nobody", "everybody"


class PrintForm(forms.Form):
    """What the document holds, whose names stand in it, whom it is for and why."""

    style = forms.ChoiceField(
        label="What should it hold?",
        choices=[(style.value, style.label) for style in Style],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it should hold.", "invalid_choice": "Choose what it should hold."},
    )
    names = forms.ChoiceField(
        label="Which child may be named in it?",
        widget=forms.RadioSelect,
        help_text="Every other child becomes a letter, also in what people wrote.",
        error_messages={"required": "Choose who may be named.", "invalid_choice": "Choose who may be named."},
    )
    purpose = forms.ChoiceField(
        label="Whom is it for?",
        choices=[("", "Choose"), *((purpose.value, purpose.label) for purpose in Purpose)],
        error_messages={"required": "Choose whom it is for.", "invalid_choice": "Choose whom it is for."},
    )
    words = words_field(
        "What is it for?",
        longest=1000,
        required="Write down what it is for. It is kept with the case.",
        rows=2,
        hint="For example: strategy meeting on 24 November, asked for by the social worker.",
    )

    def __init__(self, *args: Any, people: list[InvolvedPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._children = {str(person.pk): person for person in people if may_be_for(person)}
        names = self.fields["names"]
        if isinstance(names, forms.ChoiceField):
            children = [(pk, f"Only {person.name}") for pk, person in self._children.items()]
            everybody = (EVERYBODY, "Everybody by name, for those who have to know who everybody is")
            names.choices = [*children, (NOBODY, "No child: each one is a letter"), everybody]
        self.fields["style"].choice_hints = {style.value: style.hint for style in Style}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse what contradicts itself: names of staff left out and everybody else's put in."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("names") == EVERYBODY and cleaned.get("style") == Style.WITHOUT_STAFF:
            self.add_error(
                "names", "A document without staff names does not name everybody else. Choose one child, or none."
            )
        return cleaned

    def wanted(self) -> Wanted:
        """Return what was chosen."""
        chosen = self.cleaned_data["names"]
        return Wanted(
            style=Style(self.cleaned_data["style"]),
            child=self._children.get(chosen),
            is_all_named=chosen == EVERYBODY,
        )
