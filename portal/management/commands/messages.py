from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import translations


class Command(BaseCommand):
    help = "Updates, checks or compiles the German catalogue."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["update", "check", "compile"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        {"update": self.update, "check": self.examine, "compile": self.compile}[action]()

    def update(self) -> None:
        missing = translations.update()
        self.stdout.write(f"{translations.CATALOGUE}: {missing} texts lack their German")

    def examine(self) -> None:
        defects = translations.defects()
        if defects:
            raise CommandError("\n".join([*defects, "Mend with: manage.py messages update"]))
        self.stdout.write("Translations are complete.")

    def compile(self) -> None:
        self.stdout.write(f"{translations.compile_catalogue().name} is fresh")
