"""Duties of the policy, put on a case for a test as if its policy asked for them."""

import uuid
from typing import Any

from incidents.models import Incident, Obligation
from policies.engine.vocabulary import Strength
from policies.statuses import State


def owed(incident: Incident, key: str) -> Obligation:
    """Return what is asked of a case, by its key."""
    return Obligation.objects.get(incident=incident, key=key)


def ask_for(incident: Incident, key: str, **changes: Any) -> Obligation:
    """Let the policy of a case ask for something that it does not ask for otherwise."""
    row = Obligation.objects.filter(incident=incident).exclude(pack_id="")[0]
    row.pk, row._state.adding = uuid.uuid4(), True
    row.key, (row.kind, _, row.target) = key, key.rstrip("!").partition(":")
    values = {
        "strength": int(Strength.MUST_NOT if key.endswith("!") else Strength.MUST),
        "state": State.OPEN,
        "settled_at": None,
        "settled_by": None,
        "any_of": [],
        "after_key": "",
        "until": "",
        "unless": "",
        "evidence": "",
        "exception": "",
        "due_at": None,
        "alert_at": None,
        "reason": None,
        "text": "Do it",
        "within": "",
        "other_times": [],
        **changes,
    }
    Obligation.objects.filter(incident=incident, key=key).delete()
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row
