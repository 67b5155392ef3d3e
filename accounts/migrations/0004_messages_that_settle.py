import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_absences"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="about",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="is_awaited",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("is_awaited", True), ("sent_at__isnull", False)),
                fields=["sent_at"],
                name="outbox_awaited",
            ),
        ),
    ]
