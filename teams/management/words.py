"""How a command tells that a rule refused it: one line, exit 1."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from teams.rules import RuleViolation


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """Turn a refused rule into the error of a command."""
    try:
        yield
    except RuleViolation as violation:
        raise CommandError(" ".join(str(missing.message) for missing in violation.missing)) from violation
