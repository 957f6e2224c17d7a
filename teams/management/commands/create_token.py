"""`manage.py create_token E-MAIL --name NAME --scope read|write`: a new API token, printed once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from activity import log
from activity.models import Origin
from teams.management.words import refusals_as_errors
from teams.models import ApiToken, Person
from teams.tokens import create_token


class Command(BaseCommand):
    help = "Print a new API token once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--name", required=True)
        parser.add_argument("--scope", required=True, choices=ApiToken.Scope.values)

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=options["email"].strip()).first()
        if person is None:
            raise CommandError(f"Nobody has an account with the address {options['email']}.")
        with log.origin(Origin.COMMAND), refusals_as_errors():
            made = create_token(person, options["name"], options["scope"], by=None)
        self.stdout.write(made.secret)
