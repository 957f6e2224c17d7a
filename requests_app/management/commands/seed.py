"""Bulk synthetic data for measuring: `manage.py seed --requests 100000 --people 500`."""

import random
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from activity import clock, log
from activity.models import Origin
from requests_app import vocabulary
from requests_app.models import Request
from requests_app.seeding.people import MAIL_DOMAIN, seed_company
from requests_app.seeding.requests import Maker
from requests_app.seeding.talk import MOST_EACH, add_talk
from requests_app.seeding.texts import read_phrases

# Requests a transaction; its rows are in memory at once, about 60 MB.
BATCH = 10_000
ANALYZED = ("teams", "knowhow", "requests_app", "activity")


class Command(BaseCommand):
    help = (
        "Writes bulk synthetic data for measuring. Refused where real people have filed requests: "
        "it is meant for an empty database, the demo, tests and measurements. Seeded people cannot sign in. "
        "Nobody is told of anything. A second run adds to the first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--requests", type=int, required=True)
        parser.add_argument("--people", type=int, required=True, help="at least 20")
        parser.add_argument("--comments", type=int, default=0, help="about so many in all")
        parser.add_argument("--random-seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["requests"] < 1 or options["people"] < 20:
            raise CommandError(_("Name at least 1 request and 20 people."))
        _refuse_real_installation()
        if options["comments"] > MOST_EACH * options["requests"]:
            raise CommandError(_("So many comments need more requests."))
        began = time.monotonic()
        phrases = read_phrases(Path(settings.BASE_DIR).parent / "shared" / "data")
        # What is there already belongs to the seed, or a second run would make the same choices again.
        there = Request.objects.count()
        last = Request.objects.order_by("number").values_list("number", flat=True).last() or 0
        chance = random.Random(f"{options['random_seed']}:{there}")  # noqa: S311
        with log.origin(Origin.COMMAND):
            with transaction.atomic():
                company = seed_company(options["people"], phrases, chance, clock.now())
            for done in range(0, options["requests"], BATCH):
                count = min(BATCH, options["requests"] - done)
                Maker(company, phrases, chance, clock.now()).write(count)
            add_talk(options["comments"], phrases, above=last)
        vocabulary.recount()
        _analyze()
        words = _("%(requests)d requests and %(people)d people in %(seconds).1f s")
        told = {"requests": options["requests"], "people": options["people"]}
        self.stdout.write(words % {**told, "seconds": time.monotonic() - began})


def _refuse_real_installation() -> None:
    if settings.DEMO:
        return
    real = Request.objects.exclude(requester__email__endswith=f"@{MAIL_DOMAIN}")
    if real.exclude(requester__is_demo=True).exists():
        raise CommandError(_("Here are requests of real people; synthetic ones would mix with them."))


def _analyze() -> None:
    """Without fresh statistics the database would plan for empty tables."""
    tables = [name for name in connection.introspection.table_names() if name.startswith(ANALYZED)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ANALYZE "{table}"')
