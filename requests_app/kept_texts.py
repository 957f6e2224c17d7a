"""What saved replies and templates of requests have in common: who keeps them, and how a text is written."""

from typing import Any

from django.db import IntegrityError, transaction

from activity import clock
from requests_app.models import RequestTemplate, SavedReply
from teams.models import Person
from teams.rules import Missing, RuleViolation, StaleVersion


def require_keeper(may_keep: bool, words: str) -> None:
    """:raises RuleViolation: ``not_yours`` with ``words``, for who may not keep them."""
    if not may_keep:
        raise RuleViolation([Missing("not_yours", words)])


def write(
    row: SavedReply | RequestTemplate,
    changes: dict[str, Any],
    by: Person,
    *,
    taken: RuleViolation | StaleVersion,
) -> None:
    """Write ``changes`` into ``row``, held or new, and who made them.

    ``taken`` is raised where the database has another one in its place meanwhile.
    """
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at, row.changed_by = clock.now(), by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise taken from error
