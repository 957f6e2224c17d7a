"""A digest in words: the chosen ids, shown through what the reader may see at this moment."""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activity.models import Event
from notifications.digest import asked_rows, decision_rows, goal_rows
from notifications.digest.select import Selection
from notifications.digest.sheet import (
    FIGURES,
    YOUR_TURN,
    Figure,
    Row,
    Section,
    Sheet,
    day_of,
    day_words,
    request_row,
    some,
)
from notifications.digest.shelf import Pen, Shelf
from notifications.digest.subject import news
from notifications.digest.weeks import Week, weeks_told
from notifications.news import tell
from notifications.things import of_request
from requests_app.choices import Status, Turn
from requests_app.models import Request, Round
from teams.models import Team


def lay_out(key: int, week: Week, start: datetime, end: datetime, shelf: Shelf) -> Sheet:
    """The digest of the reader with ``key`` in words, in the active language and zone."""
    pen = Pen(shelf)
    selection = shelf.shown[key]
    sections = [
        *_your_turn(selection, pen),
        *_your_teams(selection, pen, weeks_told(start, week)),
        *decision_rows.sections(selection, pen),
        *_stalled(selection, pen),
        *goal_rows.sections(selection, pen),
        *asked_rows.sections(selection, pen),
        *decision_rows.parked(selection, pen),
        *_rounds(selection, pen),
    ]
    heading = news(week, sections)
    return Sheet(
        week=week,
        subject=heading,
        heading=heading,
        period=f"{day_words(start)} – {day_words(end)}",
        figures=_figures(selection) if sections else [],
        sections=sections,
        others=_others(selection, pen, is_all=not sections),
    )


def _figures(selection: Selection) -> list[Figure]:
    totals = {
        "delivered": len(selection.delivered),
        "decided": len(selection.decided) + len(selection.parked),
        "stalled": len(selection.stalled),
    }
    labels = {
        "delivered": ngettext("delivered", "delivered", totals["delivered"]),
        "decided": ngettext("decided", "decided", totals["decided"]),
        "stalled": ngettext("stands still", "stand still", totals["stalled"]),
    }
    return [Figure(totals[slug], labels[slug]) for slug in FIGURES]


def _others(selection: Selection, pen: Pen, *, is_all: bool) -> str:
    """Everything else, by team; where there is nothing else ``is_all`` says that nothing happened."""
    kept, shelf = selection.others, pen.shelf
    at = datetime.fromisoformat(kept["at"]) if kept else None
    # A number could tell of what has been hidden since: then the team stands there without it.
    told = [
        f"{shelf.teams[team].name} {count}" if _still_counts(team, at, shelf) else shelf.teams[team].name
        for team, count in kept.get("teams", ())
        if team in shelf.teams
    ]
    if not told:
        return _("Nothing happened that you could see.") if is_all else ""
    words = {"teams": ", ".join(told), "count": kept.get("more", 0)}
    if kept.get("more"):
        text = ngettext(
            "Everything else that moved, by team: %(teams)s and %(count)d more team.",
            "Everything else that moved, by team: %(teams)s and %(count)d more teams.",
            kept["more"],
        )
    else:
        text = _("Everything else that moved, by team: %(teams)s.")
    return text % words


def _still_counts(team: int, at: datetime | None, shelf: Shelf) -> bool:
    guarded = shelf.guarded.get(team)
    return guarded is None or at is None or guarded < at


def _your_turn(selection: Selection, pen: Pen) -> list[Section]:
    rows = pen.standing(_waiting_row, selection.your_turn)
    return some(YOUR_TURN, _("Your turn"), rows, len(selection.your_turn))


def _waiting_row(chosen: dict[str, Any], request: Request) -> Row:
    if (request.status, request.turn) != (chosen["status"], chosen["turn"]):
        # What was asked for then has been done: an old digest must not ask for it again.
        line = _("waited for you then; now: %(status)s") % {"status": request.get_status_display()}
        return request_row(request, line, action=pgettext("next step", "Open"))
    line = _("has waited for you since %(day)s") % {"day": day_of(chosen["since"])}
    action, step = _action(request)
    return request_row(request, line, action=action, step=step)


def _action(request: Request) -> tuple[str, str]:
    """What the button says for the step that is due, and the page where it is taken; "" is the request's."""
    status, is_its = request.status, request.turn == Turn.IT
    if request.is_blocked:
        return pgettext("next step", "Open"), ""
    if status == Status.SUBMITTED and is_its:
        words = (
            pgettext("next step", "Shape it") if request.it_owner_id else pgettext("next step", "Take it on")
        )
        return words, _step(request, "shape" if request.serving_team_id else "assign")
    if status == Status.SHAPING:
        return pgettext("next step", "Shape it"), ""
    if status == Status.READY and is_its:
        return pgettext("next step", "Start"), _step(request, "start")
    if status == Status.IN_REVIEW and not is_its:
        return pgettext("next step", "Review"), ""
    return pgettext("next step", "Open"), ""


def _step(request: Request, action: str) -> str:
    return reverse("requests:act", args=[request.number, action])


def _your_teams(selection: Selection, pen: Pen, weeks: Sequence[str]) -> list[Section]:
    sections = []
    for chosen in selection.your_teams:
        team = pen.shelf.teams.get(chosen["team"])
        if team is not None:
            rows, total = pen.told(_moved_row, chosen["events"]), len(chosen["events"])
            word = _word(pen.shelf, team, weeks)
            sections += some(f"team-{team.slug}", team.name, rows, total, word)
    return sections


def _word(shelf: Shelf, team: Team, weeks: Sequence[str]) -> str:
    """What a lead says to the readers of the team, of the latest week in which one did."""
    said = (shelf.words.get((team.pk, week)) for week in weeks)
    word = next((one for one in said if one is not None), None)
    return _("“%(text)s” (%(who)s)") % {"text": word.text, "who": word.author.name} if word else ""


def _moved_row(event: Event, request: Request) -> Row:
    return request_row(request, tell(event, of_request(request)).sentence)


def _stalled(selection: Selection, pen: Pen) -> list[Section]:
    rows = pen.standing(_stalled_row, selection.stalled)
    return some("stalled", _("Stands still, and whose turn it is"), rows, len(selection.stalled))


def _stalled_row(chosen: dict[str, Any], request: Request) -> Row:
    line = _("has stood still since %(day)s") % {"day": day_of(chosen["since"])}
    turn = Turn(chosen["turn"])
    return request_row(request, line, side=turn.value, side_name=str(turn.label))


def _rounds(selection: Selection, pen: Pen) -> list[Section]:
    """The rounds that were held, with the way to their minutes; most weeks of most people have none."""
    rows = [
        _round_row(pen.shelf.rounds[row["round"]], row["numbers"], pen.shelf.settled.get(row["round"], set()))
        for row in selection.rounds[: pen.most]
        if row["round"] in pen.shelf.rounds
    ]
    return some("rounds", _("Rounds, and their minutes"), rows, len(selection.rounds))


def _round_row(held: Round, numbers: Sequence[int], settled: Set[int]) -> Row:
    """Of the agenda only what the reader sees is counted."""
    counted = {"decided": sum(number in settled for number in numbers), "count": len(numbers)}
    line = ngettext(
        "%(decided)d of %(count)d point decided", "%(decided)d of %(count)d points decided", len(numbers)
    )
    day = day_words(held.closed_at)
    return Row(day, held.title, held.get_absolute_url(), line % counted, action=pgettext("next step", "Read"))
