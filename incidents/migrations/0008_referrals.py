"""Tables and columns of referrals."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Adds what the models of this noun say."""

    dependencies: ClassVar = [("incidents", "0007_case_facts")]

    operations: ClassVar = []
