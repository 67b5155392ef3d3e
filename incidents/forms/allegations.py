"""The forms with which a case manager is led through an allegation, one for each step."""

from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from incidents.allegations import AllegationOutcome, Considered, HarmTest, LowLevelKind, Reply, Step
from incidents.forms.days import check_ahead, day_field
from incidents.forms.words import words_field
from incidents.operations.allegations import Care, Comparison, Ending, Precautions

_CHOOSE = "Choose one of these."
_WHY = "Write down why. It is kept with the case."
YET, ALLOWED = "not_yet", "allowed"


def _one_of(label: str, choices: list[tuple[str, str]], *, missing: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": _CHOOSE},
    )


class ThresholdForm(forms.Form):
    """The four tests, each answered with words where they are needed, and how that is known."""

    reason = words_field(
        "What do you go by?",
        required="Write down what you go by. It is kept with the case.",
        rows=3,
        hint="What is known now, and from whom. Do not look into it yourself.",
    )

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, prefix=Step.THRESHOLD.value)
        replies = [(reply.value, reply.label) for reply in Reply]
        for test in HarmTest:
            missing = f"Answer: {test.short[0].lower()}{test.short[1:]}?"
            self.fields[test.value] = _one_of(test.label, replies, missing=missing, hint=test.hint)
            self.fields[f"{test.value}_words"] = words_field("In what way", longest=4000, rows=2)
        self.order_fields([*(name for test in HarmTest for name in (test.value, f"{test.value}_words")), "reason"])

    def tests(self) -> list[tuple[BoundField, BoundField]]:
        """Return each test with the box for its words."""
        return [(self[test.value], self[f"{test.value}_words"]) for test in HarmTest]

    def clean(self) -> dict[str, Any]:
        """Ask for words where something may have happened; put the answers together."""
        cleaned = super().clean() or self.cleaned_data
        for test in HarmTest:
            words = f"{test.value}_words"
            has_words = self.has_error(words) or cleaned.get(words, "").strip()
            if cleaned.get(test.value) in (Reply.YES, Reply.UNCLEAR) and not has_words:
                self.add_error(words, f"Write down in what way: {test.short[0].lower()}{test.short[1:]}.")
        if not self.errors:
            replies = {test: Reply(cleaned[test.value]) for test in HarmTest}
            words_of = {test: cleaned[f"{test.value}_words"] for test in HarmTest}
            cleaned["said"] = Comparison(replies, cleaned["reason"], words_of)
        return cleaned


class CareForm(forms.Form):
    """Who looks after the person it is about, and from when they may be told."""

    contact = words_field(
        "Who looks after them?",
        required="Name somebody who looks after them.",
        longest=300,
        rows=1,
        hint="Somebody who has no part in the case: they ask how the person is, and say what happens next.",
    )
    support = words_field(
        "What help was offered?",
        longest=4000,
        rows=2,
        hint="For example: their union, a friend at work, counselling, occupational health.",
    )
    may_tell = _one_of(
        "May they be told?",
        [(YET, "Not yet"), (ALLOWED, "Yes, from a day")],
        missing="Say whether they may be told.",
        hint="Ask the designated officer first, and the police where they are involved.",
    )
    told_from = day_field("From which day?")
    allowed_by = words_field("Who allowed it?", longest=300, rows=1, hint="The officer's name, and when they said so.")

    def __init__(self, data: Any = None, *, at: datetime, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, prefix=Step.CARE.value)
        if initial:
            self.fields["may_tell"].initial = ALLOWED if initial.get("told_from") else YET
        self.at = at

    def clean(self) -> dict[str, Any]:
        """Ask from when, and who allowed it, where they may be told."""
        cleaned = super().clean() or self.cleaned_data
        is_allowed = cleaned.get("may_tell") == ALLOWED
        if is_allowed and not cleaned.get("told_from") and not self.has_error("told_from"):
            self.add_error("told_from", "Say from which day.")
        if is_allowed and not cleaned.get("allowed_by", "").strip() and not self.has_error("allowed_by"):
            self.add_error("allowed_by", "Write down who allowed it.")
        if is_allowed and cleaned.get("told_from"):
            _check_year(self, "told_from", at=self.at)
        if not self.errors:
            told_from = cleaned["told_from"] if is_allowed else None
            allowed_by = cleaned["allowed_by"] if is_allowed else ""
            cleaned["said"] = Care(cleaned["contact"], cleaned["support"], told_from, allowed_by)
        return cleaned


