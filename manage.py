#!/usr/bin/env python
"""Django's command line for this project."""

import base64
import os
import sys

from django.core.management import execute_from_command_line

# These read the packs' files and nothing else, so they run anywhere: on a desk without a database, keys or an address.
READ_FILES_ALONE = frozenset({"pack_check", "pack_coverage", "pack_explain"})
# What the settings ask for and these commands never use.
UNUSED = {
    "SECRET_KEY": "unused-by-commands-that-read-files-alone-0123456789abcdef",
    "DATA_KEYS": f"unused:{base64.b64encode(bytes(32)).decode()}",
    "AUDIT_KEYS": f"unused:{base64.b64encode(bytes([1]) * 32).decode()}",
    "DATABASE_URL": "postgres://unused@localhost/unused",
    "CELERY_BROKER_URL": "memory://",
    "SITE_URL": "http://localhost",
    "ALLOWED_HOSTS": "localhost",
    "HASHED_STATIC": "0",
    "DEMONSTRATION": "1",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeguarding.settings")
    if len(sys.argv) > 1 and sys.argv[1] in READ_FILES_ALONE:
        for name, value in UNUSED.items():
            if f"{name}_FILE" not in os.environ:
                os.environ.setdefault(name, value)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
