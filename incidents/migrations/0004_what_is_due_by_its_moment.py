from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_told_concerns"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="obligation", name="obligation_alert"),
        migrations.RemoveIndex(model_name="toldconcern", name="told_alert"),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                condition=models.Q(("alert_at__isnull", False)),
                fields=["alert_at", "severity"],
                name="obligation_alert",
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(condition=models.Q(("failures__gte", 3)), fields=["school"], name="obligation_stuck"),
        ),
        migrations.AddIndex(
            model_name="toldconcern",
            index=models.Index(
                condition=models.Q(("alert_at__isnull", False)), fields=["alert_at", "severity"], name="told_alert"
            ),
        ),
    ]
