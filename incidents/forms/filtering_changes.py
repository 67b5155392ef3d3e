"""The forms of the log of changes."""

from django import forms

from incidents.forms.words import words_field

AGREED, DECLINED = "agreed", "declined"


class ChangeForm(forms.Form):
    """What was changed, why, and what it may do to others."""

    what = words_field("What was changed?", required="Write down what was changed.", longest=4000, rows=3)
    why = words_field("Why?", required="Write down why it was changed.", longest=4000, rows=2)
    risk = words_field(
        "What may this change do to others?",
        required="Write down what the change may do to others, or that it does nothing to them.",
        longest=4000,
        rows=3,
        hint="The risk assessment: whom it reaches, what it may block or let through, and how you would notice.",
    )


class AnswerForm(forms.Form):
    """Whether leadership consents, and what they say to it."""

    answer = forms.ChoiceField(
        label="Do you consent?",
        choices=[(AGREED, "Yes, the change stays"), (DECLINED, "No, it is to be taken back")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you consent.", "invalid_choice": "Choose one of these."},
    )
    words = words_field("What do you say to it?", longest=4000, rows=2, hint="Needed where you do not consent.")
