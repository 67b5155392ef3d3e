"""The forms of the register of phones and photographs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Person
from incidents.devices import AllowanceGround, AllowanceKind, Giver
from incidents.forms.custody import line, offer_people, query_field, who_field, who_was_meant
from incidents.forms.days import check_behind, day_field
from incidents.forms.words import words_field
from incidents.queries.allowances import Wanted

_ONE = {"invalid_choice": "Choose one of these."}


class RegisterForm(forms.Form):
    """Which lines of the register are wanted."""

    kind = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Everything"), *((kind.value, kind.label) for kind in AllowanceKind)],
        error_messages=_ONE,
    )
    name = line("Name", longest=100)
    even_ended = forms.BooleanField(label="Also what holds no longer", required=False)

    @property
    def wanted(self) -> Wanted:
        """What was chosen; everything that holds where nothing was."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        said = self.cleaned_data
        kind = AllowanceKind(said["kind"]) if said["kind"] else None
        return Wanted(kind=kind, name=said["name"], even_ended=said["even_ended"])


class AllowanceForm(forms.Form):
    """What somebody is allowed or agreed to."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in AllowanceKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what it is.", **_ONE},
    )
    whose = who_field("Who is it?")
    whose_query = query_field()
    ground = forms.ChoiceField(
        label="Why, for a phone",
        required=False,
        choices=[("", "Choose"), *((ground.value, ground.label) for ground in AllowanceGround)],
        error_messages=_ONE,
    )
    giver = forms.ChoiceField(
        label="Who said so?",
        choices=[(one.value, one.label) for one in Giver],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who said so.", **_ONE},
    )
    giver_name = line("Their name", hint="Of the parent, or of whoever decided for the school.", longest=160)
    given_on = day_field("From which day?", required="Say from which day.")
    until = day_field("Until which day?", hint="Leave it empty where it holds until it is taken back.")
    note = words_field("Anything else", rows=2)

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
        self.fields["given_on"].initial = timezone.localtime(at).date()
        hints = {kind.value: kind.hint for kind in AllowanceKind}
        self.fields["kind"].choice_hints = hints  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn what was chosen into a person; a day from which it holds is not to come."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["person"] = who_was_meant(self, self.people, missing="Say who it is.", words=False)
        check_behind(self, "given_on", at=self.at)
        return cleaned


class WithdrawForm(forms.Form):
    """That it was taken back: by whom, and from which day on."""

    giver = forms.ChoiceField(
        label="Who takes it back?",
        choices=[(one.value, one.label) for one in Giver],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who takes it back.", **_ONE},
    )
    withdrawn_on = day_field("From which day?", required="Say from which day.")

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data, prefix="withdraw")
        self.fields["withdrawn_on"].initial = timezone.localtime(at).date()
