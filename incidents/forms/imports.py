"""The form with which a file of past incidents is looked at."""

from django import forms

from policies.engine.taxonomy import Category


class ImportForm(forms.Form):
    """A file, and the category of what names none."""

    file = forms.FileField(
        label="The spreadsheet, saved as CSV",
        help_text="With a line of headings: Date, Where the incident took place, Description of the incident, Action "
        "taken, Recorded by. An export from another product works too.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        error_messages={"required": "Choose a file.", "empty": "There is nothing in this file."},
    )
    category = forms.ChoiceField(
        label="Category of lines that name none",
        choices=[(category.value, category.label) for category in Category],
        initial=Category.CONDUCT.value,
        error_messages={"required": "Choose a category.", "invalid_choice": "Choose a category."},
    )
