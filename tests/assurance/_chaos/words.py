"""What every concern says, opened with its school's key. Runs inside Django, on the stage."""

import json
import sys

from incidents.models import Incident
from tests.assurance._chaos.cast import digest


def main() -> None:
    """Print the digest of every concern's words, by the id of the form it came from."""
    kept = {str(case.draft_id): digest(case.narrative) for case in Incident.objects.select_related("school")}
    sys.stdout.write(json.dumps(kept))
