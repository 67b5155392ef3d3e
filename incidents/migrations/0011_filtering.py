"""Tables and columns of filtering."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.encryption
import incidents.statuses


class Migration(migrations.Migration):
    """Adds what the models of this noun say."""

    dependencies: ClassVar = [
        ("accounts", "0005_what_is_urgent_is_sent_first"),
        ("incidents", "0010_links"),
        ("policies", "0005_filtering_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="FilteringTicket",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("url", accounts.encryption.SealedTextField(null=True)),
                ("fingerprint", models.BinaryField(max_length=32, null=True)),
                ("is_illegal", models.BooleanField(default=False)),
                ("state", models.CharField(default=incidents.statuses.TicketState["OPEN"], max_length=10)),
                ("opened_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("fixed_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BypassRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("url", accounts.encryption.SealedTextField()),
                ("purpose", accounts.encryption.SealedTextField()),
                ("user_group", models.CharField(max_length=16)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("state", models.CharField(default=incidents.statuses.BypassState["ASKED"], max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", accounts.encryption.SealedTextField(null=True)),
                ("switched_on_at", models.DateTimeField(null=True)),
                ("expired_at", models.DateTimeField(null=True)),
                ("taken_off_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
                    ),
                ),
                (
                    "switched_on_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_off_by",
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
            name="FilteringChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("what", accounts.encryption.SealedTextField()),
                ("why", accounts.encryption.SealedTextField()),
                ("risk", accounts.encryption.SealedTextField()),
                ("changed_at", models.DateTimeField()),
                ("is_agreed", models.BooleanField(null=True)),
                ("answer", accounts.encryption.SealedTextField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_role", models.CharField(blank=True, max_length=32)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
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
            name="FilteringSighting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("device", accounts.encryption.SealedTextField(null=True)),
                ("user_group", models.CharField(max_length=16)),
                ("said", accounts.encryption.SealedTextField(null=True)),
                ("seen_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("reporter_role", models.CharField(max_length=32)),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filtering_sightings",
                        to="incidents.incident",
                    ),
                ),
                (
                    "reported_by",
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
            name="FilteringStep",
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
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="filteringticket",
            name="check_failed",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="policies.filteringcheck",
            ),
        ),
        migrations.AddField(
            model_name="filteringticket",
            name="fixed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="filteringticket",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="filteringticket",
            name="reported_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="filteringticket",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
            ),
        ),
        migrations.AddField(
            model_name="filteringticket",
            name="verified_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="filteringstep",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="incidents.filteringticket"
            ),
        ),
        migrations.AddField(
            model_name="filteringsighting",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sightings", to="incidents.filteringticket"
            ),
        ),
        migrations.AddField(
            model_name="filteringchange",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="incidents.filteringticket",
            ),
        ),
        migrations.AddIndex(
            model_name="bypassrequest",
            index=models.Index(
                condition=models.Q(("state__in", ["asked", "agreed", "on"])),
                fields=["ends_at"],
                name="bypass_to_expire",
            ),
        ),
        migrations.AddIndex(
            model_name="bypassrequest",
            index=models.Index(fields=["school", "asked_at"], name="bypass_by_time"),
        ),
        migrations.AddConstraint(
            model_name="bypassrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="bypass_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="bypassrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("switched_on_at__isnull", True), ("switched_on_by__isnull", True)),
                    models.Q(("switched_on_at__isnull", False), ("switched_on_by__isnull", False)),
                    _connector="OR",
                ),
                name="bypass_switched_on_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="bypassrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_off_at__isnull", True), ("taken_off_by__isnull", True)),
                    models.Q(("taken_off_at__isnull", False), ("taken_off_by__isnull", False)),
                    _connector="OR",
                ),
                name="bypass_taken_off_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="bypassrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="bypass_has_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="bypassrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="bypass_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="bypassrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("switched_on_at__isnull", True), ("decided_at__isnull", False), _connector="OR"),
                name="bypass_on_when_agreed",
            ),
        ),
        migrations.AddIndex(
            model_name="filteringticket",
            index=models.Index(fields=["school", "state", "reported_at"], name="filtering_ticket_by_state"),
        ),
        migrations.AddConstraint(
            model_name="filteringticket",
            constraint=models.UniqueConstraint(fields=("school", "kind", "fingerprint"), name="filtering_ticket_once"),
        ),
        migrations.AddConstraint(
            model_name="filteringticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fixed_at__isnull", True), ("fixed_by__isnull", True)),
                    models.Q(("fixed_at__isnull", False), ("fixed_by__isnull", False)),
                    _connector="OR",
                ),
                name="filtering_ticket_fixed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="filteringticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                    models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                    _connector="OR",
                ),
                name="filtering_ticket_verified_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="filteringticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("fixed_at__isnull", True),
                        ("state", incidents.statuses.TicketState["OPEN"]),
                        ("verified_at__isnull", True),
                    ),
                    models.Q(
                        ("fixed_at__isnull", False),
                        ("state", incidents.statuses.TicketState["FIXED"]),
                        ("verified_at__isnull", True),
                    ),
                    models.Q(
                        ("fixed_at__isnull", False),
                        ("state", incidents.statuses.TicketState["VERIFIED"]),
                        ("verified_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="filtering_ticket_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="filteringticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verified_by__isnull", True),
                    models.Q(("verified_by", models.F("fixed_by")), _negated=True),
                    _connector="OR",
                ),
                name="filtering_ticket_two_people",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="filteringstep",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="72d71707227318d2d1d0c85e4063338178ff1b83",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_2f577",
                    table="incidents_filteringstep",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="filteringsighting",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="00a44272707d59cf3a15023aa3085bf14b834faf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_486ef",
                    table="incidents_filteringsighting",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="filteringchange",
            index=models.Index(fields=["school", "changed_at"], name="filtering_change_by_time"),
        ),
        migrations.AddIndex(
            model_name="filteringchange",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)), fields=["school"], name="filtering_change_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="filteringchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True), ("is_agreed__isnull", True)),
                    models.Q(
                        ("answered_at__isnull", False), ("answered_by__isnull", False), ("is_agreed__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="filtering_change_answered_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="filteringchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_by__isnull", True),
                    models.Q(("answered_by", models.F("changed_by")), _negated=True),
                    _connector="OR",
                ),
                name="filtering_change_two_people",
            ),
        ),
    ]
