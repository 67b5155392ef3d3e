"""Nobody deletes or back-dates (ST-4): whoever sends whatever, nothing goes, and what is written is written now."""

import ast
import uuid
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import modules
from tests.conftest import Cast
from tests.incidents.conftest import Clock
from tests.incidents.hostile_ground import Ground, Written, make_ground
from tests.incidents.pages import browser
from tests.incidents.test_hostile_forms import chunks, named
from tests.numbers import examples
from tests.safeguarding.matrix import undone

HOUR = timedelta(hours=1)
# When it happened, which people say; by when it is due, which the policy says. Any other moment is that of writing.
NOT_OF_WRITING = {
    *("happened_at", "became_aware_at", "told_at", "made_at", "given_at", "seen_at"),
    *("searched_at", "viewed_at", "taken_at", "deleted_at", "HeldDevice.ended_at"),
    *("starts_at", "ends_at", "due_at", "alert_at", "next_due_at"),
}
# What may go: it was never sent, or is a filter of its owner.
MAY_GO = {"ConcernDraft", "SavedView"}
DELETES = {
    "incidents.operations.saved_views": "a filter is its owner's alone",
    "incidents.operations.sharing": "a grant that is taken back; the chronology keeps it",
    "incidents.operations.routing": "the grant of who left the school; the chronology keeps it",
    "incidents.operations.drafts": "what was never sent is nobody's record",
    "incidents.operations.incidents": "a draft goes when its concern is there",
}
EVERYBODY = (
    *("dsl", "teacher", "head", "ict", "deputy", "administrator", "chair", "governor"),
    *("online_safety_lead", "colleague", "trust_lead", "next_door_dsl"),
)
Held = dict[tuple[str, uuid.UUID], dict[str, datetime | None]]


@pytest.fixture
def ground(cast: Cast) -> Ground:
    return make_ground(cast)


@pytest.mark.parametrize("forms", chunks(), ids=named)
def test_whoever_sends_it_nothing_goes_and_what_is_written_is_written_now(
    ground: Ground, forms: list[Written], clock: Clock
) -> None:
    clock.forward(HOUR)
    before, found = moments(), []
    for written in forms:
        texts = {name: f"A word about {name}" for name in written.fields}
        others = [who for who in EVERYBODY if who != written.who]
        for who in (written.who, *others[: examples(1, promised=len(EVERYBODY))]):
            with undone():
                data = {**early(), **written.sent(ground, texts)}
                answer = browser(ground.cast[who]).post(written.to(ground), data)
                if answer.status_code not in (200, 302, 403, 404):
                    found.append(f"{written} by {who}: {answer.status_code}")
                found += [f"{written} by {who}: {one}" for one in wrong(before, moments(), clock.at)]
    assert found == [], "\n".join(found)


def test_only_what_is_nobodys_record_is_ever_deleted() -> None:
    found = {
        module.name
        for module in modules("incidents/operations")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "delete"
    }

    assert found == set(DELETES)


def early() -> dict[str, str]:
    """Return every name of a moment in the tables, as fields that somebody adds to a form: years ago."""
    then = "2020-01-01T08:00"
    return {field.name: then for model in tables() for field in model._meta.concrete_fields if is_moment(field)} | {
        "at": then,
        "now": then,
        "by": str(uuid.uuid4()),
        "_method": "DELETE",
    }


def tables() -> list[type[models.Model]]:
    """Return the tables of cases."""
    return list(apps.get_app_config("incidents").get_models())


def is_moment(field: models.Field) -> bool:
    """Say whether a field says when something was written."""
    names = {field.name, f"{field.model.__name__}.{field.name}"}
    return isinstance(field, models.DateTimeField) and not names & NOT_OF_WRITING


def moments() -> Held:
    """Return every row with its moments of writing."""
    return {
        (model.__name__, row.pk): {
            field.name: getattr(row, field.name) for field in model._meta.concrete_fields if is_moment(field)
        }
        for model in tables()
        for row in model._default_manager.all()
    }


def wrong(before: Held, after: Held, at: datetime) -> list[str]:
    """Say which rows have gone, and which moments of writing are not this one."""
    found = [f"{name} is gone" for name, pk in before if (name, pk) not in after and name not in MAY_GO]
    for key, held in after.items():
        known = before.get(key, {})
        found += [
            f"{key[0]}.{name} is {moment}, not {at}"
            for name, moment in held.items()
            if moment is not None and moment != known.get(name) and moment != at
        ]
    return found
