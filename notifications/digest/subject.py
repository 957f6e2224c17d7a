"""The news of a digest in one line: its heading and the subject of its mail."""

from collections.abc import Mapping, Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.digest.sheet import DECIDED, DELIVERED, PARKED, YOUR_TURN, Section
from notifications.digest.weeks import Week
from notifications.news import one_line

# A mail program's list shows about so much.
TITLE_SHOWN = 40
PARTS = 2


def news(week: Week, sections: Sequence[Section], name: str = "") -> str:
    """What waits for the reader, what was decided and delivered: the first two of these that there are.

    What there is one of, is named by its title. With ``name`` it is the week of a team or the company.
    """
    by_slug = {section.slug: section for section in sections}
    said = [words for part in (_waits, _decided, _delivered) if (words := part(by_slug))]
    if name:
        text = ", ".join(said[:PARTS]) or _("nothing was decided or delivered")
        return _("%(name)s, week %(week)d: %(news)s") % {"name": name, "week": week.number, "news": text}
    text = ", ".join(said[:PARTS]) or _("nothing waits for you")
    return _("Your week %(week)d: %(news)s") % {"week": week.number, "news": text}


def _waits(sections: Mapping[str, Section]) -> str:
    count, title = _of(sections, YOUR_TURN)
    if title:
        return _("“%(title)s” waits for you") % {"title": title}
    words = ngettext("%(count)d request waits for you", "%(count)d requests wait for you", count)
    return words % {"count": count} if count else ""


def _decided(sections: Mapping[str, Section]) -> str:
    count, title = _of(sections, DECIDED, PARKED)
    if title:
        return _("“%(title)s” is decided") % {"title": title}
    return ngettext("%(count)d decision", "%(count)d decisions", count) % {"count": count} if count else ""


def _delivered(sections: Mapping[str, Section]) -> str:
    count, title = _of(sections, DELIVERED)
    if title:
        return _("“%(title)s”: delivered or measured") % {"title": title}
    words = ngettext("%(count)d delivered or measured", "%(count)d delivered or measured", count)
    return words % {"count": count} if count else ""


def _of(sections: Mapping[str, Section], *slugs: str) -> tuple[int, str]:
    """How many rows these sections have; where it is one, its title."""
    found = [sections[slug] for slug in slugs if slug in sections]
    count = sum(section.total for section in found)
    row = next((row for section in found for row in section.rows), None)
    title = Truncator(one_line(row.title)).chars(TITLE_SHOWN) if row and count == 1 else ""
    return count, title
