"""Measures one size of data: `python -m bench.measure`, with the database in the environment, writes JSON."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from bench import browser, live, server, workers  # noqa: E402
from bench.paces import BARE, measured  # noqa: E402
from bench.scenarios import scenarios  # noqa: E402
from bench.words import rare_words  # noqa: E402

SEARCHED = 20


def main() -> None:
    options = _options()
    call_command("migrate", verbosity=0)
    result: dict[str, Any] = {
        "requests": options.requests,
        "comments": options.comments,
        "seed_seconds": _seed(options),
    }
    words = rare_words(SEARCHED)
    result["words"] = {one.text: one.share for one in words}
    with server.serving(options.folder / "web.log") as port:
        found = [BARE, *scenarios([one.text for one in words])]
        result["scenarios"] = {
            one.name: measured(one, port, options.calls, options.seconds, options.warm_ups) for one in found
        }
        print("  live boards", file=sys.stderr, flush=True)
        result["live"] = live.measured(port, options.streams, options.live_seconds)
        print("  browser", file=sys.stderr, flush=True)
        result["browser"] = browser.measured(port, options.looks)
        result["live"]["idle_bytes"] = live.idle_bytes(port, 5 * options.streams)
    result["workers"] = workers.measured(options.told)
    (options.folder / "result.json").write_text(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--comments", type=int, required=True, help="in all, about")
    parser.add_argument("--calls", type=int, required=True, help="of each scenario, for each client count")
    parser.add_argument("--seconds", type=float, required=True, help="at most, for each of them")
    parser.add_argument("--warm-ups", type=int, required=True, help="calls before")
    parser.add_argument("--streams", type=int, required=True, help="open on the live boards")
    parser.add_argument("--live-seconds", type=float, required=True, help="for which cards move there")
    parser.add_argument("--looks", type=int, required=True, help="at each page by a browser")
    parser.add_argument("--told", type=int, required=True, help="comments that the worker tells")
    parser.add_argument("--folder", type=Path, required=True)
    return parser.parse_args()


def _seed(options: argparse.Namespace) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    sizes = {name: getattr(options, name) for name in ("requests", "people", "comments")}
    call_command("seed", **sizes, stdout=sys.stderr)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
