"""What a card's look follows from, and how it is drawn."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activity import clock
from activity.times import day_words, short_age
from requests_app.boards.board import Card, Seat
from requests_app.choices import OPEN, Turn
from requests_app.templatetags.request_words import amount

register = template.Library()

TURN_CLASSES = {Turn.MARKETING: "mk", Turn.IT: "it"}
SOON = timedelta(days=14)
LONGEST_REASON = 80


@register.simple_tag(name="cards")
def drawn(cards: Iterable[Card]) -> SafeString:
    """The cards of a column, each a list item.

    Not a template: a board shows 300 cards, and from a template they took half of its time.
    """
    pen = Pen(clock.now())
    return mark_safe("".join(pen.card(card) for card in cards))  # noqa: S308 - each text is escaped by the pen


class Pen:
    """Draws cards; holds what is the same on all of them. Every byte is sent 300 times."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = timezone.localdate(now)
        self.turns = {side.value: f"<em>{escape(str(side.label))}</em>" for side in TURN_CLASSES}
        self.impact, self.effort = escape(_("Impact")), escape(pgettext("dimension", "Effort"))
        self.no_marketer = escape(_("Marketing's seat is empty"))
        self.no_it_owner = escape(_("IT's seat is empty"))

    def card(self, card: Card) -> str:
        """The card's HTML."""
        return (
            f'<li data-n="{card.number}" data-v="{card.version}" class="{card_classes(card, self.today)}">'
            f"<b>{card.key}</b>{self.turns.get(card.turn, '<i></i>')}"
            f"<time>{escape(short_age(card.status_since, self.now))}</time>"
            f'<a href="/requests/{card.number}/">{escape(card.title)}</a>'
            f"{_part('p', card.goal or '')}"
            f"<span>{_face('m', card.marketing_owner, self.no_marketer)}"
            f"{_face('t', card.it_owner, self.no_it_owner)}</span>"
            f"{self.scores(card)}"
            f"{_part('u', day_words(card.deadline, self.now) if card.deadline else '')}"
            f"{_part('strong', Truncator(card.blocked_reason).chars(LONGEST_REASON) if card.blocked else '')}"
            "</li>"
        )

    def scores(self, card: Card) -> str:
        """Impact and effort, once both sides have scored."""
        if card.difference is None:
            return ""
        return (
            f'<var title="{self.impact}">{card.difference}</var>'
            f'<var title="{self.effort}">{amount(card.effort)}</var>'
        )


def _part(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""


def _face(side: str, seat: Seat | None, empty: str) -> str:
    """The holder's initials; ``empty`` is escaped already."""
    if seat is None:
        return f'<i class="{side}" title="{empty}"></i>'
    return f'<i class="{side}" title="{escape(seat.name)}">{escape(seat.initials)}</i>'


def card_classes(card: Card, today: date) -> str:
    """Whose turn it is, how the deadline stands, whether it is blocked or restricted."""
    names = (
        TURN_CLASSES.get(Turn(card.turn), ""),
        deadline_class(card, today),
        "bl" if card.blocked else "",
        "lock" if card.restricted else "",
    )
    return " ".join(filter(None, names))


def deadline_class(card: Card, on: date) -> str:
    """ "late" after the deadline of open work, "soon" in the two weeks before it."""
    if card.deadline is None or card.status not in OPEN:
        return ""
    if card.deadline < on:
        return "late"
    return "soon" if card.deadline <= on + SOON else ""
