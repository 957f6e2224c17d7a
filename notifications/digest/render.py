"""A digest in words: the chosen ids, shown through what the reader may see at this moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activity.models import Event
from notifications.digest.select import LISTED, Selection, Turns
from notifications.digest.weeks import Week
from notifications.news import reason, tell
from notifications.sight import sight
from requests_app.choices import Status, Turn
from requests_app.models import Request
from teams.models import Person, Team

T = TypeVar("T")
Told = tuple[Event, Request]
Standing = tuple[dict[str, Any], Request]


@dataclass(frozen=True)
class Row:
    """One line: a request, what is to be said about it, a reason, whose turn it is, what the button says."""

    request: Request
    line: str
    quote: str = ""
    side: str = ""
    side_name: str = ""
    action: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with rows; ``more`` counts those that are not listed. ``empty`` says that there are none."""

    slug: str
    heading: str
    rows: Sequence[Row]
    more: int
    empty: str

    @property
    def more_words(self) -> str:
        return ngettext("and %(count)d more", "and %(count)d more", self.more) % {"count": self.more}


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
    is_empty: bool

    @property
    def path(self) -> str:
        return reverse("notifications:digest", args=[self.week.key])


@dataclass(frozen=True)
class Shelf:
    """All rows that a batch of selections names, and who of the readers sees which request."""

    requests: Mapping[int, Request]
    events: Mapping[int, Event]
    teams: Mapping[int, Team]
    sees: Mapping[int, Callable[[int], bool]]

    def request(self, reader: int, number: int) -> Request | None:
        """The request ``number`` where ``reader`` (a person's id) may see it."""
        return self.requests.get(number) if self.sees[reader](number) else None

    def told(self, reader: int, events: Iterable[int]) -> list[tuple[Event, Request]]:
        """Those of ``events`` whose request ``reader`` may see, with it."""
        found = [self.events[pk] for pk in events if pk in self.events]
        pairs = [(event, self.request(reader, event.object_id)) for event in found]
        return [(event, request) for event, request in pairs if request is not None]


def fill_shelf(people: Sequence[Person], selections: Sequence[Selection]) -> Shelf:
    """Read in a constant number of queries what ``selections`` name, for their readers ``people``."""
    pks = set().union(*(selection.events() for selection in selections))
    events = Event.objects.select_related("actor").in_bulk(list(pks))
    named = set().union(*(selection.numbers() for selection in selections))
    numbers = named | {event.object_id for event in events.values()}
    teams = {row["team"] for selection in selections for row in selection.your_teams}
    return Shelf(
        Request.objects.submitted().select_related("goal").defer("words").in_bulk(list(numbers)),
        events,
        Team.objects.in_bulk(list(teams)),
        sight(people, numbers),
    )


def lay_out(
    person: Person, week: Week, start: datetime, end: datetime, selection: Selection, shelf: Shelf
) -> Sheet:
    """The digest of ``person`` in words."""
    sections = [
        _your_turn(person, selection, shelf),
        *_your_teams(person, selection, shelf),
        _decided(person, selection, shelf),
        _delivered(person, selection, shelf),
        _stalled(person, selection, shelf),
    ]
    totals = {section.slug: len(section.rows) + section.more for section in sections}
    heading = _heading(week, totals)
    return Sheet(
        week=week,
        subject=heading,
        heading=heading,
        period=f"{_day(start)} – {_day(end)}",
        figures=_figures(totals),
        sections=sections,
        is_empty=not any(totals.values()),
    )


def _section(slug: str, heading: str, found: Sequence[T], draw: Callable[[T], Row], empty: str) -> Section:
    """Draws only what is listed; the rest is counted."""
    rows = [draw(one) for one in found[:LISTED]]
    return Section(slug, heading, rows, max(0, len(found) - LISTED), empty)


def _heading(week: Week, totals: Mapping[str, int]) -> str:
    turns, decided = totals["your_turn"], totals["decided"]
    words = {"week": week.number, "count": turns or decided}
    if turns:
        text = ngettext(
            "Your week %(week)d: one request waits for you",
            "Your week %(week)d: %(count)d requests wait for you",
            turns,
        )
    elif decided:
        text = ngettext(
            "Your week %(week)d: one decision", "Your week %(week)d: %(count)d decisions", decided
        )
    else:
        text = _("Your week %(week)d: nothing waits for you")
    return text % words


def _figures(totals: Mapping[str, int]) -> list[Figure]:
    labels = {
        "delivered": ngettext("delivered", "delivered", totals["delivered"]),
        "decided": ngettext("decided", "decided", totals["decided"]),
        "stalled": ngettext("stands still", "stand still", totals["stalled"]),
    }
    return [Figure(totals[slug], label) for slug, label in labels.items()]


