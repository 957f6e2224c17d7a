"""What a batch of digests lists, read at once, and the pen that puts each row of it into words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from activity.models import Event
from notifications.digest.asked_shelf import AskedShelf, fill_asked
from notifications.digest.goal_shelf import GoalShelf, fill_goals
from notifications.digest.select import LISTED, Selection, Turns
from notifications.digest.sheet import Row
from notifications.sight import sight
from requests_app.choices import AgendaOutcome
from requests_app.models import Request, Round, RoundItem
from teams.models import Person, Team


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
    return Shelf(
        shown=shown,
        requests=requests,
        events=events,
        teams=Team.objects.in_bulk(list(teams)),
        rounds=rounds,
        settled=settled,
        goals=fill_goals(listed),
        asked=fill_asked(listed),
    )


def _settled(rounds: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    decided = RoundItem.objects.filter(round__in=list(rounds), outcome=AgendaOutcome.DECIDED)
    for pk, number in decided.values_list("round", "request"):
        found[pk].add(number)
    return found


class Pen:
    """Draws rows in the active language and zone, each but once for all who share a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._hand = (get_language(), timezone.get_current_timezone_name())

    def told(self, draw: Callable[[Event, Request], Row], events: Sequence[int]) -> list[Row]:
        """What of ``events`` is listed, drawn."""
        return [self.once((draw, pk), self._told(draw, pk)) for pk in events[:LISTED]]

    def standing(self, draw: Callable[[dict[str, Any], Request], Row], rows: Turns) -> list[Row]:
        """What of ``rows`` is listed, drawn."""
        return [self.once((draw, *row.values()), self._standing(draw, row)) for row in rows[:LISTED]]

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
