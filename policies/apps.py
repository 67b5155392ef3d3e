"""What the rules demand."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"
