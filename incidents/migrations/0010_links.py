"""Tables and columns of links."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Adds what the models of this noun say."""

    dependencies: ClassVar = [("incidents", "0009_plans")]

    operations: ClassVar = []
