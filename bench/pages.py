"""Pages against their floor: the queue, the case page, logging, searching and more, at two sizes of data.

Starts a database of its own with production's durability, loads invented incidents over fifty schools, serves our pages
and the floor's with gunicorn, and asks for them in turns over kept-alive connections. Times are in milliseconds.
"""

import argparse
import contextlib
import json
import subprocess
import sys
from typing import Any

from bench.house.databases import Databases, databases, manage, run_module
from bench.house.servers import FLOOR, OURS, Server, serving
from bench.house.variables import FOLDER
from bench.measure import memory, report
from bench.measure.goals import Goal, Measured, goals
from bench.measure.numbers import summed_up
from bench.measure.series import (
    QUERIES,
    Series,
    Visit,
    concern,
    cookies_for,
    draft_path,
    floor_series,
    in_turns,
    our_series,
    search_series,
)
from bench.measure.starting import check_seconds
from safeguarding.embedded.paths import ROOT

FULL, QUICK = [100_000, 1_000_000], [20_000, 100_000]
_WARM_UP = 12
# A run with fewer rounds is for looking around: it is printed and not kept in the history.
_ENOUGH = 150
_FLOOR_SETTINGS, _OUR_SETTINGS = "bench.floor.settings", "safeguarding.settings"
# WeasyPrint cannot work without these libraries: a process that has not mapped them has not imported it.
_PDF_LIBRARIES = ("libpango", "weasyprint")


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run bench pages", description=__doc__)
    parser.add_argument("--sizes", default="", help="how many incidents, small and large: 100000,1000000")
    parser.add_argument("--quick", action="store_true", help="20,000 and 100,000 incidents; not kept in the history")
    parser.add_argument("--rounds", type=int, default=160, help="how often each page is asked for (160)")
    parser.add_argument("--search-rounds", type=int, default=150, help="how often each search is made (150)")
    parser.add_argument("--keep", action="store_true", help="keep the databases, and what was logged, for the next run")
    chosen = parser.parse_args(arguments)
    given = sorted(int(size) for size in chosen.sizes.split(",") if size)
    chosen.sizes = given or (QUICK if chosen.quick else FULL)
    return chosen


