"""How a button's change is answered: it happened, or it says why not."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from teams.rules import RuleViolation


def attempt(request: HttpRequest, change: Callable[[], object], done: str | Promise) -> bool:
    """Whether ``change`` was made; either way the next page says so."""
    try:
        change()
    except RuleViolation as violation:
        for missing in violation.missing:
            messages.error(request, str(missing.message))
        return False
    messages.success(request, str(done))
    return True
