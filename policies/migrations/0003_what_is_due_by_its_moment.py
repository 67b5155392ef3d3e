from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0002_duties_done_and_feeds"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="schoolduty", name="duty_alert"),
        migrations.AddIndex(
            model_name="schoolduty",
            index=models.Index(
                condition=models.Q(("alert_at__isnull", False)), fields=["alert_at", "severity"], name="duty_alert"
            ),
        ),
        migrations.AddIndex(
            model_name="schoolduty",
            index=models.Index(condition=models.Q(("failures__gte", 3)), fields=["school"], name="duty_stuck"),
        ),
    ]
