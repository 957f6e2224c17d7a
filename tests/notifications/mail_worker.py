"""A worker process that sends until nothing is left: ``python -m … SECONDS [no-lease]``.

SECONDS is the length of a lease. With ``no-lease`` rows are taken as if the mechanism did not exist.
It greets the mail server by its own number.
"""

import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.mail.utils import DNS_NAME  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from notifications import delivery, inbox, leases  # noqa: E402
from notifications.models import Channel, Delivery, State  # noqa: E402


def claim_without_lease(channels: Sequence[Channel], size: int, **_options: Any) -> leases.Claim:
    due = Delivery.objects.filter(state=State.WAITING, channel__in=channels).order_by("due_at", "id")
    rows = list(due.select_related("event__actor", "person")[:size])
    return leases.Claim(uuid4(), rows, leases.LEASE)


def finish_without_lease(
    claim: leases.Claim, rows: Sequence[Delivery], state: State, error: str = ""
) -> bool:
    ended = {"state": state, "finished_at": rows[0].due_at if rows else None, "last_error": error}
    return bool(Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(**ended))


def switch_lease_off() -> None:
    off = {
        "claim": claim_without_lease,
        "renew": lambda claim, rows: list(rows),
        "finish": finish_without_lease,
        "release": lambda claim: None,
    }
    for name, function in off.items():
        setattr(leases, name, function)


def work(lease: timedelta) -> None:
    # A worker that runs for a while has it long since; reading it may take as long as the short lease.
    assert get_resolver().url_patterns
    while Delivery.objects.filter(state=State.WAITING).exists():
        inbox.deliver_inbox_batch(50)
        if not delivery.deliver_mail(50, lease=lease, size=10).total:
            # What a killed worker held comes free when its lease ends.
            time.sleep(0.2)


if __name__ == "__main__":
    DNS_NAME._fqdn = f"worker-{os.getpid()}"
    if "no-lease" in sys.argv:
        switch_lease_off()
    work(timedelta(seconds=float(sys.argv[1])))
