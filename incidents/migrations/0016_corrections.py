"""What puts an entry of the chronology right stands beside it, with the reason; what happened earlier says when."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import accounts.encryption


class Migration(migrations.Migration):
    """Adds to the entries of chronologies what corrections and earlier moments need."""

    dependencies: ClassVar = [("incidents", "0015_fewer_indexes")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="chronologyentry",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="incidents.chronologyentry",
            ),
        ),
        migrations.AddField(
            model_name="chronologyentry", name="reason", field=accounts.encryption.SealedTextField(null=True)
        ),
        migrations.AddField(model_name="chronologyentry", name="happened_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="chronologyentry",
            name="happened_precision",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="chronologyentry",
            constraint=models.CheckConstraint(
                condition=Q(corrects__isnull=True, reason__isnull=True)
                | Q(corrects__isnull=False, reason__isnull=False),
                name="chronology_correction_has_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="chronologyentry",
            constraint=models.CheckConstraint(
                condition=Q(happened_at__isnull=True, happened_precision="")
                | (Q(happened_at__isnull=False) & ~Q(happened_precision="")),
                name="chronology_moment_has_its_precision",
            ),
        ),
    ]
