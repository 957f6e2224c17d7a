from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from activity import clock
from notifications.digest.send import send_due_digests
from notifications.digest.weeks import Week, last_finished_week
from teams.models import Person
from teams.zones import company, zone_of


class Command(BaseCommand):
    help = "Sends the weekly digests that are due. Nobody gets the same week twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", metavar="2026-W47", help="only the digest of this week")
        parser.add_argument("--to", metavar="E-MAIL", help="only to this person")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now, week, to = clock.now(), _week(options["week"]), _person(options["to"])
        if options["dry_run"]:
            self.stdout.write('Dry run: nothing is sent; "sent" counts what would be.')
        if week is not None:
            self._explain(week, last_finished_week(now, zone_of(to or Person(), company())))
        outcome = send_due_digests(now, week, to, options["dry_run"])
        self.stdout.write(
            f"sent {outcome.sent}, already sent {outcome.already_sent},"
            f" skipped {outcome.skipped}, failed {outcome.failed}"
        )

    def _explain(self, week: Week, finished: Week) -> None:
        if week > finished:
            self.stdout.write(f"{week.key} is not finished yet; its digest cannot be sent before it is.")
        elif week < finished:
            self.stdout.write(
                f"{week.key} is over; only {finished.key}, the last finished week, can be sent."
            )


def _week(key: str | None) -> Week | None:
    try:
        return Week.parse(key) if key else None
    except ValueError as error:
        raise CommandError(str(error)) from error


def _person(email: str | None) -> Person | None:
    if not email:
        return None
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"nobody here has the e-mail address {email}")
    return person
