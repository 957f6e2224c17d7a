"""`make bench`: its own servers in var/bench, 10,000 and 100,000 requests, a table and var/bench.json."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql

from bench.table import table
from portal import embedded

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
SIZES = (10_000, 100_000)
FULL = {"calls": 80, "seconds": 10.0, "streams": 200, "live-seconds": 60.0}
# Proves in a few seconds that it works; its figures mean nothing.
QUICK_SIZES = (300,)
QUICK = {"calls": 2, "seconds": 1.0, "streams": 8, "live-seconds": 1.0}
# A company with more requests has more people and teams: no team works on thousands of them at once.
REQUESTS_PER_PERSON = 20
FEWEST_PEOPLE = 40
SECRET_KEY = "signs nothing but the sessions of a measurement, 0123456789"  # noqa: S105


def main() -> None:
    options = _options()
    folder = VAR / ("bench-quick" if options.quick else "bench")
    with embedded.join(folder, throwaway=options.quick) as servers:
        chosen = QUICK if options.quick else FULL
        results = [_measure(size, servers, folder, chosen) for size in _sizes(options)]
    if not (options.quick or options.keep):
        shutil.rmtree(folder, ignore_errors=True)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it work at all?")
    parser.add_argument("--sizes", help="numbers of requests, such as 10000,100000")
    parser.add_argument("--keep", action="store_true", help="leave the databases, for EXPLAIN")
    parser.add_argument("--output", type=Path, default=VAR / "bench.json")
    return parser.parse_args()


def _sizes(options: argparse.Namespace) -> Sequence[int]:
    if options.sizes:
        return [int(size) for size in options.sizes.split(",")]
    return QUICK_SIZES if options.quick else SIZES


def _measure(size: int, servers: embedded.Servers, folder: Path, chosen: dict[str, Any]) -> dict[str, Any]:
    """One size in a database of its own, so that the sizes differ in nothing else."""
    print(f"{size:,} requests", file=sys.stderr, flush=True)
    name = f"bench_{size}"
    _fresh_database(servers.database_url, name)
    own = folder / name
    own.mkdir(parents=True, exist_ok=True)
    people = max(size // REQUESTS_PER_PERSON, FEWEST_PEOPLE)
    own_options = {"requests": size, "people": people, "folder": own}
    arguments = [f"--{key}={value}" for key, value in {**own_options, **chosen}.items()]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("TANDEM_", "DEBUG"))},
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": servers.database_url.replace("/tandem?", f"/{name}?"),
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": SECRET_KEY,
        "MEDIA_ROOT": str(own / "media"),
    }
    subprocess.run([sys.executable, "-m", "bench.measure", *arguments], cwd=ROOT, env=environment, check=True)
    found: dict[str, Any] = json.loads((own / "result.json").read_text())
    return found


def _fresh_database(url: str, name: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()


if __name__ == "__main__":
    main()
