"""What happened, and what we did about it."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"
