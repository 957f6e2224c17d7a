from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import frontend


class Command(BaseCommand):
    help = "Makes styles, scripts, fonts and icons ready under var/frontend/."
    # It runs before anything else is set up, and needs nothing of it.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(frontend.build())
        except frontend.FrontEndMissing as missing:
            raise CommandError(str(missing)) from None
