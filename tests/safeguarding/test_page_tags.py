"""Dates in our words, marks that cannot be turned into markup, and form fields tied to their hints and errors."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone

from safeguarding.templatetags import page_tags

LONDON = ZoneInfo("Europe/London")
# A Thursday, in winter time.
NOW = dt.datetime(2026, 11, 12, 8, 26, tzinfo=LONDON)
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _in_london() -> Iterator[None]:
    with timezone.override(LONDON):
        yield


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "today 8:26"),
        (NOW.replace(hour=0, minute=0), "today 0:00"),
        (NOW.replace(hour=23, minute=59), "today 23:59"),
        (NOW - dt.timedelta(days=1), "yesterday 8:26"),
        (NOW + dt.timedelta(days=1), "tomorrow 8:26"),
        (NOW - dt.timedelta(days=2), "Tuesday 8:26"),
        (NOW - dt.timedelta(days=6), "Friday 8:26"),
        (NOW - dt.timedelta(days=7), "5 November 2026"),
        (NOW + dt.timedelta(days=6), "Wednesday 8:26"),
        (NOW + dt.timedelta(days=7), "19 November 2026"),
        (dt.date(2026, 11, 12), "today"),
        (dt.date(2025, 2, 1), "1 February 2025"),
        (None, ""),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: dt.datetime | dt.date | None, words: str) -> None:
    assert page_tags.when(moment, NOW) == words


def test_a_day_begins_at_midnight_in_the_school_not_in_utc() -> None:
    at = dt.datetime(2026, 7, 1, 8, 0, tzinfo=LONDON)
    half_past_midnight = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)

    assert page_tags.when(half_past_midnight, at) == "today 0:30"
    assert page_tags.exact(half_past_midnight) == "Wednesday 1 July 2026, 0:30"
    assert page_tags.iso(half_past_midnight) == "2026-07-01T00:30:00+01:00"


def test_the_hour_that_comes_twice_is_told_apart_for_machines() -> None:
    first = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    second = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)

    assert page_tags.clock(first) == page_tags.clock(second) == "1:30"
    assert page_tags.iso(first) != page_tags.iso(second)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "due in less than a minute"),
        (1, "due in 1 min"),
        (200, "due in 3 h 20 min"),
        (180, "due in 3 h"),
        (25 * 60, "due in 1 day 1 h"),
        (24 * 60, "due in 1 day"),
        (72 * 60 + 5, "due in 3 days"),
        (-12, "overdue by 12 min"),
        (-26 * 60, "overdue by 1 day 2 h"),
    ],
)
def test_a_countdown_uses_two_units_at_most(minutes: int, words: str) -> None:
    assert page_tags.countdown(NOW + dt.timedelta(minutes=minutes), NOW) == words


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (dt.timedelta(seconds=5), "less than a minute"),
        (dt.timedelta(minutes=1), "1 minute"),
        (dt.timedelta(hours=5, minutes=59), "5 hours"),
        (dt.timedelta(days=1), "1 day"),
        (dt.timedelta(days=3, hours=20), "3 days"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(back: dt.timedelta, words: str) -> None:
    assert page_tags.age(NOW - back, NOW) == words


def test_what_has_just_happened_is_just_now() -> None:
    assert page_tags.ago(NOW, NOW) == "just now"
    assert page_tags.ago(NOW - dt.timedelta(days=3), NOW) == "3 days ago"


def test_nothing_to_say_is_nothing_said() -> None:
    nothing = (page_tags.exact(None), page_tags.iso(None), page_tags.clock(None), page_tags.long_date(None))

    assert nothing == ("", "", "", "")
    assert page_tags.age(None, NOW) == page_tags.ago(None, NOW) == page_tags.countdown(None, NOW) == ""


def test_a_deadline_says_by_how_much_and_exactly_when() -> None:
    html = page_tags.deadline(NOW - dt.timedelta(minutes=12), NOW)

    assert "sg-deadline--late" in html
    assert ">Overdue by 12 min<" in html
    assert 'title="Thursday 12 November 2026, 8:14"' in html
    assert 'data-deadline="2026-11-12T08:14:00+00:00"' in html
    assert "sg-deadline--soon" in page_tags.deadline(NOW + dt.timedelta(hours=1), NOW)
    assert "No deadline" in page_tags.deadline(None, NOW)


def test_only_danger_and_overdue_are_red() -> None:
    red = {kind for kind, (_, look) in page_tags.TAGS.items() if look == "danger"}

    assert red == {"danger", "overdue"}


def test_names_and_labels_are_never_markup() -> None:
    made = [page_tags.person_chip(SCRIPT, SCRIPT, SCRIPT), page_tags.tag("open", SCRIPT), page_tags.tag(SCRIPT)]

    assert not [html for html in made if "<script" in html.lower()]


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on a Chromebook"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_three_words(user_agent: str, words: str) -> None:
    assert page_tags.browser(user_agent) == words


class ConcernForm(forms.Form):
    words = forms.CharField(
        label="What happened?",
        help_text="In the child's words.",
        widget=forms.TextInput(attrs={"placeholder": "Type here"}),
    )
    category = forms.ChoiceField(choices=[("content", "Content"), ("contact", "Contact")], widget=forms.RadioSelect)
    category.choice_hints = {"contact": "Somebody got in touch"}  # type: ignore[attr-defined]
    where = forms.CharField(required=False)
    day = forms.DateField(required=False)
    agree = forms.BooleanField(label="I agree", required=False)


def component(name: str, /, **context: Any) -> str:
    return render_to_string(f"components/{name}.html", context)


def test_a_field_is_tied_to_its_hint_and_its_error() -> None:
    html = component("field", field=ConcernForm({})["words"])

    assert 'aria-describedby="id_words-hint id_words-error"' in html
    assert 'id="id_words-hint"' in html
    assert 'id="id_words-error"' in html
    assert "govuk-input--error" in html
    assert html.count("aria-describedby") == html.count("aria-invalid") == 1
    assert "placeholder" not in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    form = ConcernForm()

    assert "(optional)" in component("field", field=form["where"])
    assert "(optional)" not in component("field", field=form["where"], unmarked=True)
    assert "(optional)" not in component("field", field=form["words"])


def test_what_was_typed_comes_back_as_text() -> None:
    html = component("field", field=ConcernForm({"where": f'">{SCRIPT}'})["where"])

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_choice_has_its_example_and_opens_what_belongs_to_it() -> None:
    form = ConcernForm({"category": "contact"})
    html = component("radios", field=form["category"], reveal_value="contact", reveal_field=form["where"])

    assert 'id="id_category_1-hint">Somebody got in touch<' in html
    assert 'data-reveals="id_category_1-more"' in html
    assert 'id="id_where"' in html
    assert html.count("checked") == 1


def test_a_day_is_given_to_the_picker_in_its_own_format() -> None:
    html = component("date_time", legend="When?", date=ConcernForm(initial={"day": dt.date(2026, 11, 2)})["day"])

    assert html.count("type=") == 1
    assert 'type="date"' in html
    assert 'value="2026-11-02"' in html


def test_a_single_box_carries_its_own_sentence() -> None:
    html = component("checkboxes", field=ConcernForm()["agree"])

    assert "<fieldset" not in html
    assert ">I agree</label>" in html


def test_the_summary_leads_to_every_field_that_needs_another_look() -> None:
    form = ConcernForm({})
    form.add_error(None, "Nothing was sent.")
    errors = page_tags.govuk_errors(form)

    assert [error["href"] for error in errors] == ["", "#id_words", "#id_category_0"]
    assert "3 things need another look" in component("error_summary", form=form)
    assert page_tags.error_prefix(form) == "Error: "


def test_there_is_no_summary_without_an_error() -> None:
    assert component("error_summary", form=ConcernForm()).strip() == ""
    assert component("error_summary").strip() == ""
    assert page_tags.error_prefix(ConcernForm()) == ""


# Every component, given the least it can be given.
LEAST: dict[str, dict[str, Any]] = {
    "button": {"label": "Record the call"},
    "empty": {"sentence": "Nothing is waiting for you."},
    "error_summary": {"errors": [{"text": "Say when it happened", "href": "#id_day"}]},
    "filter_panel": {"body": "components/empty.html", "sentence": "Fields"},
    "footer": {},
    "header": {},
    "imagery_warning": {},
    "messages": {},
    "pager": {"next": "abc"},
    "panel_confirmation": {"title": "Sent to the safeguarding team at 8:26"},
    "who_can_see": {"sentence": "You and the deputy DSL"},
}


@pytest.mark.parametrize("name", sorted(LEAST))
def test_a_component_needs_no_more_than_it_says(name: str) -> None:
    html = component(name, **LEAST[name])

    assert "<script" not in html
    assert "style=" not in html


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "500.html", "maintenance.html"])
def test_a_page_for_when_something_is_wrong_needs_no_request(page: str) -> None:
    html = render_to_string(page)

    assert "999" in html
    assert html.count("<h1") == html.count("<main") == 1
    assert "<style" not in html
    assert "style=" not in html


def test_pages_work_without_what_is_fetched_at_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeguarding.templatetags.page_tags.finders.find", lambda path: None)
    monkeypatch.setattr("safeguarding.templatetags.page_tags.staticfiles_storage.exists", lambda path: False)
    kept = (page_tags.vendor_url, page_tags.vendor_css, page_tags.vendor_js)
    for cached in kept:
        cached.cache_clear()
    html = Template("{% load page_tags %}{% vendor_css %}{% vendor_js %}").render(Context())
    for cached in kept:
        cached.cache_clear()

    assert html == ""


def test_a_page_that_is_not_there_has_no_address() -> None:
    assert page_tags.place("no-such-page") == ""


def test_our_style_sheets_come_in_their_order() -> None:
    html = page_tags.own_css()

    assert html.index("tokens.css") < html.index("base.css") < html.index("components.css") < html.index("print.css")
    assert html.count('media="print"') == 1


def test_templates_and_scripts_stay_short() -> None:
    root = Path(page_tags.__file__).parents[2]
    limits = {"templates/**/*.html": 150, "static/js/*.js": 150, "static/css/*.css": 400}
    long = [
        path.name
        for pattern, limit in limits.items()
        for path in root.glob(pattern)
        if len(path.read_text(encoding="utf-8").splitlines()) >= limit
    ]

    assert long == []


def test_what_was_too_long_for_one_concern_goes_into_a_second() -> None:
    assert "log the rest as a second concern" in render_to_string("400.html")
