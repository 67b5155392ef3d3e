"""The forms with which a website is let through for a while."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from incidents.forms.days import check_ahead, day_field
from incidents.forms.filtering_tickets import address_field, group_field
from incidents.forms.words import words_field
from incidents.models.filtering_tickets import normal_address
from incidents.operations.bypass_requests import LONGEST_DAYS
from policies.statuses import UserGroup

AGREED, DECLINED = "agreed", "declined"


class BypassForm(forms.Form):
    """Which website, what for, for which group, and from when until when."""

    url = address_field("Address of the website", required="Give the address of the website.")
    purpose = words_field(
        "What do you need it for?",
        required="Write down what you need it for.",
        longest=4000,
        rows=3,
        hint="The lesson or the work, and why nothing else will do. Name no child.",
    )
    user_group = group_field("For which group?")
    first_day = day_field("First day", required="Say from which day you need it.")
    last_day = day_field("Last day", required="Say until which day you need it.")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        today = timezone.localtime(at).date()
        self.fields["first_day"].initial = self.fields["last_day"].initial = today

    def clean_url(self) -> str:
        """Refuse what is no web address."""
        url: str = self.cleaned_data["url"]
        if not normal_address(url):
            raise forms.ValidationError("That is not a web address. Copy it from the browser’s address line.")
        return url

    def clean(self) -> dict[str, Any]:
        """Turn days into moments: from the beginning of the first to the end of the last."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("first_day", "last_day"):
            check_ahead(self, name, at=self.at)
        first, last = cleaned.pop("first_day", None), cleaned.pop("last_day", None)
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first. Check both.")
        elif first and last and last - first >= timedelta(days=LONGEST_DAYS):
            self.add_error("last_day", f"It can be {LONGEST_DAYS} days at most. Ask again after that.")
        elif first and last:
            cleaned["starts_at"] = timezone.make_aware(datetime.combine(first, time.min))
            cleaned["ends_at"] = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
        if cleaned.get("user_group"):
            cleaned["user_group"] = UserGroup(cleaned["user_group"])
        return cleaned


class DecisionForm(forms.Form):
    """Whether the website is let through, and why."""

    decision = forms.ChoiceField(
        label="Is it let through?",
        choices=[(AGREED, "Yes, for that time and that group"), (DECLINED, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is let through.", "invalid_choice": "Choose one of these."},
    )
    reason = words_field(
        "Why?",
        required="Write down why. Whoever asked reads it.",
        longest=4000,
        rows=3,
        hint="Is it needed, or would something else do? What looks after the group meanwhile?",
    )
