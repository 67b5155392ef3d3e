"""The form with which a check is entered in the register."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from incidents.forms.days import check_behind, day_field
from incidents.forms.filtering_tickets import group_field
from incidents.forms.words import words_field
from policies.operations.filtering_checks import Checked
from policies.statuses import CheckKind, CheckResult, UserGroup


class CheckForm(forms.Form):
    """On which day what was tested, on which device, where, for whom, and what came of it."""

    kind = forms.ChoiceField(
        label="What did you check?",
        choices=[(kind.value, kind.label) for kind in CheckKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you checked.", "invalid_choice": "Choose one of these."},
    )
    checked_on = day_field("Day of the check", required="Say on which day you checked.")
    device = words_field("Device", required="Say on which device you checked.", longest=120, rows=1)
    location = words_field("Place", required="Say where you checked.", longest=120, rows=1)
    user_group = group_field("Signed in as which group?")
    tested = words_field(
        "What did you test?",
        required="Write down what you tested.",
        longest=4000,
        rows=3,
        hint="For example a test page for illegal material, adult pages, a search, an app.",
    )
    result = forms.ChoiceField(
        label="Result",
        choices=[(result.value, result.label) for result in CheckResult],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what came of it.", "invalid_choice": "Choose one of these."},
    )
    noticed = words_field(
        "What did you notice?",
        longest=4000,
        rows=3,
        hint="Needed where something does not work: a ticket is opened, and the safeguarding team is told.",
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["checked_on"].initial = timezone.localtime(at).date()

    def clean(self) -> dict[str, Any]:
        """Turn what was typed into what the operation takes, as `checked`."""
        cleaned = super().clean() or self.cleaned_data
        check_behind(self, "checked_on", at=self.at)
        if cleaned.get("result") == CheckResult.FAILED and not cleaned.get("noticed", "").strip():
            self.add_error("noticed", "Write down what did not work.")
        if self.errors:
            return cleaned
        cleaned["checked"] = Checked(
            **{name: cleaned[name] for name in ("checked_on", "device", "location", "tested", "noticed")},
            kind=CheckKind(cleaned["kind"]),
            user_group=UserGroup(cleaned["user_group"]),
            result=CheckResult(cleaned["result"]),
        )
        return cleaned
