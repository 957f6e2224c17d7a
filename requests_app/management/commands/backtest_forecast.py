"""Says again what forecasts would have said: `manage.py backtest_forecast --from 2016-03-28`."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity import clock
from requests_app.forecast.backtest import backtest, total_of
from requests_app.forecast.reading import record_of_all
from teams.company import portal_zone
from teams.models import Side, Team


def day(text: str) -> date:
    """A date as ``2016-03-28``."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = (
        "For each Monday of the range: what the forecast would have said of each open request, with only "
        "what was known then, and what came. Prints one line of JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", metavar="SLUG", help="judges this team alone; it borrows all the same")
        parser.add_argument("--from", type=day, metavar="DATE", dest="first", help="such as 2016-03-28")
        parser.add_argument("--to", type=day, metavar="DATE", dest="last")

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["first"], options["last"]
        if first and last and first > last:
            raise CommandError(_("The range ends before it begins."))
        team = _team(options["team"]) if options["team"] else None
        found = backtest(
            record_of_all(limit=None),
            portal_zone(),
            clock.now(),
            first=first,
            last=last,
            teams=None if team is None else {team},
        )
        tally = total_of(found.values())
        if tally.pending:
            words = ngettext(
                "%(count)d date has not come yet; it counts as not given.",
                "%(count)d dates have not come yet; they count as not given.",
                tally.pending,
            )
            self.stderr.write(words % {"count": tally.pending})
        self.stdout.write(json.dumps({name: asdict(level) for name, level in tally.levels.items()}))


def _team(slug: str) -> int:
    team = Team.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if team is None:
        known = ", ".join(
            Team.objects.filter(side=Side.IT).order_by("slug").values_list("slug", flat=True)[:40]
        )
        words = _("There is no team “%(slug)s”. There are: %(known)s.")
        raise CommandError(words % {"slug": slug, "known": known or "–"})
    return int(team)
