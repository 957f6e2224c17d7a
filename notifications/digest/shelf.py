"""What a batch of digests lists, read at once, and the pen that puts each row of it into words."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from activity.models import Event
from notifications.digest.asked_shelf import AskedShelf, fill_asked
from notifications.digest.goal_shelf import GoalShelf, fill_goals
from notifications.digest.hushing import heeded
from notifications.digest.models import TeamWord
from notifications.digest.select import LISTED, Selection, Turns
from notifications.digest.sheet import Row
from notifications.digest.views_of_both import Views, views_of
from notifications.sight import sight
from requests_app.choices import AgendaOutcome
from requests_app.models import Request, Round, RoundItem
from teams.models import Person, Team

PARKED = "request.parked"


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
    goals: GoalShelf = field(default_factory=GoalShelf)
    asked: AskedShelf = field(default_factory=AskedShelf)
    # What both sides think of the decided requests, as far as both have said it.
    views: Mapping[int, Views] = field(default_factory=dict)
    # What leads say to the readers of their teams, by team and week.
    words: Mapping[tuple[int, str], TeamWord] = field(default_factory=dict)
    # The teams with a request that lately only some may see, with the moment.
    guarded: Mapping[int, datetime] = field(default_factory=dict)
    # The request of each event that is told of.
    about: Mapping[int, int] = field(default_factory=dict)
    most: int = LISTED
    drawn: dict[tuple[Any, ...], Row] = field(default_factory=dict)


def fill_shelf(
    readers: Mapping[int, tuple[Person, Selection]],
    weeks: Collection[str] = (),
    most: int = LISTED,
    *,
    for_all: bool = False,
) -> Shelf:
    """Read in a constant number of queries what the selections of ``readers``, by any key, show them now.

    Of each section the first ``most`` are listed; the words of leads are those for ``weeks``, by their keys.
    What a reader has muted is left out, unless it is written ``for_all`` alike.
    """
    selections = [selection for _person, selection in readers.values()]
    shown, about = _seen(readers, selections)
    if not for_all:
        shown = heeded({key: (readers[key][0], chosen) for key, chosen in shown.items()}, about)
    listed = [selection.listed(most) for selection in shown.values()]
    events = Event.objects.select_related("actor").in_bulk(
        list(set().union(*(selection.events() for selection in listed)))
    )
    wanted = {*(event.object_id for event in events.values()), *(n for row in listed for n in row.numbers())}
    own_teams = {row["team"] for selection in listed for row in selection.your_teams}
    others = {team for selection in listed for team, _count in selection.others.get("teams", ())}
    requests = Request.objects.select_related("goal").defer("words").in_bulk(list(wanted))
    rounds = Round.objects.in_bulk(list({row["round"] for one in listed for row in one.rounds}))
    decided = {about[pk] for one in listed for pk in one.decided}
    parked = {about[pk] for one in shown.values() for pk in one.parked}
    return Shelf(
        shown=shown,
        requests=requests,
        events=events,
        teams=Team.objects.in_bulk(list(own_teams | others)),
        rounds=rounds,
        settled=_settled(rounds),
        goals=fill_goals(listed),
        asked=fill_asked(listed),
        views=views_of(decided | parked),
        about=about,
        words=_words(own_teams, weeks),
        guarded=_guarded(others),
        most=most,
    )


def _seen(
    readers: Mapping[int, tuple[Person, Selection]], selections: Sequence[Selection]
) -> tuple[dict[int, Selection], dict[int, int]]:
    """What of each selection its reader may see now, and the requests of all events.

    The parkings stand by themselves.
    """
    named = set().union(*(selection.events() for selection in selections))
    rows = list(Event.objects.filter(pk__in=named).values_list("pk", "object_id", "kind"))
    about = {pk: number for pk, number, _kind in rows}
    parked = {pk for pk, _number, kind in rows if kind == PARKED}
    numbers = {*about.values(), *(n for one in selections for n in (*one.numbers(), *one.talked_about()))}
    sees = sight({person for person, _selection in readers.values()}, numbers)
    shown = {key: chosen.seen(sees[person.pk], about, parked) for key, (person, chosen) in readers.items()}
    return shown, about


def _words(teams: Collection[int], weeks: Collection[str]) -> dict[tuple[int, str], TeamWord]:
    if not teams or not weeks:
        return {}
    rows = TeamWord.objects.filter(team__in=teams, week__in=weeks).select_related("author")
    return {(row.team_id, row.week): row for row in rows}


def _guarded(teams: Collection[int]) -> dict[int, datetime]:
    """For each of ``teams`` when one of the requests that only some may see was last changed."""
    if not teams:
        return {}
    found: dict[int, datetime] = {}
    rows = Request.objects.filter(restricted=True)
    for serving, requesting, at in rows.values_list("serving_team", "requesting_team", "updated_at"):
        for team in {serving, requesting} & set(teams):
            found[team] = max(at, found.get(team, at))
    return found


def _settled(rounds: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    decided = RoundItem.objects.filter(round__in=list(rounds), outcome=AgendaOutcome.DECIDED)
    for pk, number in decided.values_list("round", "request"):
        found[pk].add(number)
    return found


class Pen:
    """Draws rows in the active language and zone, each but once for all who share a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.most = shelf, shelf.most
        self._hand = (get_language(), timezone.get_current_timezone_name())

    def told(self, draw: Callable[[Event, Request], Row], events: Sequence[int]) -> list[Row]:
        """What of ``events`` is listed, drawn."""
        return [self.once((draw, pk), self._told(draw, pk)) for pk in events[: self.most]]

    def standing(self, draw: Callable[[dict[str, Any], Request], Row], rows: Turns) -> list[Row]:
        """What of ``rows`` is listed, drawn."""
        return [self.once((draw, *row.values()), self._standing(draw, row)) for row in rows[: self.most]]

    def once(self, what: object, drawn: Callable[[], Row]) -> Row:
        """``what`` as it was drawn before in this language and zone, else as it is ``drawn`` now."""
        key = (what, self._hand)
        if key not in self.shelf.drawn:
            self.shelf.drawn[key] = drawn()
        return self.shelf.drawn[key]

    def _told(self, draw: Callable[[Event, Request], Row], pk: int) -> Callable[[], Row]:
        def drawn() -> Row:
            event = self.shelf.events[pk]
            return draw(event, self.shelf.requests[event.object_id])

        return drawn

    def _standing(
        self, draw: Callable[[dict[str, Any], Request], Row], row: dict[str, Any]
    ) -> Callable[[], Row]:
        return lambda: draw(row, self.shelf.requests[row["number"]])
