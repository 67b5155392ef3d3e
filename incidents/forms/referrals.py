"""The forms for what is asked of agencies: recorded, answered, chased, closed, decided against."""

import uuid
from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from incidents.agencies import KNOWN
from incidents.forms.days import check_ahead, day_field, moment_of, now_in_fields, time_field
from incidents.forms.words import words_field
from incidents.statuses import Answered, Method
from policies.engine.vocabulary import Agency, Kind

KINDS = {Kind.CONSULT.value: "Advice: we asked what to do", Kind.REFER.value: "Referral: we handed it over"}
AGAIN, OVER = "again", "over"
# What is most often meant.
_USUAL = {
    Agency.POLICE: Method.CALL_101,
    Agency.POLICE_EMERGENCY: Method.CALL_999,
    Agency.CEOP: Method.ONLINE_FORM,
    Agency.IWF: Method.ONLINE_FORM,
    Agency.REPORT_REMOVE: Method.ONLINE_FORM,
}
# How something may end once there is an answer; `TAKEN_BACK` and `NO_ANSWER` are for what has none.
_WITH_ANSWER = (Answered.ADVICE_GIVEN, Answered.TAKEN_ON, Answered.PASSED_ON, Answered.NOT_TAKEN_ON)


def _said(required: str, invalid: str = "Choose one of these.") -> dict[str, str]:
    return {"required": required, "invalid_choice": invalid}


def _line(label: str, *, hint: str = "") -> forms.CharField:
    return words_field(label, longest=300, rows=1, hint=hint)


class ChooseForm(forms.Form):
    """Whom it goes to, and whether advice is asked or the case handed over."""

    agency = forms.ChoiceField(
        label="Whom does it go to?",
        choices=[("", "Choose"), *((agency.value, known.name) for agency, known in KNOWN.items())],
        error_messages=_said("Choose whom it goes to.", "Choose somebody in the list."),
    )
    kind = forms.ChoiceField(
        label="What is it?",
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether it is advice or a referral.",
            "invalid_choice": "Choose one of these.",
        },
    )


