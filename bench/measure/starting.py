"""What starting costs: the time of a system check, ours and the floor's in turns."""

import statistics
import subprocess
import time

from bench.house.servers import check_command
from safeguarding.embedded.paths import ROOT


def check_seconds(environment: dict[str, str], *, floor: str, ours: str, times: int) -> dict[str, float]:
    """Return the median seconds of each; the first round only warms the disk."""
    taken: dict[str, list[float]] = {floor: [], ours: []}
    for number in range(times + 1):
        for settings in (floor, ours):
            began = time.monotonic()
            subprocess.run(
                check_command(settings), cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            if number:
                taken[settings].append(time.monotonic() - began)
    return {"floor": statistics.median(taken[floor]), "ours": statistics.median(taken[ours])}
