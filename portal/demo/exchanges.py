"""What the demo's people show each other: exchanges past and coming, and what is still wished for."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from knowhow.exchanges import afterwards, places, planning, wishes
from knowhow.exchanges.models import Answer, Exchange
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wall_time import Span
from teams.models import Person

TEXTS = tomllib.loads(Path(__file__).with_name("exchanges.toml").read_text())
# So long before it, an exchange is planned; at most: what is to come is planned before the demo begins.
PLANNED_BEFORE = timedelta(days=20)
NOTED_AFTER = timedelta(hours=2)

Step = tuple[datetime, Callable[[], object]]


class Exchanges:
    """The steps of all exchanges and wishes, with their moments."""

    def __init__(self, monday: datetime, now: datetime, staff: dict[str, Person]) -> None:
        self.monday, self.now, self.staff = monday, now, staff
        self.planned: dict[str, Exchange] = {}

    def steps(self) -> Iterator[Step]:
        """Everything that people did, each with when."""
        for row in TEXTS["exchange"]:
            yield from self._exchange(row)
        for row in TEXTS["proposal"]:
            yield self.monday + timedelta(days=row["day"], hours=11), partial(self._propose, row)

    def _exchange(self, row: dict[str, Any]) -> Iterator[Step]:
        span = self._span(row)
        # What lies in the running week may still be to come when the demo is set up on its Monday.
        planned_at = min(span.starts_at - PLANNED_BEFORE, self.now - timedelta(days=4))
        yield planned_at, partial(self._plan, row, span)
        for n, guest in enumerate(row.get("guests", ()), start=1):
            yield planned_at + timedelta(hours=7 * n), partial(self._sign_up, row, guest)
        if span.ends_at + NOTED_AFTER < self.now and row.get("guests"):
            yield span.ends_at + NOTED_AFTER, partial(self._note, row)

    def _span(self, row: dict[str, Any]) -> Span:
        begins = row["begins"]
        day = (self.monday + timedelta(days=row["day"])).date()
        starts_at = datetime.combine(day, begins, tzinfo=self.monday.tzinfo)
        return Span(starts_at, starts_at + timedelta(minutes=row["minutes"]))

    def _plan(self, row: dict[str, Any], span: Span) -> None:
        names = SessionFields.__annotations__
        words = SessionFields(**{name: row[name] for name in names if name in row})  # type: ignore[typeddict-item]
        rhythm = planning.Rhythm(row.get("every_weeks", 1), row.get("times", 1))
        kind, host = row.get("kind", "session"), self._person(row["host"])
        zone = self.monday.tzinfo
        sessions = planning.plan(words, span, zone, by=host, kind=kind, rhythm=rhythm)  # type: ignore[arg-type]
        self.planned[row["title"]] = sessions[0]

    def _sign_up(self, row: dict[str, Any], guest: str) -> None:
        places.sign_up(self.planned[row["title"]].pk, by=self._person(guest))

    def _note(self, row: dict[str, Any]) -> None:
        """What the host notes afterwards, and what those who were there answer."""
        exchange, host = self.planned[row["title"]], self._person(row["host"])
        if "could" in row:
            present = [self._person(one).pk for one in row["guests"] if one not in row.get("absent", ())]
            afterwards.record_attendance(exchange.pk, present, by=host)
        for answer, names in ((Answer.YES, "could"), (Answer.PARTLY, "partly")):
            for guest in row.get(names, ()):
                afterwards.give_feedback(exchange.pk, answer, by=self._person(guest))
        for title, link in row.get("materials", ()):
            afterwards.add_material(exchange.pk, title, link, by=host)

    def _propose(self, row: dict[str, Any]) -> None:
        proposal = wishes.propose(
            row["title"],
            row["ability"],
            topic=row["topic"],
            kind=row.get("kind", "session"),
            by=self._person(row["proposer"]),
        )
        for voice in row["voices"]:
            wishes.wish(proposal.pk, by=self._person(voice))

    def _person(self, name: str) -> Person:
        return self.staff[f"{name}@demo.example"]
