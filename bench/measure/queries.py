"""python -m bench.measure.queries: ask each page once, in this process, and answer which statements it ran.

Reads its orders as JSON from standard input. Kept out of the server whose time is measured: counting costs time too.
"""

import json
import sys
from typing import Any

import django

_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def main() -> int:
    """Answer statements by page, and whether anything that must never be imported by a web worker was."""
    orders = json.load(sys.stdin)
    django.setup()
    from django.core.handlers.wsgi import WSGIHandler

    WSGIHandler()
    pages = {name: _counted(order, orders["cookies"]) for name, order in orders["pages"].items()}
    json.dump(
        {"pages": pages, "weasyprint": "weasyprint" in sys.modules, "celery": "celery" in sys.modules}, sys.stdout
    )
    return 0


def _counted(order: dict[str, Any], cookies: dict[str, str]) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.cookies.load(cookies)
    # What a process learns once (keys, templates) is learnt by a request before. The last path in the list is counted.
    for number, path in enumerate(order["paths"]):
        with CaptureQueriesContext(connection) as captured:
            form = order["forms"][number] if order.get("forms") else None
            answer = client.get(path) if form is None else client.post(path, form)
        if answer.status_code not in (200, 302):
            raise SystemExit(f"{path} answered {answer.status_code}.")
    said = [query["sql"] for query in captured.captured_queries]
    around = [sql for sql in said if sql.lstrip().upper().startswith(_TRANSACTION)]
    return {"statements": len(said) - len(around), "transaction": len(around), "sql": said}


if __name__ == "__main__":
    sys.exit(main())
