"""Goals that moved, with how far they have come, and briefs that nobody has looked at for long."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activity.models import Event
from notifications.digest.goal_facts import CHECKED_IN, CLOSED, CREATED, EDITED, JUDGED
from notifications.digest.goal_shelf import GoalShelf
from notifications.digest.select import Selection
from notifications.digest.sheet import Row, Section, day_of, day_words, reach_words, some
from notifications.digest.shelf import Pen
from teams.goals.health import expected, percent
from teams.models import Health, KeyResult

LONGEST_QUOTE = 240


def sections(selection: Selection, pen: Pen) -> list[Section]:
    """The goals that moved and the briefs to look at again; each only where there are some."""
    moved = [row for row in selection.goals[: pen.most] if row["goal"] in pen.shelf.goals.goals]
    unseen = [row for row in selection.unseen[: pen.most] if row["brief"] in pen.shelf.goals.briefs]
    return [
        *some(
            "goals",
            _("Goals that moved"),
            [_once(pen, _moved_row, row, (row["goal"], *row["events"])) for row in moved],
            len(moved) + max(len(selection.goals) - pen.most, 0),
        ),
        *some(
            "unseen",
            _("Explained long ago: still true?"),
            [_once(pen, _unseen_row, row, (row["brief"], row["since"])) for row in unseen],
            len(unseen) + max(len(selection.unseen) - pen.most, 0),
        ),
    ]


def _once(pen: Pen, draw: Callable[[dict[str, Any], GoalShelf], Row], row: dict[str, Any], key: Any) -> Row:
    return pen.once((draw, key), partial(draw, row, pen.shelf.goals))


def _moved_row(chosen: dict[str, Any], shelf: GoalShelf) -> Row:
    goal = shelf.goals[chosen["goal"]]
    events = [shelf.events[pk] for pk in chosen["events"] if pk in shelf.events]
    results = {one.pk: one for one in goal.key_results.all()}
    said = dict.fromkeys(_sentence(event, results) for event in events)
    wanted = percent(expected(goal.starts_on, goal.ends_on, shelf.today))
    part = percent(shelf.done.get(goal.pk))
    done = None if part is None else min(max(part, 0), 100)
    return Row(
        key="",
        title=goal.title,
        path=goal.get_absolute_url(),
        line=" ".join(said),
        quote=next((words for event in events if (words := _note(event))), ""),
        percent=done,
        wanted=wanted,
        reach=reach_words(done, wanted),
    )


def _sentence(event: Event, results: Mapping[int, KeyResult]) -> str:
    """What happened, in one sentence with its full stop."""
    data, who = event.data, str(event.actor or "Tandem")
    if event.kind == CHECKED_IN:
        result = results.get(data["key_result"])
        value = f"{_amount(data['value'])} {result.unit if result else ''}".strip()
        words = {"title": result.title if result else data["title"], "value": value, "who": who}
        day = day_words(date.fromisoformat(data["on"]))
        return _("%(title)s: %(value)s on %(day)s (%(who)s).") % {**words, "day": day}
    return _OTHERWISE[event.kind](data, who)


def _judged(data: dict[str, Any], who: str) -> str:
    if not data.get("to"):
        return _("%(who)s lets the figures speak again.") % {"who": who}
    return _("%(who)s says: %(health)s.") % {"who": who, "health": Health(data["to"]).label}


_OTHERWISE: dict[str, Callable[[dict[str, Any], str], str]] = {
    CREATED: lambda _data, who: _("%(who)s wrote down this new goal.") % {"who": who},
    CLOSED: lambda _data, who: _("%(who)s closed it.") % {"who": who},
    EDITED: lambda _data, who: _("%(who)s changed what it means.") % {"who": who},
    JUDGED: _judged,
}


def _note(event: Event) -> str:
    """What somebody wrote with it: a note, a reason, what came of the goal."""
    given = event.data.get({CHECKED_IN: "note", JUDGED: "reason", CLOSED: "result"}.get(event.kind, ""), "")
    return Truncator(given).chars(LONGEST_QUOTE) if isinstance(given, str) else ""


def _amount(value: object) -> str:
    return number_format(Decimal(str(value)).normalize(), use_l10n=True, force_grouping=True)


def _unseen_row(chosen: dict[str, Any], shelf: GoalShelf) -> Row:
    brief = shelf.briefs[chosen["brief"]]
    path = f"{brief.thing.get_absolute_url()}#understanding"
    since = brief.reviewed_at.isoformat()
    if since != chosen["since"]:
        line = _("was looked at since, on %(day)s") % {"day": day_of(since)}
        return Row(brief.get_kind_display(), str(brief.thing), path, line)
    line = _("nobody has looked at this since %(day)s") % {"day": day_of(since)}
    action = pgettext("next step", "Look at it")
    return Row(brief.get_kind_display(), str(brief.thing), path, line, action=action)