class PrecautionsForm(forms.Form):
    """What keeps children safe meanwhile, and why; suspending is the last way."""

    what = words_field(
        "What is done?",
        required="Write down what is done, or that nothing is needed.",
        rows=3,
        hint="For example: other duties, another class, never alone with a child, work from home.",
    )
    is_suspended = _one_of(
        "Is the person suspended?",
        [("no", "No"), ("yes", "Yes, because nothing less is enough")],
        missing="Say whether the person is suspended.",
    )
    reason = words_field(
        "Why is this enough, and not too much?",
        required=_WHY,
        rows=3,
        hint="Where somebody is suspended: what else was weighed, and what the officer and the police advised.",
    )

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, prefix=Step.PRECAUTIONS.value)

    def clean(self) -> dict[str, Any]:
        """Put the answers together."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["said"] = Precautions(cleaned["what"], cleaned["reason"], cleaned["is_suspended"] == "yes")
        return cleaned


class OutcomeForm(forms.Form):
    """How it ended, why, and whom the law may want told."""

    outcome = _one_of(
        "How did it end?",
        [(one.value, one.label) for one in AllegationOutcome],
        missing="Choose how it ended.",
    )
    reason = words_field("Why?", required=_WHY, rows=4)
    barring = _one_of(
        "Disclosure and Barring Service",
        [(one.value, one.label) for one in Considered],
        missing="Say what was decided about the Disclosure and Barring Service.",
        hint="The law asks for it where somebody harmed a child or may, and was taken off work with children because "
        "of it, or would have been.",
    )
    barring_words = words_field("When, and what was said; or why not", longest=4000, rows=2)
    teaching = _one_of(
        "Teaching Regulation Agency",
        [(one.value, one.label) for one in Considered],
        missing="Say what was decided about the Teaching Regulation Agency.",
        hint="For teachers: the law asks to consider it where somebody was dismissed for serious misconduct, or would "
        "have been.",
    )
    teaching_words = words_field("When, and what was said; or why not", longest=4000, rows=2)

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, prefix=Step.OUTCOME.value)
        hints = {one.value: one.hint for one in AllegationOutcome}
        self.fields["outcome"].choice_hints = hints  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for words wherever something was decided; put the answers together."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("barring", "teaching"):
            is_decided = cleaned.get(name) not in (None, Considered.NOT_YET.value)
            words = f"{name}_words"
            if is_decided and not cleaned.get(words, "").strip() and not self.has_error(words):
                self.add_error(words, "Write down when they were told, or why they are not.")
        if not self.errors:
            cleaned["said"] = Ending(
                AllegationOutcome(cleaned["outcome"]),
                cleaned["reason"],
                Considered(cleaned["barring"]),
                cleaned["barring_words"],
                Considered(cleaned["teaching"]),
                cleaned["teaching_words"],
            )
        return cleaned


class BelowForm(forms.Form):
    """What is entered in the register of low-level concerns."""

    kind = forms.ChoiceField(
        label="What kind of conduct?",
        choices=[("", "Choose"), *((kind.value, kind.label) for kind in LowLevelKind)],
        error_messages={"required": "Choose what kind of conduct it is.", "invalid_choice": _CHOOSE},
    )
    what = words_field("What did they do?", required="Write down what they did or said.", rows=3)


class PackForm(forms.Form):
    """What the pack for the designated officer is made for: what is asked of them."""

    asked = words_field(
        "What do you ask of them?",
        required="Write down what you ask of them. It stands on the first page.",
        rows=3,
        hint="For example: does this meet the threshold, who else is told, when may the person be told.",
    )


def _check_year(form: forms.Form, name: str, *, at: datetime) -> None:
    """Refuse a year that was mistyped; a day that is over may be meant."""
    if form.cleaned_data[name] > at.date():
        check_ahead(form, name, at=at)
    elif form.cleaned_data[name].year < at.year - 5:
        form.add_error(name, "That is years ago. Check the year.")
