"""What a chat channel can be told of, in a few groups that a team chooses from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.audience import ANSWERED, ASKED, COMMENTED, DECISIONS, OUTCOME, SUBMITTED, UNDONE


class Kind(models.TextChoices):
    NEW = "new", _("New requests")
    DECISIONS = "decisions", _("Decisions and their reasons")
    WORK = "work", _("Work: started, blocked, handed over, delivered")
    QUESTIONS = "questions", _("Questions to a side and their answers")
    COMMENTS = "comments", _("Comments")
    RESULTS = "results", _("What delivered requests have achieved")


_WORK = ("shaped", "started", "blocked", "unblocked", "handed_over", "sent_back", "delivered", "reopened")
_EVENTS: dict[str, frozenset[str]] = {
    Kind.NEW: frozenset({SUBMITTED}),
    Kind.DECISIONS: DECISIONS | {"request.rethought", "request.reconsidered", "request.withdrawn"},
    Kind.WORK: frozenset(f"request.{word}" for word in _WORK),
    Kind.QUESTIONS: frozenset({ASKED, ANSWERED}),
    Kind.COMMENTS: frozenset({COMMENTED}),
    Kind.RESULTS: OUTCOME,
}
KIND_OF = {event: kind for kind, events in _EVENTS.items() for event in events}


def is_told(event_kind: str) -> bool:
    """Whether any chat channel can be told of events of this kind; taking a step back only where it was."""
    return event_kind in KIND_OF and event_kind != UNDONE
