from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from portal.demo.build import build
from teams.models import Company


class Command(BaseCommand):
    help = "Fills an empty demo with a company's twelve weeks; does nothing where one exists."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data and its well-known accounts belong to `make demo` alone.")
        if Company.objects.exists():
            self.stdout.write("The demo's data is there.")
            return
        with transaction.atomic():
            requests = build(timezone.now())
        self.stdout.write(f"Demo data: {requests} requests")
