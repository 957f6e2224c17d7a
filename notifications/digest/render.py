"""A digest in words: the chosen ids, shown through what the reader may see at this moment."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from activity.models import Event
from notifications.digest.select import LISTED, Selection, Turns
from notifications.digest.weeks import Week
from notifications.news import reason, tell
from notifications.sight import sight
from notifications.things import of_request
from requests_app.choices import AgendaOutcome, Status, Turn
from requests_app.models import Request, Round, RoundItem
from teams.models import Person, Team

# The sections that are counted at the top.
FIGURES = ("delivered", "decided", "stalled")


@dataclass(frozen=True)
class Row:
    """One line: a request, what is to be said about it, a reason, whose turn it is, what the button says.

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
    """What a batch of selections lists, and what of each its reader may see.

    ``shown`` has a selection for each reader's key, without what may not be seen; requests, events and teams
    are those that are listed there. ``drawn`` keeps the rows that readers of one language and zone share.
    """

    shown: Mapping[int, Selection]
    requests: Mapping[int, Request]
    events: Mapping[int, Event]
    teams: Mapping[int, Team]
    rounds: Mapping[int, Round] = field(default_factory=dict)
    # The requests of each round, by its id, that were decided on.
    settled: Mapping[int, Set[int]] = field(default_factory=dict)
    drawn: dict[tuple[Any, ...], Row] = field(default_factory=dict)


def fill_shelf(readers: Mapping[int, tuple[Person, Selection]]) -> Shelf:
    """Read in a constant number of queries what the selections of ``readers``, by any key, show them now."""
    selections = [selection for _person, selection in readers.values()]
    named = set().union(*(selection.events() for selection in selections))
    about = dict(Event.objects.filter(pk__in=named).values_list("pk", "object_id"))
    numbers = {*about.values(), *(n for one in selections for n in (*one.numbers(), *one.talked_about()))}
    sees = sight({person for person, _selection in readers.values()}, numbers)
    shown = {key: chosen.seen(sees[person.pk], about) for key, (person, chosen) in readers.items()}
    listed = [selection.listed() for selection in shown.values()]
    events = Event.objects.select_related("actor").in_bulk(
        list(set().union(*(selection.events() for selection in listed)))
    )
    wanted = {*(event.object_id for event in events.values()), *(n for row in listed for n in row.numbers())}
    teams = {row["team"] for selection in listed for row in selection.your_teams}
    requests = Request.objects.select_related("goal").defer("words").in_bulk(list(wanted))
    rounds = Round.objects.in_bulk(list({row["round"] for one in listed for row in one.rounds}))
    settled = _settled(rounds)
    return Shelf(shown, requests, events, Team.objects.in_bulk(list(teams)), rounds, settled)


