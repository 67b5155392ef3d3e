from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0019_allegations_and_low_level_concerns"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("level", 3)), fields=["school", "logged_at"], name="incident_lately_low"
            ),
        ),
    ]
