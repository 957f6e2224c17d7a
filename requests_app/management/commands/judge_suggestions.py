"""Says how good suggestions are: `manage.py judge_suggestions tickets.csv.gz --text text --answer topic`."""

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from requests_app.models import Lesson
from requests_app.triage.learning import judge
from requests_app.triage.suggesting import taught

# A row of a file that is longer than this is no text that somebody has written.
LONGEST_CELL = 10_000_000


class Command(BaseCommand):
    help = (
        "Learns from four fifths of the portal's requests, or of a CSV file, and answers the last fifth: how "
        "often that was right, and how often the most frequent answer would have been. One JSON line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a CSV file; .gz is read as well")
        parser.add_argument("--text", default="text", help="the column with the text")
        parser.add_argument("--answer", default="topic", help="the column with the answer")
        parser.add_argument("--random-seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        seed = options["random_seed"]
        if options["file"] is None:
            told = {kind: asdict(judge(list(taught(kind)), seed=seed)) for kind in Lesson.Kind.values}
            self.stdout.write(json.dumps(told))
            return
        rows = list(_rows(options["file"], options["answer"], options["text"]))
        self.stdout.write(json.dumps(asdict(judge(rows, seed=seed))))


def _rows(path: Path, answer: str, text: str) -> Iterator[tuple[str, str]]:
    csv.field_size_limit(LONGEST_CELL)
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in (answer, text) if name not in (reader.fieldnames or ())]
            if missing:
                raise CommandError(_("The file has no column %(name)s.") % {"name": missing[0]})
            for row in reader:
                yield row[answer] or "", row[text] or ""
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(_("The file cannot be read: %(why)s") % {"why": error}) from error