def _settled(rounds: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    decided = RoundItem.objects.filter(round__in=list(rounds), outcome=AgendaOutcome.DECIDED)
    for pk, number in decided.values_list("round", "request"):
        found[pk].add(number)
    return found


def lay_out(key: int, week: Week, start: datetime, end: datetime, shelf: Shelf) -> Sheet:
    """The digest of the reader with ``key`` in words, in the active language and zone."""
    pen = Pen(shelf)
    selection = shelf.shown[key]
    sections = [
        _your_turn(selection, pen),
        *_your_teams(selection, pen),
        _decided(selection, pen),
        _delivered(selection, pen),
        _stalled(selection, pen),
        *_rounds(selection, pen),
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


class Pen:
    """Draws rows in the active language and zone, each but once for all who share a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._hand = (get_language(), timezone.get_current_timezone_name())

    def told(self, draw: Callable[[Event, Request], Row], events: Sequence[int]) -> list[Row]:
        """What of ``events`` is listed, drawn."""
        return [self._once(draw, pk, self._told(draw, pk)) for pk in events[:LISTED]]

    def standing(self, draw: Callable[[dict[str, Any], Request], Row], rows: Turns) -> list[Row]:
        """What of ``rows`` is listed, drawn."""
        return [self._once(draw, tuple(row.values()), self._standing(draw, row)) for row in rows[:LISTED]]

    def _told(self, draw: Callable[[Event, Request], Row], pk: int) -> Callable[[], Row]:
        def drawn() -> Row:
            event = self.shelf.events[pk]
            return draw(event, self.shelf.requests[event.object_id])

        return drawn

    def _standing(
        self, draw: Callable[[dict[str, Any], Request], Row], row: dict[str, Any]
    ) -> Callable[[], Row]:
        return lambda: draw(row, self.shelf.requests[row["number"]])

    def _once(self, draw: Callable[..., Row], what: object, drawn: Callable[[], Row]) -> Row:
        key = (draw, what, self._hand)
        if key not in self.shelf.drawn:
            self.shelf.drawn[key] = drawn()
        return self.shelf.drawn[key]


def _row(request: Request, line: str, **more: str) -> Row:
    return Row(request.key, request.title, request.get_absolute_url(), line, **more)


def _section(slug: str, heading: str, rows: Sequence[Row], total: int, empty: str) -> Section:
    return Section(slug, heading, rows, total - len(rows), empty)


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
    return [Figure(totals[slug], labels[slug]) for slug in FIGURES]


def _your_turn(selection: Selection, pen: Pen) -> Section:
    rows = pen.standing(_waiting_row, selection.your_turn)
    return _section("your_turn", _("Your turn"), rows, len(selection.your_turn), _("Nothing waits for you."))


def _waiting_row(chosen: dict[str, Any], request: Request) -> Row:
    if (request.status, request.turn) != (chosen["status"], chosen["turn"]):
        # What was asked for then has been done: an old digest must not ask for it again.
        line = _("waited for you then; now: %(status)s") % {"status": request.get_status_display()}
        return _row(request, line, action=pgettext("next step", "Open"))
    line = _("has waited for you since %(day)s") % {"day": _day_of(chosen["since"])}
    return _row(request, line, action=_action(request))


def _action(request: Request) -> str:
    """What the button says for the step that is due."""
    status, taken = request.status, request.it_owner_id is not None
    if status == Status.SUBMITTED and request.turn == Turn.IT and not taken:
        return pgettext("next step", "Take it on")
    if status == Status.SHAPING or (status == Status.SUBMITTED and request.turn == Turn.IT):
        return pgettext("next step", "Shape it")
    if status == Status.READY:
        return pgettext("next step", "Start")
    if status == Status.IN_REVIEW:
        return pgettext("next step", "Review")
    return pgettext("next step", "Open")


def _your_teams(selection: Selection, pen: Pen) -> list[Section]:
    sections = []
    for chosen in selection.your_teams:
        team = pen.shelf.teams.get(chosen["team"])
        if team is not None:
            rows, total = pen.told(_moved_row, chosen["events"]), len(chosen["events"])
            empty = _("Nothing moved in this team.")
            sections.append(_section(f"team-{team.slug}", team.name, rows, total, empty))
    return sections


def _moved_row(event: Event, request: Request) -> Row:
    return _row(request, tell(event, of_request(request)).sentence)


def _decided(selection: Selection, pen: Pen) -> Section:
    rows = pen.told(_decision_row, selection.decided)
    total, empty = len(selection.decided), _("Nothing was decided.")
    return _section("decided", _("Decided, and why"), rows, total, empty)


def _decision_row(event: Event, request: Request) -> Row:
    return _row(request, _decision(event), quote=_why(event, request))


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


def _delivered(selection: Selection, pen: Pen) -> Section:
    rows = pen.told(_delivery_row, selection.delivered)
    total, empty = len(selection.delivered), _("Nothing was delivered.")
    return _section("delivered", _("Delivered"), rows, total, empty)


def _delivery_row(_event: Event, request: Request) -> Row:
    return _row(request, _("delivered"), quote=_result(request))


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


def _stalled(selection: Selection, pen: Pen) -> Section:
    rows = pen.standing(_stalled_row, selection.stalled)
    heading, empty = _("Stands still, and whose turn it is"), _("Nothing stands still.")
    return _section("stalled", heading, rows, len(selection.stalled), empty)


def _stalled_row(chosen: dict[str, Any], request: Request) -> Row:
    line = _("has stood still since %(day)s") % {"day": _day_of(chosen["since"])}
    turn = Turn(chosen["turn"])
    return _row(request, line, side=turn.value, side_name=str(turn.label))


def _rounds(selection: Selection, pen: Pen) -> list[Section]:
    """The rounds that were held, with the way to their minutes; most weeks of most people have none."""
    rows = [
        _round_row(pen.shelf.rounds[row["round"]], row["numbers"], pen.shelf.settled.get(row["round"], set()))
        for row in selection.rounds[:LISTED]
        if row["round"] in pen.shelf.rounds
    ]
    if not rows:
        return []
    return [_section("rounds", _("Rounds, and their minutes"), rows, len(selection.rounds), "")]


def _round_row(held: Round, numbers: Sequence[int], settled: Set[int]) -> Row:
    """Of the agenda only what the reader sees is counted."""
    counted = {"decided": sum(number in settled for number in numbers), "count": len(numbers)}
    line = ngettext(
        "%(decided)d of %(count)d point decided", "%(decided)d of %(count)d points decided", len(numbers)
    )
    day = _day(held.closed_at)
    return Row(day, held.title, held.get_absolute_url(), line % counted, action=pgettext("next step", "Read"))


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