def main(arguments: list[str]) -> int:
    """Measure, print, remember. Goals that are not met are said, and are no failure of the measurement."""
    chosen = options(arguments)
    with databases(keep=chosen.keep) as house:
        loaded = {size: house.load(size) for size in chosen.sizes}
        manage(house.environment(chosen.sizes[0]), "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        measured, found = _measure(house, loaded, chosen)
    found["goals"] = goals(measured, chosen.sizes, found)
    _print(measured, found, chosen.sizes)
    if chosen.sizes == FULL and min(chosen.rounds, chosen.search_rounds) >= _ENOUGH:
        report.remember(measured, found["goals"], found)
    return 0


def _measure(
    house: Databases, loaded: dict[int, dict[str, Any]], chosen: argparse.Namespace
) -> tuple[Measured, dict[str, Any]]:
    large = chosen.sizes[-1]
    environment = house.environment(large)
    found: dict[str, Any] = {
        "postgres": house.version(),
        "bytes": {size: house.bytes_of(size) for size in chosen.sizes},
        "check": check_seconds(environment, floor=_FLOOR_SETTINGS, ours=_OUR_SETTINGS, times=7),
    }
    sessions = {size: _sign_in(house, size, loaded[size]) for size in chosen.sizes}
    found |= _count_queries(environment, loaded[large]["schools"]["pages"], sessions[large])
    series: list[Series] = []
    with contextlib.ExitStack() as stack:
        servers: dict[tuple[str, int], Server] = {}
        for size in chosen.sizes:
            for who, application in (("floor", FLOOR), ("ours", OURS)):
                server = serving(application, house.environment(size), f"{who}-{size}")
                servers[who, size] = stack.enter_context(server)
            series += _page_series(servers, size, loaded[size]["schools"]["pages"], sessions[size])
        print(f"asking for {len(series)} pages in turns, {chosen.rounds} times each", flush=True)
        in_turns(series, warm_up=_WARM_UP, rounds=chosen.rounds)
        found["memory"] = {who: vars(memory.held_by(servers[who, large].worker_ids())) for who in ("floor", "ours")}
        searches = _search_series(servers["ours", large], large, loaded[large]["schools"], sessions[large])
        print(f"searching, {chosen.search_rounds} times each", flush=True)
        in_turns(searches, warm_up=2, rounds=chosen.search_rounds)
        workers = servers["ours", large].worker_ids()
        found["memory"]["ours, after searching"] = vars(memory.held_by(workers))
        found["weasyprint"] |= any(memory.maps(pid, *_PDF_LIBRARIES) for pid in workers)
    return {(each.who, each.name, each.size): summed_up(each.milliseconds) for each in [*series, *searches]}, found


def _sign_in(house: Databases, size: int, loaded: dict[str, Any]) -> dict[str, Any]:
    users = [school["user"] for school in loaded["schools"].values()]
    session: dict[str, Any] = json.loads(run_module(house.environment(size), "bench.data", "sign-in", *users))
    return session


def _page_series(
    servers: dict[tuple[str, int], Server], size: int, school: dict[str, Any], session: dict[str, Any]
) -> list[Series]:
    cookies = cookies_for(session, school["user"])
    floor, ours = (Visit(servers[who, size].port, size, school, cookies) for who in ("floor", "ours"))
    return [*floor_series(floor), *our_series(ours)]


def _search_series(server: Server, size: int, schools: dict[str, Any], session: dict[str, Any]) -> list[Series]:
    return search_series(
        Visit(server.port, size, school | {"purpose": purpose}, cookies_for(session, school["user"]))
        for purpose, school in schools.items()
        if purpose.startswith("search")
    )


def _count_queries(environment: dict[str, str], school: dict[str, Any], session: dict[str, Any]) -> dict[str, Any]:
    """Ask each page twice in a process of its own and count the statements of the second time."""
    slug, references = school["slug"], school["references"]
    root = f"/s/{slug}"
    form = concern(school, 0)
    orders = {
        "queue": {"paths": [f"{root}/incidents/"] * 2},
        "queue, open": {"paths": [f"{root}/incidents/"] * 2, "forms": [{"status": "open"}] * 2},
        "queue, closed": {"paths": [f"{root}/incidents/"] * 2, "forms": [{"status": "closed"}] * 2},
        "case page": {"paths": [f"{root}/incidents/{reference}/" for reference in references[:2]]},
        "logging": {"paths": [draft_path(slug), draft_path(slug)], "forms": [form, form]},
        "type-ahead": {"paths": [f"{root}/people/search/"] * 2, "forms": [{"q": QUERIES[0]}] * 2},
        "concern form": {"paths": [f"{root}/incidents/new/"] * 2},
        "my day": {"paths": [f"{root}/"] * 2},
    }
    asked = json.dumps({"cookies": cookies_for(session, school["user"]), "pages": orders})
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure.queries"], cwd=ROOT, env=environment, input=asked, text=True,
        stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit("The statements could not be counted.")
    answer = json.loads(done.stdout)
    (FOLDER / "statements.json").write_text(json.dumps(answer["pages"], indent=1))
    return {"queries": answer["pages"], "weasyprint": answer["weasyprint"]}


def _print(measured: Measured, found: dict[str, Any], sizes: list[int]) -> None:
    about = report.machine()
    print(f"\n{about['cores']} cores, {about['memory_gib']} GiB, {about['system']}, Python {about['python']}, ", end="")
    print(f"PostgreSQL {found['postgres']}; gunicorn with 2 workers of 4 threads; milliseconds")
    if about["load"] > about["cores"] + 1:
        print(f"The machine was busy with other work (load {about['load']}): ratios are worse than on a quiet one.")
    for size in sizes:
        print(f"\n{size:,} incidents over 50 schools, {found['bytes'][size] / 1e9:.1f} GB")
        print(report.table(measured, size, found["queries"]))
    print(f"\n{report.memory_lines(found['memory'])}")
    print(f"manage.py check: {found['check']['ours']:.2f} s, the floor's {found['check']['floor']:.2f} s\n")
    promised: list[Goal] = found["goals"]
    for goal in promised:
        print(goal)
    print(f"\n{sum(goal.is_met for goal in promised)} of {len(promised)} goals met")
