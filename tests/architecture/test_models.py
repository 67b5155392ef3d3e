"""Every model says what it holds, whose it is, how long it is kept, and whether it can ever be changed."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test.utils import isolate_apps

from accounts.encryption import SealedTextField
from accounts.errors import Refused
from accounts.models import AppendOnly, AppendOnlyQuerySet, School, User
from accounts.privacy import Retention
from policies.models import ASKED
from tests.architecture.source import APPS, must_be_none

KINDS = ("public", "personal", "special")
OF_NO_SCHOOL = {
    "policies.PackEdition": "the published words of a policy, the same for every school that adopts it",
    "accounts.Trust": "runs several schools",
    "accounts.School": "is the school",
    "accounts.User": "may hold roles at several schools",
    "accounts.NewFactor": "is a person's, at whatever school they read cases",
    "accounts.Preference": "is a person's, at whatever school",
    "accounts.Heartbeat": "tells of the installation: when a sweep last ran",
}
NOT_RANDOM = {"accounts.Heartbeat": "is called by the sweep's name, which no address shows"}
# Moments that nobody brings about, or whose author stands elsewhere. Every other `x_at` has its `x_by`.
NOT_ACTS = {
    "accounts.Absence.starts_at": "from when somebody is away; see added_by",
    "accounts.Absence.ends_at": "until when somebody is away; see added_by, and the audit's absence.ended",
    "accounts.EmergencyAccess.opened_at": "agreed_by opened it, or in danger asked_by",
    "accounts.EmergencyAccess.ends_at": "a moment to come",
    "accounts.EmergencyAccess.ended_at": "it mostly ends by itself; who ended one earlier stands in the audit",
    "accounts.NewFactor.added_at": "only its own user ever adds one",
    "accounts.DataKey.created_at": "made by the system together with the school",
    "accounts.Heartbeat.finished_at": "a sweep finished; nobody did it",
    "accounts.OutboxMessage.queued_at": "the system owes a message; who caused it stands in the audit",
    "accounts.OutboxMessage.next_try_at": "a moment to come",
    "accounts.OutboxMessage.sent_at": "the sweep sent it",
    "accounts.OutboxMessage.dead_at": "the sweep gave it up",
    "accounts.OutboxMessage.failing_at": "the sweep could not deliver it",
    "accounts.OutboxMessage.passed_on_at": "the sweep told somebody else",
    "accounts.OutboxMessage.read_at": "its recipient alone can open it",
    "incidents.Attachment.scanned_at": "the scanner did it; who asked stands in the chronology",
    "incidents.ConcernDraft.started_at": "only its author ever writes a draft",
    "incidents.ConcernDraft.saved_at": "only its author ever writes a draft",
    "incidents.ConcernDraft.alerted_at": "only its author ever calls with a draft",
    "incidents.ChronologyEntry.happened_at": "what is told, not what somebody did to the record; see by",
    "incidents.Incident.happened_at": "what is reported, not what somebody did to the record",
    "incidents.Incident.became_aware_at": "what the reporter says of themselves; see logged_by",
    "incidents.ParentContact.told_at": "when parents were told, by its teller; see recorded_by",
    "incidents.Deletion.deleted_at": "often the pupil or a parent did it; see doer and recorded_by",
    "incidents.ReferralAnswer.given_at": "what the agency did; see recorded_by",
    "incidents.Import.ended_at": "the system ended what wanted_by asked for; whoever dropped it stands in the audit",
    "incidents.SavedView.saved_at": "only its owner ever keeps a view",
    "incidents.BypassRequest.starts_at": "a moment to come; see asked_by",
    "incidents.BypassRequest.ends_at": "a moment to come; see asked_by",
    "incidents.BypassRequest.expired_at": "the sweep ended it",
    "incidents.FilteringSighting.seen_at": "what is reported; see reported_by",
    "incidents.ToldConcern.became_aware_at": "what its writer knew; see opened_by",
    "incidents.Incident.status_changed_at": "each change stands in the chronology with its author",
    "incidents.Incident.first_opened_at": "tells the reporter that it was seen, not by whom; the audit knows",
    "incidents.Incident.next_due_at": "a moment to come",
    "policies.CalendarFeed.made_at": "only its own user ever makes one",
    "policies.PackAdoption.adopted_at": "the product's default begins by itself; whatever else has its adopted_by",
    "policies.PackAdoption.starts_at": "from when it applies; see adopted_by",
    "policies.PackAdoption.ends_at": "until when it applies; the next one's adopted_by ended it",
}
NOT_ACTS |= {
    f"{table}.{moment}": reason
    for table in ("incidents.Obligation", "incidents.ToldConcern", "policies.SchoolDuty")
    for moment, reason in {
        "starts_at": "when a clock begins; the event that began it has its author",
        "due_at": "a moment to come",
        "alert_at": "a moment to come",
        "settled_at": "the system settles what it does itself; whatever else has its settled_by",
    }.items()
}
# Special data in a plain column: only where the product, and nobody else, chose the words.
PLAIN_SPECIAL = {
    "incidents.Interest.kind": "words of the enum Kept",
    "accounts.Person.vulnerabilities": "words of the enum Vulnerability",
    "incidents.Incident.category": "a word of the enum Category",
    "incidents.CaseApproval.kind": "a word of the enum Asking",
    "incidents.CaseApproval.part": "a word of the enum Part",
    "incidents.Allegation.threshold": "a word of the enum HarmThreshold",
    "incidents.Allegation.outcome": "a word of the enum AllegationOutcome",
    "incidents.CaseLink.kind": "a word of the enum Link",
    "incidents.LowLevelConcern.kind": "a word of the enum LowLevelKind",
    "incidents.LowLevelConcern.decision": "a word of the enum LowLevelDecision",
    "incidents.ChronologyEntry.happened_precision": "a word of the enum Precision",
    "incidents.Identifier.kind": "a word of the enum Identifying",
    "incidents.Identifier.fingerprint": "tells nothing without the school's key",
    "incidents.ImportLine.fingerprint": "tells nothing without the school's key",
    "incidents.ImportLine.why": "a sentence of the product, with a reference or a line's number at most",
    "incidents.Incident.known": "words of the engine's facts; `known_from` lets no others in",
    "incidents.Incident.types": "words of the enum IncidentType",
    "incidents.Incident.happened_precision": "a word of the enum Precision",
    "incidents.Incident.place": "a word of the enum Place",
    "incidents.FilteringTicket.fingerprint": "tells nothing without the school's key",
    "incidents.InvolvedPerson.part": "a word of the enum Part",
    "incidents.ParentContact.way": "a word of the enum Way",
    "incidents.ParentContact.why_not": "a word of the enum WhyNot",
    "incidents.Plan.kind": "a word of the enum PlanKind",
    "incidents.PlanVersion.likelihood": "a word of the enum Likelihood",
    "incidents.Referral.agency": "a word of the enum Agency",
    "incidents.Referral.kind": "a word of the enum Kind",
    "incidents.Referral.method": "a word of the enum Method",
    "incidents.Referral.outcome": "a word of the enum Answered",
    "incidents.InvolvedPerson.year_group_then": "copied from the register",
    "incidents.InvolvedPerson.form_then": "copied from the register",
}
# Text without an end that anybody may read.
PUBLISHED = {"policies.PackEdition.text": "the words of a policy, as they are published"}
PLAIN_SPECIAL |= {
    f"incidents.Obligation.{asked}": "words of a policy pack about facts that stand in plain columns"
    for asked in (*ASKED, "why")
}
FREE_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)
NO_CHOICES = ("event", "kind", "reason", "code", "status", "outcome", "role")

Model = type[models.Model]


def our_models() -> list[Model]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def own_fields(model: Model) -> list[Any]:
    """Return the columns and many-to-many fields of a model."""
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def written_here(model: Model) -> Iterator[Any]:
    """Yield the fields that we wrote, and not a library's abstract model."""
    theirs = {
        field.name
        for base in model.__mro__
        if issubclass(base, models.Model) and base.__module__.split(".")[0] not in APPS and hasattr(base, "_meta")
        for field in base._meta.get_fields()
    }
    yield from (field for field in own_fields(model) if field.name not in theirs)


