"""The Celery app and the whole timetable. Every entry is a sweep: a lost tick costs thirty seconds and nothing else."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeguarding.settings")

app = Celery("safeguarding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.include = ["safeguarding.tasks"]
app.conf.beat_schedule = {
    "deliver-outbox": {
        "task": "safeguarding.tasks.deliver_outbox",
        "schedule": 30.0,
        "kwargs": {"origin": "timer"},
        # A tick that waited longer than the next one is worth nothing: drop it.
        "options": {"expires": 30},
    },
}
