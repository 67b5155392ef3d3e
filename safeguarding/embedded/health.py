"""Exit 0 when the web server of this machine says it is well: the health check of the container.

python -m safeguarding.embedded.health
"""

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from safeguarding.embedded import addresses

DEFAULT_PORT = "8000"


def host_name(environment: Mapping[str, str]) -> str:
    """The server answers only to names it knows, so it is asked by one of them."""
    return urlsplit(environment.get("SITE_URL", "")).hostname or "localhost"


def main() -> int:
    port = os.environ.get("PORT") or DEFAULT_PORT
    answer = addresses.get(f"http://{addresses.HOST}:{port}/healthz", seconds=5, host=host_name(os.environ))
    print(answer.text if answer else "nothing answers")
    return 0 if answer and answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
