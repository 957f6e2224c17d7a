"""What the tests of streams share."""

from collections.abc import Iterator
from threading import Barrier

import pytest
from django.db import connections

from activity import bell, broadcast
from notifications.live import endpoint, hub
from notifications.live.hub import Hub
from tests.notifications.live.browser import LIMIT


@pytest.fixture
def patient_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bell rings however long a loaded machine takes; what it does without Redis has tests of its own."""
    monkeypatch.setattr(broadcast, "WAITS_SECONDS", LIMIT)
    patient = broadcast.client.__wrapped__()
    monkeypatch.setattr(broadcast, "client", lambda: patient)
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    monkeypatch.setattr(bell, "SILENCE_SECONDS", 0.0)


@pytest.fixture
def own_hub(patient_redis: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub of the test's own, whose threads and their connections end with it."""
    fresh = Hub()
    monkeypatch.setattr(endpoint, "hub", fresh)
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.2)
    yield fresh
    together = Barrier(2)

    def close() -> None:
        # Both threads close theirs: none takes the other's turn.
        together.wait(LIMIT)
        connections.close_all()

    for closing in [fresh._threads.submit(close) for _ in range(2)]:
        closing.result()
    fresh._threads.shutdown()
