"""`manage.py create_admin E-MAIL`: the first administrator of a real installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from activity import log
from activity.models import Origin
from teams.invitations import invite
from teams.management.words import refusals_as_errors


class Command(BaseCommand):
    help = "Print a one-time sign-in link for a new administrator, valid for 24 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        with log.origin(Origin.COMMAND), refusals_as_errors():
            invited = invite(options["email"], as_admin=True, by=None)
        self.stderr.write("Open this link within 24 hours to choose name and password; it works once:")
        self.stdout.write(invited.url)
