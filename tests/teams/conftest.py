"""What the tests of this room share."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from teams.rules import RuleViolation

AtOnce = Callable[..., list[str]]


@pytest.fixture
def at_once(transactional_db: None) -> AtOnce:
    """Runs changes at the same time; gives "done" or the code of the refusal for each."""

    def run_all(*changes: Callable[[], object]) -> list[str]:
        found = [""] * len(changes)
        start = threading.Barrier(len(changes))

        def run(n: int) -> None:
            start.wait()
            try:
                changes[n]()
                found[n] = "done"
            except RuleViolation as violation:
                found[n] = violation.missing[0].code
            except Exception as error:
                found[n] = type(error).__name__
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(n,)) for n in range(len(changes))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    return run_all
