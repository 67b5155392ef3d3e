"""The form with which a duty is done, decided against, or let rest."""

import uuid
from typing import Any

from django import forms

from incidents.forms.words import words_field


class DutyForm(forms.Form):
    """What was done, or why it is not: the words that are kept with the case. One on the page for each duty."""

    words = words_field("What was done, or why it is not", rows=3)

    def __init__(self, data: Any = None, *, duty_id: uuid.UUID, is_alone: bool = False) -> None:
        super().__init__(data, prefix=f"duty-{duty_id}")
        self.duty_id = duty_id
        if is_alone:
            words = self.fields["words"]
            words.label = "What you did"
            words.help_text = "Write no names. Those who handle the case know whom it is about."
