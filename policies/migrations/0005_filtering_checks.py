"""The register of checks."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.encryption


class Migration(migrations.Migration):
    """Adds what the models of this noun say."""

    dependencies: ClassVar = [
        ("accounts", "0005_what_is_urgent_is_sent_first"),
        ("policies", "0004_times_that_compete"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="FilteringCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("checked_on", models.DateField()),
                ("device", models.CharField(max_length=120)),
                ("location", models.CharField(max_length=120)),
                ("user_group", models.CharField(max_length=16)),
                ("tested", accounts.encryption.SealedTextField()),
                ("noticed", accounts.encryption.SealedTextField(null=True)),
                ("result", models.CharField(max_length=8)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["school", "checked_on"], name="filtering_check_by_day")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="filteringcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ce5aa5be4a77625ab1ca3b5b20038ae41679a3e1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_80eb7",
                    table="policies_filteringcheck",
                    when="BEFORE",
                ),
            ),
        ),
    ]
