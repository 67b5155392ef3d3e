"""Tables and columns of attachments."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Adds what the models of this noun say."""

    dependencies: ClassVar = [("incidents", "0012_custody")]

    operations: ClassVar = []