class ReferralForm(forms.Form):
    """That an agency was told: how, when, by whom, what, and when to ask what became of it."""

    referral_id = forms.UUIDField(widget=forms.HiddenInput)
    agency = forms.ChoiceField(choices=[(agency.value, known.name) for agency, known in KNOWN.items()])
    kind = forms.ChoiceField(
        label="What was it?",
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether it was advice or a referral.",
            "invalid_choice": "Choose one of these.",
        },
    )
    method = forms.ChoiceField(
        label="How did you tell them?",
        choices=[(method.value, method.label) for method in Method],
        widget=forms.RadioSelect,
        error_messages=_said("Say how you told them."),
    )
    made_date = day_field("Day", required="Say on which day.")
    made_time = time_field("Time", required="Say at what time. A rough time is fine.")
    made_by = forms.ChoiceField(
        label="Who told them?",
        error_messages=_said("Choose who told them.", "Choose somebody in the list."),
    )
    spoken_to = _line("Who you spoke to", hint="Name and post, as far as you know. For a form: the team it went to.")
    said = words_field(
        "What you told them",
        required="Write down what you told them.",
        rows=6,
        hint="What the agency was told, and what you asked for. Describe images in words; attach none.",
    )
    advice = words_field(
        "What they said", rows=4, hint="Their advice or answer, if you have it already. Otherwise leave this empty."
    )
    agency_reference = _line("Their reference", hint="For example a crime or log number.")
    expects = forms.ChoiceField(
        label="Do you expect to hear from them?",
        choices=[(AGAIN, "Yes, or they should have answered by then"), (OVER, "No, nothing more is expected")],
        widget=forms.RadioSelect,
        error_messages=_said("Say whether you expect an answer."),
    )
    chase_date = day_field("Ask them again on", hint="If nobody has by then, it is escalated like every duty.")

    def __init__(self, *args: Any, makers: list[User], at: datetime, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.users = {str(user.pk): user for user in makers}
        now_in_fields(self, "made_date", "made_time", at=at)
        field = self.fields["made_by"]
        field.initial = str(me.pk)
        if isinstance(field, forms.ChoiceField):
            field.choices = [(pk, user.full_name) for pk, user in self.users.items()]

    def clean(self) -> dict[str, Any]:
        """Turn day and time into a moment, and refuse a day to ask again that is missing or over."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["made_at"] = moment_of(self, "made_date", "made_time", at=self.at)
        _clean_next(self, cleaned, self.at)
        if "made_by" in cleaned:
            cleaned["made_by"] = self.users[cleaned["made_by"]]
        return cleaned


class AnswerForm(forms.Form):
    """What they answered, and what follows from it."""

    given_by = _line("Who answered", hint="Name and post, as far as you know.")
    given_date = day_field("Day", required="Say on which day they answered.")
    given_time = time_field("Time", required="Say at what time. A rough time is fine.")
    text = words_field("What they answered", required="Write down what they answered.", rows=5)
    expects = forms.ChoiceField(
        label="What follows?",
        choices=[(AGAIN, "We wait for more from them"), (OVER, "This is how it ended")],
        widget=forms.RadioSelect,
        error_messages=_said("Say what follows."),
    )
    chase_date = day_field("Ask them again on")
    outcome = forms.ChoiceField(
        label="How did it end?",
        required=False,
        choices=[("", "Choose"), *((one.value, one.label) for one in _WITH_ANSWER)],
        error_messages={"invalid_choice": "Choose one of these."},
    )

    def __init__(self, data: Any = None, *, at: datetime, is_closed: bool = False) -> None:
        super().__init__(data, prefix="answer")
        self.at = at
        now_in_fields(self, "given_date", "given_time", at=at)
        if is_closed:
            for name in ("expects", "chase_date", "outcome"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Turn day and time into a moment, and want either a day to ask again or how it ended."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["given_at"] = moment_of(self, "given_date", "given_time", at=self.at)
        if "expects" in self.fields:
            _clean_next(self, cleaned, self.at)
            if cleaned.get("expects") == OVER and "outcome" in cleaned and not cleaned["outcome"]:
                self.add_error("outcome", "Choose how it ended.")
        return cleaned


class ChaseForm(forms.Form):
    """That they were asked again without an answer, and when to ask next."""

    chase_date = day_field("Ask them again on", required="Say by which day.")
    reason = words_field(
        "What you did, or why it can wait",
        required="Write down what you did, or why it can wait. It is kept with the case.",
        longest=4000,
        rows=2,
    )

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data, prefix="chase")
        self.at = at

    def clean(self) -> dict[str, Any]:
        """Refuse a day that is over."""
        cleaned = super().clean() or self.cleaned_data
        check_ahead(self, "chase_date", at=self.at)
        return cleaned


class CloseForm(forms.Form):
    """How it ended without another answer."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[("", "Choose"), *((one.value, one.label) for one in Answered)],
        error_messages=_said("Choose how it ended."),
    )
    words = words_field("What came of it", required="Write down how it ended. It is kept with the case.", rows=3)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="close")


class DeclineForm(forms.Form):
    """Why somebody is not asked, or not referred to. One on the page for each duty."""

    reason = words_field(
        "Why not?",
        required="Write down why. Deciding not to is a decision, and is kept with the case.",
        rows=3,
    )

    def __init__(self, data: Any = None, *, duty_id: uuid.UUID) -> None:
        super().__init__(data, prefix=f"decline-{duty_id}")
        self.duty_id = duty_id


def usual_method(agency: Agency) -> str:
    """Return how an agency is most often told; nothing where it differs."""
    return _USUAL[agency].value if agency in _USUAL else ""


def _clean_next(form: forms.Form, cleaned: dict[str, Any], at: datetime) -> None:
    if cleaned.get("expects") != AGAIN:
        cleaned["chase_date"] = None
        # What was typed into a box that does not count is no mistake.
        form.errors.pop("chase_date", None)
        return
    check_ahead(form, "chase_date", at=at)
    if not cleaned.get("chase_date") and not form.has_error("chase_date"):
        form.add_error("chase_date", "Say on which day you ask them again.")
