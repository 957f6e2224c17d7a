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

from activity import clock  # noqa: E402
from activity.models import FanOut  # noqa: E402
from bench import browser, client, live, server  # noqa: E402
from bench.client import Call, Sample, load  # noqa: E402
from bench.scenarios import Scenario, lead, much_discussed, scenarios  # noqa: E402
from notifications.digest.send import send_due_digests  # noqa: E402
from notifications.fanout import fan_out  # noqa: E402
from notifications.models import DigestPreference  # noqa: E402
from requests_app.discussion import comment  # noqa: E402
from teams.models import Person  # noqa: E402

BARE = Scenario("bare view", lambda: iter(lambda: Call("/bench/bare/"), None))
CLIENTS = 8
MOST_DIGESTS = 2_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--calls", type=int, required=True, help="of each scenario, for each client count")
    parser.add_argument("--seconds", type=float, required=True, help="at most, for each of them")
    parser.add_argument("--streams", type=int, required=True, help="open on the live boards")
    parser.add_argument("--live-seconds", type=float, required=True, help="for which cards move there")
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    call_command("seed", requests=options.requests, people=options.people, stdout=sys.stderr)
    result: dict[str, Any] = {"requests": options.requests, "seed_seconds": time.monotonic() - began}
    log = options.folder / "web.log"
    with server.serving(log) as port:
        found = [BARE, *scenarios()]
        result["scenarios"] = {one.name: _measured(one, port, options) for one in found}
        print("  live boards", file=sys.stderr, flush=True)
        result["live"] = live.measured(port, options.streams, options.live_seconds)
        print("  browser", file=sys.stderr, flush=True)
        result["browser"] = browser.measured(port)
        result["live"]["idle_bytes"] = live.idle_bytes(port, 5 * options.streams)
    result["workers"] = _workers(options)
    (options.folder / "result.json").write_text(json.dumps(result))


def _measured(scenario: Scenario, port: int, options: argparse.Namespace) -> dict[str, Any]:
    print(f"  {scenario.name}", file=sys.stderr, flush=True)
    # One iterator for all: what one round has used, the next must not use again.
    calls = scenario.calls()
    for _warm_up in range(2 if scenario.writes else 6):
        load(port, calls, 1, 1, options.seconds)
    queries, size = client.facts(port, next(calls))
    found: dict[str, Any] = {"queries": queries, "bytes": size}
    for name, clients in {"alone": 1, "crowd": CLIENTS}.items():
        # The bare view right beside it, because a machine is not equally busy all the time.
        bare = load(port, BARE.calls(), clients, options.calls, options.seconds)
        found[name] = _told(load(port, calls, clients, options.calls, options.seconds))
        found[name] |= {f"bare_{key}": value for key, value in _told(bare).items()}
    return found


def _told(sample: Sample) -> dict[str, float]:
    return {
        "calls": len(sample.seconds),
        "median_ms": sample.median_ms,
        "p95_ms": sample.p95_ms,
        "per_second": sample.per_second,
    }


def _workers(options: argparse.Namespace) -> dict[str, float]:
    """Fan-outs and digests a second in one process, up to the mail server, which takes no time here."""
    by = lead()
    numbers = much_discussed(by)
    for n in range(options.calls):
        comment(numbers[n % len(numbers)], f"Comment {n} to be told.", by=by)
    waiting = FanOut.objects.filter(done_at=None).count()
    began = time.perf_counter()
    fan_out()
    fan_outs = waiting / (time.perf_counter() - began)
    _leave_out_all_but(MOST_DIGESTS)
    began, cpu = time.perf_counter(), time.process_time()
    sent = send_due_digests(clock.now(), None, None, False).sent
    digests, cpu = sent / (time.perf_counter() - began), time.process_time() - cpu
    return {
        "fan_outs_per_second": fan_outs,
        "digests_per_second": digests,
        "digests": sent,
        "digest_cpu_ms": 1000 * cpu / sent,
    }


def _leave_out_all_but(count: int) -> None:
    """So many digests tell their pace; the others would only take time."""
    others = Person.objects.order_by("pk")[count:]
    rows = [DigestPreference(person=person, weekly=False) for person in others]
    DigestPreference.objects.bulk_create(rows, ignore_conflicts=True)


if __name__ == "__main__":
    main()
