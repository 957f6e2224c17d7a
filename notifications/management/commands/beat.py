import signal
import sys
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand

from notifications.beat import run


class Command(BaseCommand):
    help = "Rings for waiting work every few seconds; of several that are started one is active."

    def handle(self, *args: Any, **options: Any) -> None:
        # Ended in order it says goodbye, so that nobody misses it.
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        run(current_app)
