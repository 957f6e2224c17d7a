"""Writes all requests to standard output: `manage.py export_requests [--format csv|json]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from requests_app.lists.export import json_of, plain_csv_of
from requests_app.models import Request


class Command(BaseCommand):
    help = (
        "Writes every request but drafts to standard output, restricted ones too: the operator, who has the "
        "database, sees everything. Fields are named as in the API."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Request.objects.submitted().order_by("number")
        pieces = json_of(rows, None) if options["format"] == "json" else plain_csv_of(rows)
        for piece in pieces:
            self.stdout.write(piece, ending="")
