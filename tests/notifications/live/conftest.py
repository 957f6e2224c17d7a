"""What the tests of streams share."""

from collections.abc import Iterator
from threading import Barrier

import pytest
from django.db import connections

from notifications.live import endpoint, hub
from notifications.live.hub import Hub
from tests.notifications.live.browser import LIMIT


@pytest.fixture
def own_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
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
