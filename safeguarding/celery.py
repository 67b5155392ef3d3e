"""The Celery app and the whole timetable. Every entry is a sweep: a lost tick costs at most a minute, nothing else."""

import gc
import os

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeguarding.settings")

app = Celery("safeguarding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.include = ["safeguarding.tasks"]
app.conf.beat_schedule = {
    "keep-rounds": {
        "task": "safeguarding.tasks.keep_rounds",
        "schedule": 60.0,
        "kwargs": {"origin": "timer"},
        "options": {"expires": 60},
    },
    "deliver-outbox": {
        "task": "safeguarding.tasks.deliver_outbox",
        "schedule": 30.0,
        "kwargs": {"origin": "timer"},
        # A tick that waited longer than the next one is worth nothing: drop it.
        "options": {"expires": 30},
    },
    "sweep-duties": {
        "task": "safeguarding.tasks.sweep_duties",
        # With nothing due it costs three statements; under load, several may be lost before anybody is told late.
        "schedule": 15.0,
        "kwargs": {"origin": "timer"},
        "options": {"expires": 15},
    },
    "take-imports": {
        "task": "safeguarding.tasks.take_imports",
        "schedule": 30.0,
        "kwargs": {"origin": "timer"},
        "options": {"expires": 30},
    },
    "sign-ends": {
        "task": "safeguarding.tasks.sign_ends",
        "schedule": 60.0,
        "kwargs": {"origin": "timer"},
        "options": {"expires": 60},
    },
    "note-quiet-cases": {
        "task": "safeguarding.tasks.note_quiet_cases",
        "schedule": 60.0,
        "kwargs": {"origin": "timer"},
        "options": {"expires": 60},
    },
}


@worker_process_init.connect
def keep_what_was_loaded(**kwargs: object) -> None:
    """Spare the collector the modules, which never go: a sweep makes many rows, and each time it would look at all."""
    gc.collect()
    gc.freeze()
