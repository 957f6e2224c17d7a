"""What a card's look follows from."""

from datetime import date, timedelta

from django import template
from django.utils import timezone

from activity import clock
from requests_app.boards.board import Card
from requests_app.choices import OPEN, Turn

register = template.Library()

TURN_CLASSES = {Turn.MARKETING: "mk", Turn.IT: "it"}
SOON = timedelta(days=14)


@register.filter
def card_classes(card: Card) -> str:
    """Whose turn it is, how the deadline stands, whether it is blocked or restricted."""
    names = [TURN_CLASSES.get(Turn(card.turn), ""), deadline_class(card, today())]
    names += ["bl"] if card.blocked else []
    names += ["lock"] if card.restricted else []
    return " ".join(filter(None, names))


def deadline_class(card: Card, on: date) -> str:
    """ "late" after the deadline of open work, "soon" in the two weeks before it."""
    if card.deadline is None or card.status not in OPEN:
        return ""
    if card.deadline < on:
        return "late"
    return "soon" if card.deadline <= on + SOON else ""


def today() -> date:
    """The date in the reader's zone."""
    return timezone.localdate(clock.now())


@register.filter
def turn_word(turn: str) -> str:
    """The side's name; nothing where it is nobody's turn."""
    return str(Turn(turn).label) if turn in TURN_CLASSES else ""
