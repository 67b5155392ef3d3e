"""Devices that are held and the hands they went through, searches, viewings, deletions, and what people are allowed."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.encryption


class Migration(migrations.Migration):
    """Adds the tables of custody, searches, viewings, deletions and allowances."""

    dependencies: ClassVar = [
        ("accounts", "0005_what_is_urgent_is_sent_first"),
        ("incidents", "0011_filtering"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CustodyTransfer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("from_words", accounts.encryption.SealedTextField(null=True)),
                ("to_words", accounts.encryption.SealedTextField(null=True)),
                ("outside_reference", accounts.encryption.SealedTextField(null=True)),
                ("place", accounts.encryption.SealedTextField(null=True)),
                ("seal_intact", models.BooleanField(null=True)),
                ("seal", models.CharField(blank=True, max_length=40)),
                ("words", accounts.encryption.SealedTextField(null=True)),
                ("given_at", models.DateTimeField()),
                (
                    "from_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
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
                    "to_user",
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
            name="CustodyAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("is_accepted", models.BooleanField()),
                ("seal_intact", models.BooleanField(null=True)),
                ("place", accounts.encryption.SealedTextField(null=True)),
                ("words", accounts.encryption.SealedTextField(null=True)),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
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
                    "transfer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="incidents.custodytransfer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deletion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("what", accounts.encryption.SealedTextField()),
                ("where", accounts.encryption.SealedTextField()),
                ("doer", accounts.encryption.SealedTextField()),
                ("witness", accounts.encryption.SealedTextField(null=True)),
                ("deleted_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deletions", to="incidents.incident"
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
            name="DeletionCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("is_needed", models.BooleanField()),
                ("needed_words", accounts.encryption.SealedTextField()),
                ("held_words", accounts.encryption.SealedTextField()),
                ("is_child_safe", models.BooleanField()),
                ("safe_words", accounts.encryption.SealedTextField()),
                ("checked_at", models.DateTimeField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deletion_checks",
                        to="incidents.incident",
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
            name="HeldDevice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("description", accounts.encryption.SealedTextField()),
                ("owner_words", accounts.encryption.SealedTextField(null=True)),
                ("why", accounts.encryption.SealedTextField()),
                ("taken_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("holder_words", accounts.encryption.SealedTextField(null=True)),
                ("place", accounts.encryption.SealedTextField(null=True)),
                ("seal", models.CharField(blank=True, max_length=40)),
                ("police_reference", accounts.encryption.SealedTextField(null=True)),
                ("quarantined_at", models.DateTimeField(null=True)),
                ("review_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ending", models.CharField(blank=True, max_length=16)),
                ("ended_words", accounts.encryption.SealedTextField(null=True)),
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
                    "holder",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="incidents.incident",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "quarantined_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="custodytransfer",
            name="device",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transfers",
                to="incidents.helddevice",
            ),
        ),
        migrations.CreateModel(
            name="SearchRecord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("pupil_words", accounts.encryption.SealedTextField(null=True)),
                ("authority", models.CharField(max_length=12)),
                ("searched_at", models.DateTimeField()),
                ("witness_words", accounts.encryption.SealedTextField(null=True)),
                ("place", accounts.encryption.SealedTextField()),
                ("grounds", accounts.encryption.SealedTextField()),
                ("urgency", accounts.encryption.SealedTextField(null=True)),
                ("is_explained", models.BooleanField()),
                ("is_agreed", models.BooleanField()),
                ("agreed_words", accounts.encryption.SealedTextField(null=True)),
                ("sought", accounts.encryption.SealedTextField()),
                ("has_found", models.BooleanField()),
                ("found", accounts.encryption.SealedTextField(null=True)),
                ("is_parent_told", models.BooleanField()),
                ("parent_words", accounts.encryption.SealedTextField(null=True)),
                ("follow_up", accounts.encryption.SealedTextField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "authoriser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="searches",
                        to="incidents.incident",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
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
                (
                    "searched_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "witness",
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
            name="ViewingRecord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("why", accounts.encryption.SealedTextField()),
                ("tried", accounts.encryption.SealedTextField()),
                ("viewed_at", models.DateTimeField()),
                ("present_words", accounts.encryption.SealedTextField(null=True)),
                ("place", accounts.encryption.SealedTextField()),
                ("seen", accounts.encryption.SealedTextField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "decider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="viewings", to="incidents.incident"
                    ),
                ),
                (
                    "present",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "viewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("ground", models.CharField(blank=True, max_length=16)),
                ("note", accounts.encryption.SealedTextField(null=True)),
                ("given_on", models.DateField()),
                ("giver", models.CharField(max_length=12)),
                ("giver_name", models.CharField(blank=True, max_length=160)),
                ("until", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
                ("withdrawn_giver", models.CharField(blank=True, max_length=12)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
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
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["school", "kind", "given_on"], name="allowance_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                                ("withdrawn_giver", ""),
                                ("withdrawn_on__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                ("withdrawn_on__isnull", False),
                                models.Q(("withdrawn_giver", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="allowance_withdrawn_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("given_on")), _connector="OR"
                        ),
                        name="allowance_ends_after_it_begins",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="custodyanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="52cf14a13ef5b5bf6a9987e0deb476d3299e35ac",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_cd2ba",
                    table="incidents_custodyanswer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deletion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ba2cb83b732050bf50246af7c101d9f5edd977a4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_ca8b1",
                    table="incidents_deletion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deletioncheck",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3100a4fa196704ac1104b6b04fa651b3a6ae53fb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_2d814",
                    table="incidents_deletioncheck",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="helddevice",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["school", "review_on"], name="device_held"
            ),
        ),
        migrations.AddIndex(
            model_name="helddevice",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)), fields=["school", "ended_at"], name="device_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="helddevice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quarantined_at__isnull", True), ("quarantined_by__isnull", True)),
                    models.Q(("quarantined_at__isnull", False), ("quarantined_by__isnull", False)),
                    _connector="OR",
                ),
                name="device_quarantined_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="helddevice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("ending", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        models.Q(("ending", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="device_ended_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="helddevice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("holder__isnull", False), ("holder_words__isnull", True)),
                    models.Q(("holder__isnull", True), ("holder_words__isnull", False)),
                    _connector="OR",
                ),
                name="device_in_one_hand",
            ),
        ),
        migrations.AddConstraint(
            model_name="helddevice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ending", "returned"), _negated=True), ("quarantined_at__isnull", True), _connector="OR"
                ),
                name="device_not_given_back_from_quarantine",
            ),
        ),
        migrations.AddConstraint(
            model_name="custodytransfer",
            constraint=models.UniqueConstraint(fields=("device", "number"), name="custody_transfer_once"),
        ),
        migrations.AddConstraint(
            model_name="custodytransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("to_user__isnull", False), ("to_words__isnull", True)),
                    models.Q(
                        ("outside_reference__isnull", False), ("to_user__isnull", True), ("to_words__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="custody_transfer_to_one_hand",
            ),
        ),
        migrations.AddConstraint(
            model_name="custodytransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_user__isnull", True),
                    ("from_user__isnull", True),
                    models.Q(("to_user", models.F("from_user")), _negated=True),
                    _connector="OR",
                ),
                name="custody_transfer_between_two",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="custodytransfer",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7dce843c6eb03ef7ce2e6bd408df08a475e5a8ef",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_a3105",
                    table="incidents_custodytransfer",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="searchrecord",
            index=models.Index(fields=["school", "searched_at"], name="search_by_time"),
        ),
        migrations.AddConstraint(
            model_name="searchrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("witness__isnull", False), ("witness_words__isnull", False), _connector="OR"),
                name="search_witnessed_or_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="searchrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("witness__isnull", True),
                    models.Q(("witness", models.F("searched_by")), _negated=True),
                    _connector="OR",
                ),
                name="search_witnessed_by_another",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="searchrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0ea9ccfc247af1657f29a370e11f16ae6c887728",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_ff3b7",
                    table="incidents_searchrecord",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("present__isnull", False), ("present_words__isnull", True)),
                    models.Q(("present__isnull", True), ("present_words__isnull", False)),
                    _connector="OR",
                ),
                name="viewing_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("present__isnull", True),
                    models.Q(("present", models.F("viewed_by")), _negated=True),
                    _connector="OR",
                ),
                name="viewing_by_two_people",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="viewingrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d915174bda982ca24a44b97cb424a9227809f0be",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_cb17e",
                    table="incidents_viewingrecord",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CustodyStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("event", models.CharField(max_length=40)),
                ("words", accounts.encryption.SealedTextField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="incidents.helddevice"
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
            model_name="custodystep",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9a5467ba7431bc6a31b46669d19a66ffc8390fb8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_edb91",
                    table="incidents_custodystep",
                    when="BEFORE",
                ),
            ),
        ),
    ]
