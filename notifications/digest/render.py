"""A digest in words: the chosen ids, shown through what the reader may see at this moment."""

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activity.models import Event
from notifications.digest import asked_rows, goal_rows
from notifications.digest.select import LISTED, Selection
from notifications.digest.sheet import FIGURES, Figure, Row, Section, Sheet, day_of, day_words, section
from notifications.digest.shelf import Pen, Shelf
from notifications.digest.weeks import Week
from notifications.news import reason, tell
from notifications.things import of_request
from requests_app.choices import Status, Turn
from requests_app.models import Request, Round


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
        *goal_rows.sections(selection, pen),
        *asked_rows.sections(selection, pen),
        *_rounds(selection, pen),
    ]
    totals = {part.slug: len(part.rows) + part.more for part in sections}
    heading = _heading(week, totals)
    return Sheet(
        week=week,
        subject=heading,
        heading=heading,
        period=f"{day_words(start)} – {day_words(end)}",
        figures=_figures(totals),
        sections=sections,
        is_empty=not any(totals.values()),
    )


def _row(request: Request, line: str, **more: Any) -> Row:
    return Row(request.key, request.title, request.get_absolute_url(), line, **more)


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
    return section("your_turn", _("Your turn"), rows, len(selection.your_turn), _("Nothing waits for you."))


def _waiting_row(chosen: dict[str, Any], request: Request) -> Row:
    if (request.status, request.turn) != (chosen["status"], chosen["turn"]):
        # What was asked for then has been done: an old digest must not ask for it again.
        line = _("waited for you then; now: %(status)s") % {"status": request.get_status_display()}
        return _row(request, line, action=pgettext("next step", "Open"))
    line = _("has waited for you since %(day)s") % {"day": day_of(chosen["since"])}
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
            sections.append(section(f"team-{team.slug}", team.name, rows, total, empty))
    return sections


def _moved_row(event: Event, request: Request) -> Row:
    return _row(request, tell(event, of_request(request)).sentence)


def _decided(selection: Selection, pen: Pen) -> Section:
    rows = pen.told(_decision_row, selection.decided)
    total, empty = len(selection.decided), _("Nothing was decided.")
    return section("decided", _("Decided, and why"), rows, total, empty)


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
    return _("parked until %(day)s") % {"day": day_words(revisit)} if revisit else _("parked")


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
    return section("delivered", _("Delivered"), rows, total, empty)


def _delivery_row(_event: Event, request: Request) -> Row:
    return _row(request, _("delivered"), quote=_result(request))


def _result(request: Request) -> str:
    if not request.metric or request.baseline is None or request.target is None:
        return ""
    words = {
        "metric": request.metric,
        "baseline": _amount(request.baseline),
        "target": f"{_amount(request.target)} {request.unit}".strip(),
        "day": day_words(request.measured_on),
    }
    if request.measured_on is None:
        return _("Expected: %(metric)s %(baseline)s → %(target)s.") % words
    return _("Expected: %(metric)s %(baseline)s → %(target)s, measured on %(day)s.") % words


def _stalled(selection: Selection, pen: Pen) -> Section:
    rows = pen.standing(_stalled_row, selection.stalled)
    heading, empty = _("Stands still, and whose turn it is"), _("Nothing stands still.")
    return section("stalled", heading, rows, len(selection.stalled), empty)


def _stalled_row(chosen: dict[str, Any], request: Request) -> Row:
    line = _("has stood still since %(day)s") % {"day": day_of(chosen["since"])}
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
    return [section("rounds", _("Rounds, and their minutes"), rows, len(selection.rounds), "")]


def _round_row(held: Round, numbers: Sequence[int], settled: Set[int]) -> Row:
    """Of the agenda only what the reader sees is counted."""
    counted = {"decided": sum(number in settled for number in numbers), "count": len(numbers)}
    line = ngettext(
        "%(decided)d of %(count)d point decided", "%(decided)d of %(count)d points decided", len(numbers)
    )
    day = day_words(held.closed_at)
    return Row(day, held.title, held.get_absolute_url(), line % counted, action=pgettext("next step", "Read"))


def _amount(value: Decimal) -> str:
    return number_format(value.normalize(), use_l10n=True, force_grouping=True)


def _date(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
