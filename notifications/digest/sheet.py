"""The parts of a digest in words: rows, sections, the whole sheet. Nothing but text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.digest.weeks import Week
from requests_app.models import Request

# The sections that are counted at the top.
FIGURES = ("delivered", "decided", "stalled")
YOUR_TURN, DECIDED, DELIVERED, PARKED = "your_turn", "decided", "delivered", "parked"


@dataclass(frozen=True)
class Row:
    """One line: a request, what is to be said about it, a reason, whose turn it is, what the button says.

    Of a goal also how far it has come, in whole percent from 0 to 100, and how much of its time has passed.

    Nothing but text, so that two rows that read the same are the same for whoever keeps drawn ones.
    """

    key: str
    title: str
    path: str
    line: str
    quote: str = ""
    side: str = ""
    side_name: str = ""
    action: str = ""
    # Where the button leads, where that is not the thing's own page.
    step: str = ""
    percent: int | None = None
    wanted: int | None = None
    # What the bar shows, in words.
    reach: str = ""

    @property
    def action_path(self) -> str:
        """Where the button leads; it says where one comes from, so that it can be counted."""
        path, mark, place = (self.step or self.path).partition("#")
        return f"{path}{'&' if '?' in path else '?'}from=digest{mark}{place}"


@dataclass(frozen=True)
class Section:
    """A heading with rows; ``more`` counts those that are not listed.

    ``word`` is what a lead has to say first, ``note`` what stands below: a sum of the rows.
    """

    slug: str
    heading: str
    rows: Sequence[Row]
    more: int = 0
    word: str = ""
    note: str = ""

    @property
    def total(self) -> int:
        return len(self.rows) + self.more

    @property
    def counted(self) -> str:
        """The heading, with how many there are where not all are listed."""
        if not self.rows or not self.more:
            return self.heading
        words = {"heading": self.heading, "shown": len(self.rows), "total": self.total}
        return _("%(heading)s (%(shown)d of %(total)d)") % words

    @property
    def more_words(self) -> str:
        return ngettext("and %(count)d more", "and %(count)d more", self.more) % {"count": self.more}

    @property
    def closing(self) -> str:
        """What stands below the rows."""
        return " · ".join(part for part in (self.more_words if self.more else "", self.note) if part)


@dataclass(frozen=True)
class Figure:
    number: int
    label: str


@dataclass(frozen=True)
class Sheet:
    """The whole digest for one reader, in the active language and zone."""

    week: Week
    subject: str
    heading: str
    period: str
    figures: Sequence[Figure]
    sections: Sequence[Section]
    # What moved elsewhere, or that nothing did.
    others: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.sections

    @property
    def path(self) -> str:
        return reverse("notifications:digest", args=[self.week.key])


def some(
    slug: str, heading: str, rows: Sequence[Row], total: int, word: str = "", note: str = ""
) -> list[Section]:
    """A section of ``total`` rows of which ``rows`` are listed; none where there is nothing to say."""
    if not rows and not word:
        return []
    return [Section(slug, heading, rows, max(total - len(rows), 0), word, note)]


def request_row(request: Request, line: str, **more: Any) -> Row:
    """The row of a request that its reader may see; where it is open and serves no goal, it says so."""
    if request.is_open and request.goal_id is None:
        line = f"{line} · {_('no goal')}"
    return Row(request.key, request.title, request.get_absolute_url(), line, **more)


def day_words(day: date | datetime | None) -> str:
    """A day as people say it, in the reader's zone."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return date_format(day, "MONTH_DAY_FORMAT") if day else ""


def day_of(moment: str) -> str:
    """The day of a moment that was kept as text."""
    return day_words(datetime.fromisoformat(moment)) if moment else ""


def reach_words(percent: int | None, wanted: int | None) -> str:
    """How far something has come, and how much of its time has passed; nothing where nobody measured."""
    if percent is None:
        return ""
    said = _("%(percent)s %% of the way") % {"percent": percent}
    passed = _("%(wanted)s %% of the time") % {"wanted": wanted} if wanted is not None else ""
    return f"{said}, {passed}" if passed else said
