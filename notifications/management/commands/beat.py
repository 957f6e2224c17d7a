import signal
import sys
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError

from notifications.beat import LockLost, OneBeat, run


class Command(BaseCommand):
    help = "Rings for waiting work every few seconds; of several that are started one is active."

    def handle(self, *args: Any, **options: Any) -> None:
        # Ended in order it says goodbye, so that nobody misses it.
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        lock = OneBeat()
        try:
            run(current_app, lock)
        except LockLost as error:
            raise CommandError(f"the database connection that held the lock is gone ({error})") from error
        finally:
            lock.close()
