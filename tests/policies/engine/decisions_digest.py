"""python -m tests.policies.engine.decisions_digest: one hash over what every shipped pack decides about many facts."""

import hashlib
import json
import sys

from policies.catalogue import shipped, shipped_ids, with_layers
from policies.engine.evaluate import evaluate
from tests.policies.engine.coverings import pairwise_facts


def digest() -> str:
    """Return the hash; it is the same in every process, whatever the order of sets there."""
    found = hashlib.sha256()
    for pack_id in shipped_ids():
        layers = with_layers(shipped(pack_id).pack)
        for facts in pairwise_facts():
            found.update(json.dumps(evaluate(layers, facts).as_json(layers[-1])).encode())
    return found.hexdigest()


if __name__ == "__main__":
    sys.stdout.write(digest())
