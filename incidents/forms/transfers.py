"""The forms by which a device goes from hand to hand."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.custody import line, offer_users, user_field, yes_no_field
from incidents.forms.words import words_field
from incidents.operations.transfers import Handing, Outside

MEMBER, POLICE, OTHER = "member", "police", "other"


def _seal_fields(form: forms.Form, seal: str) -> None:
    """Ask about a seal only where there is one."""
    if not seal:
        del form.fields["seal_intact"]
    else:
        form.fields["seal_intact"].label = f"Is the seal whole: {seal}?"


def _handing(cleaned: dict[str, Any]) -> Handing:
    said = cleaned.get("seal_intact")
    return Handing(
        place=cleaned.get("place", ""),
        seal_intact=said == "yes" if said else None,
        seal=cleaned.get("seal", ""),
        words=cleaned.get("words", ""),
    )


class HandOverForm(forms.Form):
    """To whom it goes: a colleague, who signs for it, or somebody outside, who gives a reference."""

    to = forms.ChoiceField(
        label="Who takes it?",
        choices=[(MEMBER, "Somebody of the school"), (POLICE, "The police"), (OTHER, "Somebody else outside")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who takes it.", "invalid_choice": "Choose one of these."},
    )
    receiver = user_field("Who?", missing="", required=False)
    name = line("Name", hint="Of the officer, or whoever takes it.")
    agency = line("Where they come from", hint="For example: Kent Police, Child Protection Team.")
    reference = line("What they gave you", hint="A collar number, or the number of a receipt.")
    seal_intact = yes_no_field("Is the seal whole?", missing="Say whether the seal is whole.")
    seal = line("New seal number", hint="If it goes on in a sealed bag: the number on it now.", longest=40)
    place = line("Where it goes", hint="As far as you know.")
    words = words_field("Anything else", rows=2)

    def __init__(
        self, data: Any = None, *, receivers: Sequence[User] = (), seal: str = "", initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix="hand", initial=initial)
        self.users = offer_users(self, receivers, "receiver")
        self.fields["seal"].initial = seal
        _seal_fields(self, seal)

    def clean(self) -> dict[str, Any]:
        """Make whoever takes it of what was chosen or written."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["handing"] = _handing(cleaned)
        if cleaned.get("to") == MEMBER:
            cleaned["taker"] = self.users.get(cleaned.get("receiver", ""))
            if cleaned["taker"] is None and not self.has_error("receiver"):
                self.add_error("receiver", "Choose who takes it.")
        elif cleaned.get("to"):
            for name, sentence in (("name", "Write down their name."), ("reference", "Write down what they gave you.")):
                if not str(cleaned.get(name, "")).strip() and not self.has_error(name):
                    self.add_error(name, sentence)
            cleaned["taker"] = Outside(
                name=cleaned.get("name", ""),
                agency=cleaned.get("agency", "") or ("Police" if cleaned["to"] == POLICE else ""),
                reference=cleaned.get("reference", ""),
                is_police=cleaned["to"] == POLICE,
            )
        return cleaned


class SignForm(forms.Form):
    """That one has it now: where, and whether the seal is as it was said."""

    seal_intact = yes_no_field("Is the seal whole?", missing="Say whether the seal is whole and has this number.")
    place = line(
        "Where do you keep it?",
        hint="A locked cupboard or safe, and which one.",
        required="Write down where you keep it.",
    )
    words = words_field("Anything that is not as described", rows=2)

    def __init__(self, data: Any = None, *, seal: str = "") -> None:
        super().__init__(data, prefix="sign")
        _seal_fields(self, seal)

    def clean(self) -> dict[str, Any]:
        """Put it together."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["handing"] = _handing(cleaned)
        return cleaned


class DeclineTransferForm(forms.Form):
    """Why it is not handed over."""

    words = words_field("Why not?", required="Write down why it is not handed over.", rows=2)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="decline")


class TakeOverForm(forms.Form):
    """That one takes it out of a hand that cannot sign here."""

    words = words_field(
        "Why does whoever has it not hand it over here?",
        required="Write down why whoever has it does not hand it over here themselves.",
        rows=2,
        hint="They are outside the school, away, or gone. It stands where their signature would be.",
    )
    place = line("Where do you keep it?", required="Write down where you keep it.")
    seal_intact = yes_no_field("Is the seal whole?", missing="Say whether the seal is whole.")
    seal = line("Seal number now", longest=40)

    def __init__(self, data: Any = None, *, seal: str = "") -> None:
        super().__init__(data, prefix="take")
        self.fields["seal"].initial = seal
        _seal_fields(self, seal)

    def clean(self) -> dict[str, Any]:
        """Put it together."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["handing"] = _handing(cleaned)
        return cleaned