def _your_turn(person: Person, selection: Selection, shelf: Shelf) -> Section:
    def draw(standing: Standing) -> Row:
        chosen, request = standing
        line = _("has waited for you since %(day)s") % {"day": _day_of(chosen["since"])}
        return Row(request, line, action=_action(chosen["status"], chosen["turn"]))

    found = _standings(person, selection.your_turn, shelf)
    return _section("your_turn", _("Your turn"), found, draw, _("Nothing waits for you."))


def _standings(person: Person, chosen: Turns, shelf: Shelf) -> list[Standing]:
    """What was chosen with its requests, as far as the reader may see them now."""
    pairs = ((row, shelf.request(person.pk, row["number"])) for row in chosen)
    return [(row, request) for row, request in pairs if request is not None]


def _action(status: str, turn: str) -> str:
    """What the button says for the step that is due."""
    if status == Status.SUBMITTED and turn == Turn.IT:
        return pgettext("next step", "Take it on")
    if status == Status.SHAPING:
        return pgettext("next step", "Shape it")
    if status == Status.READY:
        return pgettext("next step", "Start")
    if status == Status.IN_REVIEW:
        return pgettext("next step", "Review")
    return pgettext("next step", "Open")


def _your_teams(person: Person, selection: Selection, shelf: Shelf) -> list[Section]:
    sections = []
    for chosen in selection.your_teams:
        team = shelf.teams.get(chosen["team"])
        if team is None:
            continue
        told = shelf.told(person.pk, chosen["events"])
        empty = _("Nothing moved in this team.")
        sections.append(_section(f"team-{team.slug}", team.name, told, _moved, empty))
    return sections


def _moved(told: Told) -> Row:
    event, request = told
    return Row(request, tell(event, request).sentence)


def _decided(person: Person, selection: Selection, shelf: Shelf) -> Section:
    told = shelf.told(person.pk, selection.decided)
    return _section("decided", _("Decided, and why"), told, _decision_row, _("Nothing was decided."))


def _decision_row(told: Told) -> Row:
    event, request = told
    return Row(request, _decision(event), _why(event, request))


def _decision(event: Event) -> str:
    if event.kind == "request.accepted":
        return _("accepted")
    if event.kind == "request.declined":
        return _("declined")
    if event.kind == "request.merged":
        return _("declined as a duplicate")
    revisit = _date(event.data.get("revisit_on"))
    return _("parked until %(day)s") % {"day": _day(revisit)} if revisit else _("parked")


def _why(event: Event, request: Request) -> str:
    given = reason(event.data)
    if given:
        return _("“%(reason)s”") % {"reason": given}
    if event.kind == "request.accepted" and request.goal:
        return _("Serves the goal “%(goal)s”.") % {"goal": request.goal.title}
    return ""


def _delivered(person: Person, selection: Selection, shelf: Shelf) -> Section:
    told = shelf.told(person.pk, selection.delivered)
    return _section("delivered", _("Delivered"), told, _delivery_row, _("Nothing was delivered."))


def _delivery_row(told: Told) -> Row:
    _event, request = told
    return Row(request, _("delivered"), _result(request))


def _result(request: Request) -> str:
    if not request.metric or request.baseline is None or request.target is None:
        return ""
    words = {
        "metric": request.metric,
        "baseline": _amount(request.baseline),
        "target": f"{_amount(request.target)} {request.unit}".strip(),
        "day": _day(request.measured_on),
    }
    if request.measured_on is None:
        return _("Expected: %(metric)s %(baseline)s → %(target)s.") % words
    return _("Expected: %(metric)s %(baseline)s → %(target)s, measured on %(day)s.") % words


def _stalled(person: Person, selection: Selection, shelf: Shelf) -> Section:
    found = _standings(person, selection.stalled, shelf)
    heading = _("Stands still, and whose turn it is")
    return _section("stalled", heading, found, _stalled_row, _("Nothing stands still."))


def _stalled_row(standing: Standing) -> Row:
    chosen, request = standing
    line = _("has stood still since %(day)s") % {"day": _day_of(chosen["since"])}
    turn = Turn(chosen["turn"])
    return Row(request, line, side=turn.value, side_name=str(turn.label))


def _amount(value: Decimal) -> str:
    return number_format(value.normalize(), use_l10n=True, force_grouping=True)


def _date(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _day(day: date | datetime | None) -> str:
    """A day as people say it, in the reader's zone."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return date_format(day, "MONTH_DAY_FORMAT") if day else ""


def _day_of(moment: str) -> str:
    return _day(datetime.fromisoformat(moment)) if moment else ""
