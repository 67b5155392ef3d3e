"""The forms for devices that are held: taken, quarantined, kept, given back. And the question who somebody is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Person, User
from incidents.devices import DeviceKind, Ending
from incidents.forms.days import check_ahead, day_field, moment_of, now_in_fields, time_field
from incidents.forms.words import words_field

# A device of a case is asked about after a week; any other goes home the same day unless somebody says otherwise.
_OF_CASE = timedelta(days=7)


def line(label: str, *, hint: str = "", required: str = "", longest: int = 300) -> forms.CharField:
    """Return a field of one line."""
    return words_field(label, longest=longest, rows=1, hint=hint, required=required)


def who_field(label: str) -> forms.ChoiceField:
    """Return the choice among the people that a case names, and those that were found."""
    return forms.ChoiceField(
        label=label, required=False, widget=forms.RadioSelect, error_messages={"invalid_choice": "Choose one of these."}
    )


def query_field() -> forms.CharField:
    """Return the box for the beginning of a name; `Find` looks for it."""
    return line("Find somebody by name", hint="The beginning of the first or the last name.", longest=100)


def offer_people(form: forms.Form, people: Sequence[Person]) -> dict[str, Person]:
    """Let the form choose among people, the ones that were found and the ones of the case."""
    known = {str(person.pk): person for person in people}
    field = form.fields["whose"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [*((pk, f"{one.name}, {one.detail}") for pk, one in known.items()), ("", "Nobody of these")]
    return known


def who_was_meant(form: forms.Form, known: dict[str, Person], *, missing: str, words: bool = True) -> Person | None:
    """Return who was chosen; nothing, and an error on the form, where nobody was chosen or described."""
    chosen = known.get(form.cleaned_data.get("whose", ""))
    described = str(form.cleaned_data.get("whose_words", "")).strip() if words else ""
    if chosen is None and not described:
        typed = str(form.cleaned_data.get("whose_query", "")).strip()
        form.add_error("whose_query", "Press Find, and choose who it is." if typed else missing)
    return chosen


def user_field(label: str, *, missing: str, required: bool = True, hint: str = "") -> forms.ChoiceField:
    """Return the choice of somebody who works here."""
    return forms.ChoiceField(
        label=label,
        required=required,
        help_text=hint,
        error_messages={"required": missing, "invalid_choice": "Choose somebody in the list."},
    )


def offer_users(form: forms.Form, users: Sequence[User], *names: str, first: str = "Choose") -> dict[str, User]:
    """Let some fields of the form choose among those who work here."""
    known = {str(user.pk): user for user in users}
    for name in names:
        field = form.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", first), *((pk, user.full_name) for pk, user in known.items())]
    return known


def yes_no_field(label: str, *, yes: str = "Yes", no: str = "No", missing: str, hint: str = "") -> forms.ChoiceField:
    """Return a question with two answers."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("yes", yes), ("no", no)],
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": "Choose one of these."},
    )


class DeviceForm(forms.Form):
    """A device that was taken: what, whose, why, by whom, where it is and by when somebody decides whether it stays."""

    device_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[("", "Choose"), *((kind.value, kind.label) for kind in DeviceKind)],
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose one of these."},
    )
    description = line(
        "Which one?",
        hint="Make, colour, case, cracks: what tells it from another. Take no photo of it.",
        required="Write down what it is: make, colour, what tells it from another.",
    )
    whose = who_field("Whose is it?")
    whose_query = query_field()
    whose_words = line("If you do not know: where it was found, or who is thought to own it")
    why = words_field("Why was it taken?", required="Write down why it was taken.", rows=3)
    taken_date = day_field("Day", required="Say on which day.")
    taken_time = time_field("Time", required="Say at what time. A rough time is fine.")
    taken_by = user_field("Who took it?", missing="Choose who took it.")
    place = line(
        "Where is it now?",
        hint="It is in your hands: a locked cupboard or safe, and which one. Switched off, or in flight mode.",
        required="Write down where it is kept.",
    )
    seal = line("Seal number", hint="Of the bag it lies in, if it is sealed.", longest=40)
    is_quarantined = forms.BooleanField(
        label="It goes into quarantine",
        required=False,
        help_text="It may hold evidence of a crime: nobody switches it on, looks at it or gives it back until the "
        "police have advised.",
    )
    police_reference = line("Police reference", hint="If the police gave one already.")
    review_on = day_field(
        "Decide by when whether it stays",
        required="Say by which day.",
        hint="If nobody has by then, it calls for somebody.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[Person],
        takers: Sequence[User],
        me: User,
        at: datetime,
        is_of_case: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.at = at
        self.people = offer_people(self, people)
        self.users = offer_users(self, takers, "taken_by")
        now_in_fields(self, "taken_date", "taken_time", at=at)
        self.fields["taken_by"].initial = str(me.pk)
        today = timezone.localtime(at).date()
        self.fields["review_on"].initial = today + _OF_CASE if is_of_case else today

    def clean(self) -> dict[str, Any]:
        """Turn what was chosen into people and a moment."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["taken_at"] = moment_of(self, "taken_date", "taken_time", at=self.at)
        cleaned["owner"] = who_was_meant(self, self.people, missing="Say whose it is, as far as it is known.")
        cleaned["taker"] = self.users.get(cleaned.get("taken_by", ""))
        check_ahead(self, "review_on", at=self.at)
        return cleaned


class QuarantineForm(forms.Form):
    """Why a device goes into quarantine."""

    words = words_field("Why?", required="Write down why. It is kept.", rows=2)
    police_reference = line("Police reference", hint="If the police gave one already.")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="quarantine")


class ReleaseForm(forms.Form):
    """What the police advised, so that a device leaves quarantine."""

    words = words_field("Who advised what?", required="Write down who advised what. It is kept.", rows=3)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="release")


class KeepForm(forms.Form):
    """Until when a device stays, and why."""

    review_on = day_field("Decide again by", required="Say by which day.")
    reason = words_field("Why does it stay?", required="Write down why it stays. It is kept.", rows=2)

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data, prefix="keep")
        self.at = at

    def clean(self) -> dict[str, Any]:
        """Refuse a day that is over."""
        cleaned = super().clean() or self.cleaned_data
        check_ahead(self, "review_on", at=self.at)
        return cleaned


class EndForm(forms.Form):
    """To whom a device was given back, or with whom outside the school it stays."""

    ending = forms.ChoiceField(
        label="What became of it?",
        choices=[(one.value, one.label) for one in Ending],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what became of it.", "invalid_choice": "Choose one of these."},
    )
    words = words_field(
        "Who has it now?",
        required="Write down who has it now.",
        rows=2,
        hint="Name, and what they are to the pupil: “her mother, Ms Hadley, at the office”.",
    )
    ended_date = day_field("Day", required="Say on which day.")
    ended_time = time_field("Time", required="Say at what time. A rough time is fine.")

    def __init__(self, data: Any = None, *, at: datetime, is_outside: bool) -> None:
        super().__init__(data, prefix="end")
        self.at = at
        now_in_fields(self, "ended_date", "ended_time", at=at)
        self.fields["ending"].initial = Ending.RETURNED.value
        if not is_outside:
            self.fields["ending"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Turn day and time into a moment."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["ended_at"] = moment_of(self, "ended_date", "ended_time", at=self.at)
        return cleaned
