"""What is known of a case, what was decided at triage, and what was asked for when it is to be closed."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import accounts.encryption


class Migration(migrations.Migration):
    """Adds to the incident what its triage and its closing hold."""

    dependencies: ClassVar = [
        ("incidents", "0006_undertakings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="incident",
            name="types",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(model_name="incident", name="known", field=models.JSONField(db_default={}, default=dict)),
        migrations.AddField(
            model_name="incident",
            name="decision",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(model_name="incident", name="decided_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="incident",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="duplicate_of",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(model_name="incident", name="closing_asked_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="incident",
            name="closing_asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="closing_outcome",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="incident", name="closing_reason", field=accounts.encryption.SealedTextField(null=True)
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                name="incident_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                name="incident_duplicate_of_a_case", condition=Q(duplicate_of="") | Q(decision="duplicate")
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                name="incident_closing_asked_by_somebody",
                condition=Q(closing_asked_at__isnull=True, closing_asked_by__isnull=True, closing_outcome="")
                | (Q(closing_asked_at__isnull=False, closing_asked_by__isnull=False) & ~Q(closing_outcome="")),
            ),
        ),
    ]
