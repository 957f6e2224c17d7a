"""Imports requests from a file: `manage.py import_requests FILE --format csv|servicenow --team SLUG`."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from requests_app import vocabulary
from requests_app.importing.mapping import read_mapping
from requests_app.importing.problems import FileRefused
from requests_app.importing.run import FORMATS, Report, import_file

BAR = 40


class Command(BaseCommand):
    help = "Imports requests with their history; nobody is told of them. A second time creates nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV; may be compressed with gzip")
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument("--team", required=True, metavar="SLUG", help="the IT team that serves them")
        parser.add_argument(
            "--team-column", default="", metavar="COLUMN", help="each value of it becomes an IT team"
        )
        parser.add_argument("--mapping", type=Path, metavar="FILE", help='JSON {"field": "header"}')
        parser.add_argument("--dry-run", action="store_true", help="writes nothing, only tells")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = import_file(
                options["file"],
                options["format"],
                team_slug=options["team"],
                team_column=options["team_column"],
                mapping=read_mapping(options["mapping"]),
                dry_run=options["dry_run"],
                report=Report(self._failed, self._progress),
            )
        except FileRefused as refused:
            raise CommandError(str(refused)) from None
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was written."))
        else:
            vocabulary.recount()
        self.stdout.write(str(counts))

    def _failed(self, row: int, reason: str) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        self.stdout.write(_("row %(row)d: %(reason)s") % {"row": row, "reason": reason})

    def _progress(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        full = BAR * done // max(total, 1)
        bar = f"\r[{'#' * full}{' ' * (BAR - full)}] {done} / {total}"
        self.stderr.write(bar, ending="\n" if done >= total else "")
        self.stderr.flush()
