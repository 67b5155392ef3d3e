"""The form with which somebody notes that they looked at who may read cases."""

from django import forms

from incidents.forms.days import day_field
from incidents.forms.words import words_field


class ReviewForm(forms.Form):
    """What was found, and when to look again."""

    note = words_field("What did you find?", longest=5000, rows=3, hint="Who was asked, and what is to change.")
    next_on = day_field("When will you look again?", required="Say when you will look again.")
