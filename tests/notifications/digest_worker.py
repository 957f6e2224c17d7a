"""A worker process that makes and sends the digests that are due: ``python -m … BATCH``.

Makes and sends them in batches of BATCH, and prints as JSON how long that took and, of each batch, how many
queries it asked and how much memory the process held after it.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import timezone  # noqa: E402

from notifications import delivery  # noqa: E402
from notifications.digest import plan, send  # noqa: E402


class Gauge:
    """Counts queries, and notes them with the memory after each batch."""

    def __init__(self) -> None:
        self.queries = 0
        self.batches: list[tuple[int, float]] = []

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.queries += 1
        return execute(*args)

    def after(self, batch: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*args: Any, **options: Any) -> Any:
            before = self.queries
            answer = batch(*args, **options)
            self.batches.append((self.queries - before, megabytes()))
            return answer

        return measured


def megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def timed(work: Callable[[], int]) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    return {"count": work(), "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}


def main(batch: int) -> None:
    assert get_resolver().url_patterns
    plan.PEOPLE_PER_BATCH = send.ROWS_PER_CLAIM = batch
    making, sending = Gauge(), Gauge()
    plan.candidates = making.after(plan.candidates)
    plan.Making.make = making.after(plan.Making.make)  # type: ignore[method-assign]
    send.Desk.__init__ = sending.after(send.Desk.__init__)  # type: ignore[method-assign]
    vars(send)["send_claimed"] = sending.after(delivery.send_claimed)
    with connection.execute_wrapper(making):
        made = timed(lambda: plan.plan_due(timezone.now()))
    with connection.execute_wrapper(sending):
        sent = timed(lambda: send.deliver_digests().sent)
    told = {"made": made, "making": making.batches, "sent": sent, "sending": sending.batches}
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
