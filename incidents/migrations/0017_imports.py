"""Past incidents that are taken over from a spreadsheet, and the account of every line."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_fewer_indexes"),
        ("incidents", "0016_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="is_imported",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("file_name", accounts.encryption.SealedTextField()),
                ("content", accounts.encryption.SealedTextField(null=True)),
                ("category", models.CharField(max_length=16)),
                ("read_at", models.DateTimeField()),
                ("wanted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "read_by",
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
                (
                    "wanted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("state", models.CharField(max_length=12)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "incident",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_line",
                        to="incidents.incident",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
                    ),
                ),
                (
                    "taken_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="incidents.import"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(fields=["school", "-read_at"], name="import_of_school"),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("wanted_at__isnull", False)),
                fields=["wanted_at"],
                name="import_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("wanted_at__isnull", True), ("wanted_by__isnull", True)),
                    models.Q(("wanted_at__isnull", False), ("wanted_by__isnull", False)),
                    _connector="OR",
                ),
                name="import_wanted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), ("content__isnull", True), _connector="OR"),
                name="import_keeps_its_text_until_its_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="importline",
            constraint=models.UniqueConstraint(fields=("taken_from", "number"), name="import_line_once"),
        ),
        migrations.AddConstraint(
            model_name="importline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "taken")),
                fields=("school", "fingerprint"),
                name="import_line_taken_over_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="importline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("incident__isnull", False), ("state", "taken")),
                    models.Q(models.Q(("state", "taken"), _negated=True), ("incident__isnull", True)),
                    _connector="OR",
                ),
                name="import_line_is_a_case_or_not",
            ),
        ),
    ]
