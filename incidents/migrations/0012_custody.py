"""Tables and columns of custody."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Adds what the models of this noun say."""

    dependencies: ClassVar = [("incidents", "0011_filtering")]

    operations: ClassVar = []
