"""How quickly calls are answered: by one client and by several at once, beside a bare view."""

import sys
from typing import Any

from bench import client
from bench.client import Call, Sample, load
from bench.scenarios import Scenario

BARE = Scenario("bare view", lambda: iter(lambda: Call("/bench/bare/"), None))
CLIENTS = 8


def measured(scenario: Scenario, port: int, calls: int, seconds: float, warm_ups: int) -> dict[str, Any]:
    """The figures of ``scenario`` by at most so many ``calls`` in at most so many ``seconds`` each."""
    print(f"  {scenario.name}", file=sys.stderr, flush=True)
    # One iterator for all: what one round has used, the next must not use again.
    made = scenario.calls()
    for _warm_up in range(min(2, warm_ups) if scenario.writes else warm_ups):
        load(port, made, 1, 1, seconds)
    queries, size = client.facts(port, next(made))
    found: dict[str, Any] = {"queries": queries, "bytes": size}
    for name, clients in {"alone": 1, "crowd": CLIENTS}.items():
        # The bare view right beside it, because a machine is not equally busy all the time.
        bare = load(port, BARE.calls(), clients, calls, seconds)
        found[name] = _told(load(port, made, clients, calls, seconds))
        found[name] |= {f"bare_{key}": value for key, value in _told(bare).items()}
    return found


def _told(sample: Sample) -> dict[str, float]:
    return {
        "calls": len(sample.seconds),
        "median_ms": sample.median_ms,
        "p95_ms": sample.p95_ms,
        "per_second": sample.per_second,
    }