def privacy_of(model: Model) -> list[str]:
    """Say what is wrong with the way a model declares its privacy."""
    label = model._meta.label
    privacy = model.__dict__.get("Privacy")
    if privacy is None:
        return [f"{label} has no class Privacy of its own"]
    listed = [name for kind in KINDS for name in getattr(privacy, kind, ())]
    names = {field.name for field in own_fields(model)}
    found = [f"{label}.{name} is not listed in Privacy" for name in sorted(names - set(listed))]
    found += [f"{label}.Privacy lists {name}, which is no field" for name in sorted(set(listed) - names)]
    found += [f"{label}.{name} is listed twice" for name in sorted({name for name in listed if listed.count(name) > 1})]
    if not isinstance(getattr(privacy, "retention", None), Retention):
        found.append(f"{label}.Privacy has no retention")
    return found


def tenancy_of(model: Model) -> list[str]:
    label = model._meta.label
    school = next((field for field in model._meta.fields if field.name == "school"), None)
    if label in OF_NO_SCHOOL:
        return [f"{label} has a school after all: take it off OF_NO_SCHOOL"] if school else []
    if school is None or school.related_model is not School or school.null:
        return [f"{label} belongs to no school, or to perhaps none"]
    return []


def identity_of(model: Model) -> list[str]:
    key = model._meta.pk
    is_random = isinstance(key, models.UUIDField) and key.default is uuid.uuid4
    return (
        [] if is_random or model._meta.label in NOT_RANDOM else [f"{model._meta.label} has an id that can be guessed"]
    )


def choices_of(model: Model) -> list[str]:
    return [
        f"{model._meta.label}.{field.name} has choices: every new word would be a migration that does nothing"
        for field in written_here(model)
        if field.name.rpartition("_")[2] in NO_CHOICES and getattr(field, "choices", None)
    ]


