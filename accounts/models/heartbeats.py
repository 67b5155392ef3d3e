"""When each sweep last finished."""

from django.db import models

from accounts.privacy import Retention


class Heartbeat(models.Model):
    """The last finished run of a sweep, by who started it: the timer, or a direct call."""

    name = models.CharField(max_length=60, primary_key=True)
    finished_at = models.DateTimeField()
    handled = models.PositiveIntegerField()

    class Privacy:
        public = ("name", "finished_at", "handled")
        personal = ()
        special = ()
        retention = Retention.SHORT

    def __str__(self) -> str:
        return self.name
