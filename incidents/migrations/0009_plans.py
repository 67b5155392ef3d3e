"""Tables for parents told, plans, sanctions and lessons."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.encryption


class Migration(migrations.Migration):
    """Adds what the models of these nouns say."""

    dependencies: ClassVar = [
        ("incidents", "0008_referrals"),
        ("accounts", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("words", accounts.encryption.SealedTextField()),
                ("learnt_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lessons", to="incidents.incident"
                    ),
                ),
                (
                    "learnt_by",
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
        ),
        migrations.CreateModel(
            name="LookBack",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("held_on", models.DateField()),
                ("took_part", accounts.encryption.SealedTextField()),
                ("went_well", accounts.encryption.SealedTextField(null=True)),
                ("was_late", accounts.encryption.SealedTextField(null=True)),
                ("came_of_it", accounts.encryption.SealedTextField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks_back", to="incidents.incident"
                    ),
                ),
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
        ),
        migrations.CreateModel(
            name="ParentContact",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("described", accounts.encryption.SealedTextField(null=True)),
                ("is_told", models.BooleanField()),
                ("told_at", models.DateTimeField(null=True)),
                ("way", models.CharField(blank=True, max_length=16)),
                ("teller", accounts.encryption.SealedTextField(null=True)),
                ("said", accounts.encryption.SealedTextField(null=True)),
                ("heard", accounts.encryption.SealedTextField(null=True)),
                ("why_not", models.CharField(blank=True, max_length=16)),
                ("reason", accounts.encryption.SealedTextField(null=True)),
                ("is_final", models.BooleanField(default=False)),
                ("sent_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parent_contacts",
                        to="incidents.incident",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parent_contacts",
                        to="incidents.involvedperson",
                    ),
                ),
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
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", accounts.encryption.SealedTextField(null=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="incidents.incident"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="incidents.involvedperson",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("worries", accounts.encryption.SealedTextField()),
                ("likelihood", models.CharField(blank=True, max_length=16)),
                ("measures", accounts.encryption.SealedTextField()),
                ("wishes", accounts.encryption.SealedTextField(null=True)),
                ("found", accounts.encryption.SealedTextField(null=True)),
                ("review_on", models.DateField()),
                ("written_at", models.DateTimeField()),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="incidents.plan",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("what", accounts.encryption.SealedTextField(null=True)),
                ("is_none", models.BooleanField()),
                ("decided_on", models.DateField()),
                ("decided_by_whom", accounts.encryption.SealedTextField()),
                ("reason", accounts.encryption.SealedTextField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sanctions", to="incidents.incident"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="incidents.involvedperson",
                    ),
                ),
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lesson",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ee9999c93cd6cd7065b8afab0b899890a747189b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_75977",
                    table="incidents_lesson",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="lookback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "debrief"), ("was_late__isnull", True), ("went_well__isnull", True)),
                    models.Q(("kind", "review"), ("was_late__isnull", False), ("went_well__isnull", False)),
                    _connector="OR",
                ),
                name="look_back_answers_its_questions",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lookback",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="892c8533882c27451a38517ad47c4adcace98258",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_9610a",
                    table="incidents_lookback",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="parentcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent__isnull", False), ("described__isnull", False), _connector="OR"),
                name="parent_contact_is_known_or_described",
            ),
        ),
        migrations.AddConstraint(
            model_name="parentcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_final", False),
                        ("is_told", True),
                        ("reason__isnull", True),
                        ("why_not", ""),
                        ("said__isnull", False),
                        ("teller__isnull", False),
                        ("told_at__isnull", False),
                        models.Q(("way", ""), _negated=True),
                    ),
                    models.Q(
                        ("is_told", False),
                        ("reason__isnull", False),
                        ("said__isnull", True),
                        ("told_at__isnull", True),
                        ("way", ""),
                        models.Q(("why_not", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="parent_contact_told_or_why_not",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parentcontact",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bcc59ead491a609347e335cf839f3d9a00bc9583",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_35fd2",
                    table="incidents_parentcontact",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason__isnull", True), ("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("end_reason__isnull", False), ("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="plan_ended_by_somebody_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="plan_version_once"),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("found__isnull", True), ("number", 1)),
                    models.Q(("found__isnull", False), ("number__gt", 1)),
                    _connector="OR",
                ),
                name="plan_version_says_what_a_review_found",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a8e28214c0a0349be07e99badeee82f6b79e9f93",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_c73d9",
                    table="incidents_planversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_none", True), ("what__isnull", True)),
                    models.Q(("is_none", False), ("what__isnull", False)),
                    _connector="OR",
                ),
                name="sanction_or_none",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sanction",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="86576467d37960f80e4139ea44b758c2d52cf9db",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_b5c33",
                    table="incidents_sanction",
                    when="BEFORE",
                ),
            ),
        ),
    ]
