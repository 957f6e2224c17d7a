"""What a card's look follows from, and how it is drawn."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activity import clock
from activity.times import DAY, day_words, short_age
from requests_app.boards.board import Card, Seat
from requests_app.boards.facts import NOTHING_KNOWN, Facts
from requests_app.choices import Turn
from requests_app.forecast.load import AGEING
from requests_app.forecast.on_boards import warning
from requests_app.templatetags.request_words import amount

register = template.Library()

TURN_CLASSES = {Turn.MARKETING: "mk", Turn.IT: "it"}
LONGEST_REASON = 200
# The dial is drawn in steps of five, the age in tenths.
DIAL_STEP, AGE_STEPS = 5, 10


@register.simple_tag(name="cards")
def drawn(cards: Iterable[Card], facts: Facts = NOTHING_KNOWN) -> SafeString:
    """The cards of a column, each a list item.

    Not a template: a board shows 300 cards, and from a template they took half of its time.
    """
    pen = Pen(facts)
    return mark_safe("".join(pen.card(card) for card in cards))  # noqa: S308 - each text is escaped by the pen


def told_parts() -> dict[str, str]:
    """The words that the parts of cards carry as their title, by the selector of the part.

    The page's script puts them there: sent with each card they were a tenth of the page.
    """
    return {
        "var[class]": _("Impact"),
        "var:not([class])": pgettext("dimension", "Effort"),
        ".m:empty": _("Marketing's seat is empty"),
        ".t:empty": _("IT's seat is empty"),
        ".ov": _("Started although the column was full"),
        ".late u": _("Will hardly be done by then"),
        ".soon u": _("At risk"),
    }


class Pen:
    """Draws cards; holds what is the same on all of them. Every byte is sent 300 times.

    Hence values without quotes where they need none, and no closing tag where HTML asks for none.
    """

    def __init__(self, facts: Facts = NOTHING_KNOWN) -> None:
        self.facts = facts
        self.now = clock.now()
        self.today = timezone.localdate(self.now)
        self.turns = {side.value: f"<em>{escape(str(side.label))}</em>" for side in TURN_CLASSES}
        self.no_goal = f"<p class=ng>{escape(_('no goal'))}</p>"

    def card(self, card: Card) -> str:
        """The card's HTML."""
        warns = warning(card, self.today, self.facts.teams.get(card.team or 0))
        lane = _lane(self.facts.lanes.get(card.number))
        return (
            f"<li data-n={card.number} data-v={card.version} data-r={escape(card.rank)}"
            f"{lane}{_classes(self.classes(card, warns))}>"
            f"<b{' class=ov' if card.over_wip else ''}>{card.key}</b>{self.turns.get(card.turn, '')}"
            f"<time>{escape(short_age(card.status_since, self.now))}</time>"
            f"<a href=/requests/{card.number}/>{escape(card.title)}</a>"
            f"{_part('p', card.goal) if card.goal else self.no_goal}"
            f"{_face('m', card.marketing_owner)}{_face('t', card.it_owner)}"
            f"{self.scores(card)}{self.deadline(card)}{self.talk(card)}"
            f"{_part('strong', Truncator(card.blocked_reason).chars(LONGEST_REASON) if card.blocked else '')}"
        )

    def classes(self, card: Card, warns: str) -> str:
        """Whose turn it is, how the deadline stands, how old it is, whether it is blocked or restricted."""
        names = (
            TURN_CLASSES.get(Turn(card.turn), ""),
            warns,
            self.age(card),
            "bl" if card.blocked else "",
            "lock" if card.restricted else "",
        )
        return " ".join(filter(None, names))

    def age(self, card: Card) -> str:
        """In tenths of what counts as old in the column, "old" from there on; "" where nothing does."""
        old = self.facts.old_after(card.status, card.team)
        if old is None or card.status not in AGEING:
            return ""
        days = (self.now - card.status_since).total_seconds() / DAY
        return "old" if days >= old else f"a{int(AGE_STEPS * max(days, 0) / old)}"

    def deadline(self, card: Card) -> str:
        return _part("u", day_words(card.deadline, self.now) if card.deadline else "")

    def talk(self, card: Card) -> str:
        """Open questions, and those who need the same, where there are any."""
        asked = ngettext("%(count)d open question", "%(count)d open questions", card.questions)
        need = ngettext("%(count)d needs the same", "%(count)d need the same", card.supporting)
        return _count("sup", card.questions, asked) + _count("sub", card.supporting, need)

    def scores(self, card: Card) -> str:
        """Impact and effort, once both sides have scored."""
        if card.difference is None:
            return ""
        part = round(card.difference / DIAL_STEP)
        return f"<var class=d{part}>{card.difference}</var><var>{amount(card.effort)}</var>"


def _classes(names: str) -> str:
    return f' class="{names}"' if " " in names else f" class={names}" if names else ""


def _lane(key: str | None) -> str:
    return f' data-l="{escape(key)}"' if key else ""


def _part(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""


def _count(tag: str, count: int, words: str) -> str:
    return f'<{tag} title="{escape(words % {"count": count})}">{count}</{tag}>' if count else ""


def _face(side: str, seat: Seat | None) -> str:
    """The holder's initials; nothing in an empty seat."""
    if seat is None:
        return f"<i class={side}></i>"
    return f'<i class={side} title="{escape(seat.name)}">{escape(seat.initials)}</i>'
