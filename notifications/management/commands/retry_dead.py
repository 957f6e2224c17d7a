from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notifications.leases import retry_dead
from notifications.models import Delivery, State


class Command(BaseCommand):
    help = "Tries again what was given up. Last line: retried N."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", action="store_true", help="only show what was given up, and why")

    def handle(self, *args: Any, **options: Any) -> None:
        dead = Delivery.objects.filter(state=State.DEAD)
        if options["list"]:
            for row in dead.select_related("person").order_by("finished_at").iterator():
                self.stdout.write(
                    f"{row.finished_at:%Y-%m-%d %H:%M} {row} {row.person.email} {row.last_error}"
                )
            return
        self.stdout.write(f"retried {retry_dead(dead)}")
