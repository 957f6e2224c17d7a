"""`make bench`: own servers in var/bench, small data beside large, tables and var/bench.json."""

import argparse
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.databases import ROOT, Databases
from bench.table import table
from portal import embedded

VAR = ROOT / "var"
# A company with more requests has more people and teams: no team works on thousands of them at once.
REQUESTS_PER_PERSON = 20
FEWEST_PEOPLE = 40
COMMENTS_PER_REQUEST = 10
PARTS = ("requests", "log", "company")


@dataclass(frozen=True)
class Extent:
    """What is measured, and how long."""

    requests: tuple[int, ...]
    # Of each call; how many of these, within how many seconds, after how many that are not counted.
    pages: dict[str, float]
    # Of boards that are open: streams, seconds for which cards move, looks by a browser.
    boards: dict[str, float]
    # Events in the log; the company that tells of them, and how often it does.
    events: tuple[int, ...]
    seed: tuple[int, int]
    told: int
    rounds: int
    # People, teams, solutions, goals, requests.
    companies: tuple[str, ...]


FULL = Extent(
    requests=(10_000, 100_000),
    pages={"calls": 80, "seconds": 10.0, "warm-ups": 6},
    boards={"streams": 200, "live-seconds": 60.0, "looks": 5},
    events=(10_000, 1_000_000),
    seed=(1_000, 500),
    told=200,
    rounds=3,
    companies=("50,20,30,60,500", "5000,200,300,600,5000"),
)
# Proves in a few seconds that it works; its figures mean nothing.
QUICK = Extent(
    requests=(300,),
    pages={"calls": 2, "seconds": 1.0, "warm-ups": 1},
    boards={"streams": 8, "live-seconds": 1.0, "looks": 1},
    events=(1_000, 2_000),
    seed=(100, 40),
    told=5,
    rounds=1,
    companies=("40,7,17,20,60",),
)


def main() -> None:
    options = _options()
    extent, folder = (QUICK, VAR / "bench-quick") if options.quick else (FULL, VAR / "bench")
    if options.beside:
        made = _measure(
            Databases(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], folder, is_copied=True),
            extent,
            options,
        )
    else:
        with embedded.join(folder, throwaway=options.quick) as servers:
            made = _measure(Databases(servers.database_url, servers.redis_url, folder), extent, options)
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(made, indent=1) + "\n")
    print(table(made))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it work at all?")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this; all without it")
    parser.add_argument("--sizes", help="numbers of requests, such as 10000,100000")
    parser.add_argument("--keep", action="store_true", help="leave the databases, for EXPLAIN")
    parser.add_argument(
        "--beside",
        action="store_true",
        help="on the servers that the environment names, with copies of that migrated and empty database",
    )
    parser.add_argument("--output", type=Path, default=VAR / "bench.json")
    return parser.parse_args()


def _measure(databases: Databases, extent: Extent, options: argparse.Namespace) -> dict[str, Any]:
    """Each part in databases of its own, so that sizes differ in nothing else."""
    parts = options.part or PARTS
    sizes = [int(size) for size in options.sizes.split(",")] if options.sizes else extent.requests
    try:
        return {
            "load": os.getloadavg()[0],
            "requests": [_requests(databases, size, extent) for size in sizes] if "requests" in parts else [],
            "log": _log(databases, extent) if "log" in parts else [],
            "company": [_company(databases, one, extent) for one in extent.companies]
            if "company" in parts
            else [],
        }
    finally:
        if not options.keep:
            databases.drop()


def _requests(databases: Databases, size: int, extent: Extent) -> dict[str, Any]:
    print(f"{size:,} requests", file=sys.stderr, flush=True)
    data = {
        "requests": size,
        "people": max(size // REQUESTS_PER_PERSON, FEWEST_PEOPLE),
        "comments": COMMENTS_PER_REQUEST * size,
        "told": extent.told,
    }
    options = {**data, **extent.pages, **extent.boards}
    found: dict[str, Any] = databases.result(f"bench_{size}", "bench.measure", options)
    return found


def _log(databases: Databases, extent: Extent) -> list[dict[str, Any]]:
    """One company that does the same in front of a short past and of a long one, in turns."""
    print("log", file=sys.stderr, flush=True)
    seeded = "bench_log"
    databases.run(seeded, "bench.workers", ["--seed", *map(str, extent.seed)])
    for events in extent.events:
        print(f"  {events:,} events", file=sys.stderr, flush=True)
        databases.run(f"bench_log_{events}", "bench.workers", [f"--fill={events}"], of=seeded)
    found: dict[int, list[Any]] = {events: [] for events in extent.events}
    for _round in range(extent.rounds):
        for events in extent.events:
            said = databases.run(f"bench_log_{events}", "bench.workers", [f"--comments={extent.told}"])
            found[events].append(json.loads(said))
    return [{"events": events, "rounds": rounds} for events, rounds in found.items()]


def _company(databases: Databases, company: str, extent: Extent) -> dict[str, Any]:
    print(f"company of {company}", file=sys.stderr, flush=True)
    name = f"bench_company_{company.partition(',')[0]}"
    pages = databases.result(name, "bench.growth", {"company": company, **extent.pages})
    return {"company": company, "pages": pages}


if __name__ == "__main__":
    main()
