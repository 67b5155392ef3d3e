"""Whatever is typed into any form of a case: it is kept to the letter or refused with a sentence, and never run."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms as django_forms
from django.apps import apps
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import incidents.forms
from accounts.models import AccessReview
from tests.conftest import Cast
from tests.incidents.hostile_forms import FORMS, NOT_HERE
from tests.incidents.hostile_ground import Ground, Written, make_ground
from tests.incidents.pages import browser, words
from tests.incidents.test_hostile_text import HARMLESS, XSS
from tests.numbers import examples
from tests.safeguarding.matrix import undone

WORDS = st.one_of(st.text(min_size=1, max_size=60), st.sampled_from(HARMLESS + XSS))
# What was refused says so in one of these.
SENTENCES = ("govuk-error", "There is a problem")
RUNS = ("<script>alert", "onerror=alert(1)>", "<svg/onload", "<iframe src=javascript", '<a href="javascript:')


def chunks() -> list[list[Written]]:
    """Return the forms in eight parts: the school in which they are sent takes longer to make than a form to send."""
    return [FORMS[number::8] for number in range(8)]


def named(forms: list[Written]) -> str:
    """Return the name of a part."""
    return str(forms[0])


@pytest.fixture
def ground(cast: Cast) -> Ground:
    return make_ground(cast)


def test_every_text_field_of_every_form_is_tried() -> None:
    tried = {f"{written.form}.{name}" for written in FORMS for name in written.fields}

    missing = sorted(set(text_fields()) - tried - set(NOT_HERE) - _whole(NOT_HERE))

    assert missing == [], "Write these into tests/incidents/hostile_forms.py."


def text_fields() -> Iterator[str]:
    """Yield every field of the forms in which a person can write, as module.Class.field."""
    for module in pkgutil.iter_modules(incidents.forms.__path__):
        found = importlib.import_module(f"incidents.forms.{module.name}")
        for name, form in vars(found).items():
            is_form = isinstance(form, type) and issubclass(form, django_forms.BaseForm)
            if is_form and form.__module__ == found.__name__ and not name.startswith("_"):
                yield from (
                    f"{module.name}.{name}.{key}"
                    for key, field in form.base_fields.items()
                    if isinstance(field, django_forms.CharField) and not isinstance(field, django_forms.UUIDField)
                )


def _whole(named: dict[str, str]) -> set[str]:
    return {field for field in text_fields() if field.rpartition(".")[0] in named}


@pytest.mark.parametrize("forms", chunks(), ids=named)
@settings(
    max_examples=examples(2, promised=500),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_words_are_kept_to_the_letter_or_refused(ground: Ground, forms: list[Written], data: st.DataObject) -> None:
    wrong = []
    for written in forms:
        texts = {name: data.draw(WORDS, label=f"{written}.{name}")[: written.longest] for name in written.fields}
        with undone():
            wrong += [f"{written}: {fault}" for fault in faults(ground, written, texts)]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("forms", chunks(), ids=named)
def test_blanks_around_what_was_written_are_kept_too(ground: Ground, forms: list[Written]) -> None:
    wrong = []
    for written in forms:
        texts = {name: f"\u2003 {number} said \u2028" for number, name in enumerate(written.fields)}
        with undone():
            wrong += [f"{written}: {fault}" for fault in faults(ground, written, texts)]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("forms", chunks(), ids=named)
def test_nothing_that_was_written_is_run_where_it_is_read(ground: Ground, forms: list[Written]) -> None:
    wrong = []
    for payload in XSS[: examples(2, promised=len(XSS))]:
        for written in forms:
            texts = {name: f"{number}{payload}"[: written.longest] for number, name in enumerate(written.fields)}
            with undone():
                wrong += [f"{written}: {fault}" for fault in dangers(ground, written, texts)]
    assert wrong == [], "\n".join(wrong)


def faults(ground: Ground, written: Written, texts: dict[str, str]) -> Iterator[str]:
    """Yield what is lost or goes wrong where these words are sent."""
    answer, sent = post(ground, written, texts)
    if answer.status_code not in (200, 302):
        yield f"{answer.status_code}"
    elif is_kept(answer):
        held = everything_kept()
        yield from (
            f"{name} is not kept: {said!r}"
            for name, said in sent.items()
            if not any((said.strip() if name in written.addresses else written.kept(said)) in one for one in held)
        )
        yield from (
            f"{page.status_code} where it is read" for page in shown(ground, written, answer) if page.status_code != 200
        )
    else:
        page = words(answer)
        yield from (f"{name} is lost where it is refused: {said!r}" for name, said in sent.items() if said not in page)


def dangers(ground: Ground, written: Written, texts: dict[str, str]) -> Iterator[str]:
    """Yield where these words would be run, and where they are not read again as they were written."""
    refused, _ = post(ground, written, {name: f"{text}\x00"[-written.longest :] for name, text in texts.items()})
    answer, sent = post(ground, written, texts)
    if not is_kept(answer):
        yield f"is refused: {sentences(answer)}"
        return
    pages = shown(ground, written, answer)
    read = "".join(words(page) for page in pages)
    yield from (
        f"{name} is shown nowhere"
        for name, text in sent.items()
        if name not in written.unseen and written.kept(text) not in read
    )
    for page in (refused, answer, *pages):
        text = page.content.decode()
        yield from (f"{run} on {page.request['PATH_INFO']}" for run in RUNS if run in text)


def post(ground: Ground, written: Written, texts: dict[str, str]) -> tuple[Any, dict[str, str]]:
    """Send a form; return the answer and the words of each field as they were sent."""
    client = browser(ground.cast[written.who])
    sent = {key: written.wrap.get(key, "{}").replace("{}", text) for key, text in texts.items()}
    return client.post(written.to(ground), written.sent(ground, texts)), sent


def is_refused(answer: Any) -> bool:
    """Say whether the page says what is wrong."""
    return answer.status_code == 200 and any(sign in answer.content.decode() for sign in SENTENCES)


def sentences(answer: Any) -> list[str]:
    """Return what a page says is wrong."""
    return re.findall(r'error-message">(.*?)</p>', words(answer), re.DOTALL)


def is_kept(answer: Any) -> bool:
    """Say whether what was sent was taken: most pages lead on, two answer with what was made."""
    return answer.status_code == 302 or (answer.status_code == 200 and not is_refused(answer))


def shown(ground: Ground, written: Written, answer: Any) -> list[Any]:
    """Return the pages on which the words are read again."""
    client = browser(written.reader(ground))
    places = [where(ground) for where in written.shown] or [answer["Location"]]
    return [client.get(place) for place in places]


def everything_kept() -> set[str]:
    """Return every text in the tables of cases and policies, and of what is written about access, opened."""
    found: set[str] = set()
    tables: list[type[models.Model]] = [AccessReview]
    for app in ("incidents", "policies"):
        tables += apps.get_app_config(app).get_models()
    for model in tables:
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) or type(field).__name__ == "SealedTextField"
        ]
        for row in model._default_manager.all() if names else ():
            found.update(value for name in names if (value := getattr(row, name)))
    return found