def acts_of(model: Model) -> list[str]:
    """Say which moments of acts lack their author, or may have one without the other."""
    label, found = model._meta.label, []
    fields = {field.name: field for field in model._meta.concrete_fields}
    ours = {field.name for field in written_here(model)}
    for name, moment in fields.items():
        is_moment = isinstance(moment, models.DateTimeField) and name.endswith("_at") and name in ours
        if not is_moment or f"{label}.{name}" in NOT_ACTS:
            continue
        author = fields.get(f"{name.removesuffix('_at')}_by")
        if author is None or author.related_model is not User:
            found.append(f"{label}.{name} has no author")
        elif moment.null != author.null:
            found.append(f"{label}.{name} may be there without its author, or its author without it")
        elif moment.null and not _tied(model, name, author.name):
            found.append(f"{label}.{name} and its author are not tied by a constraint")
    return found


def _tied(model: Model, moment: str, author: str) -> bool:
    checks = [check for check in model._meta.constraints if isinstance(check, models.CheckConstraint)]
    return any(f"{moment}__isnull" in str(c.condition) and f"{author}__isnull" in str(c.condition) for c in checks)


def seals_of(model: Model) -> list[str]:
    """Say which text about people stands open to whoever holds a copy of the database."""
    special = set(getattr(getattr(model, "Privacy", None), "special", ()))
    found = []
    for field in written_here(model):
        label = f"{model._meta.label}.{field.name}"
        is_text = isinstance(field, FREE_TEXT) and not isinstance(field, SealedTextField)
        if field.name in special and is_text and label not in PLAIN_SPECIAL:
            found.append(f"{label} is special free text and is not sealed")
        elif type(field) is models.TextField and label not in PUBLISHED:
            found.append(f"{label} is text without an end and is not sealed")
        elif isinstance(field, SealedTextField) and field.name not in special:
            found.append(f"{label} is sealed, so Privacy must call it special")
    return found


def permanence_of(model: Model) -> list[str]:
    """Say where an append-only model could be changed from Python or lacks its trigger."""
    if not issubclass(model, AppendOnly):
        return []
    found = []
    if not isinstance(model._default_manager.all(), AppendOnlyQuerySet):
        found.append(f"{model._meta.label} has a queryset that lets rows be changed")
    if model.save is not AppendOnly.save or model.delete is not AppendOnly.delete:
        found.append(f"{model._meta.label} saves or deletes in its own way")
    triggers = {trigger.name: trigger for trigger in getattr(model._meta, "triggers", [])}
    if "never_changed" not in triggers:
        found.append(f"{model._meta.label} has no trigger")
    return found


RULES = (privacy_of, tenancy_of, identity_of, choices_of, acts_of, seals_of, permanence_of)


@pytest.mark.parametrize("rule", RULES)
def test_every_model_keeps_the_rule(rule: Callable[[Model], list[str]]) -> None:
    must_be_none([found for model in our_models() for found in rule(model)])


def test_every_exception_is_for_something_that_exists() -> None:
    labels = {model._meta.label for model in our_models()}
    columns = {f"{model._meta.label}.{field.name}" for model in our_models() for field in own_fields(model)}

    assert {*OF_NO_SCHOOL, *NOT_RANDOM} <= labels
    assert {*NOT_ACTS, *PLAIN_SPECIAL} <= columns


def append_only() -> list[Model]:
    return [model for model in our_models() if issubclass(model, AppendOnly)]


@pytest.mark.parametrize("model", append_only())
def test_python_refuses_to_change_a_ledger(model: Model) -> None:
    row = model()
    row._state.adding = False
    for change in (row.save, row.delete, model._default_manager.all().delete):
        with pytest.raises(Refused):
            change()
    with pytest.raises(Refused):
        model._default_manager.all().update(school=None)


@pytest.mark.django_db
@pytest.mark.parametrize("model", append_only())
def test_the_database_refuses_to_change_a_ledger(model: Model) -> None:
    # tgtype: 2 before, 8 delete, 16 update.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [model._meta.db_table],
        )
        triggers = cursor.fetchall()

    assert any(kind & 2 and kind & 8 and kind & 16 and enabled in ("O", "A") for kind, enabled in triggers)


@pytest.mark.django_db
def test_no_table_of_ours_is_without_a_model() -> None:
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))

    assert {name for name in tables if name.split("_")[0] in APPS} <= known


@isolate_apps("incidents")
def test_a_model_that_breaks_every_rule_is_found() -> None:
    class Careless(models.Model):
        noted_at = models.DateTimeField(null=True)
        reason = models.CharField(max_length=9, choices=[("a", "A")])
        story = models.TextField()

        class Meta:
            app_label = "incidents"

    Careless.__module__ = "incidents.models.careless"
    assert [rule.__name__ for rule in RULES if not rule(Careless)] == ["permanence_of"]
