"""The shell: site map, home, tasks. It owns no tables."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "safeguarding"
