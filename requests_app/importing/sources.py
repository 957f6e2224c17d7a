"""What the readers of all formats share: the file, where its columns are, and whose requests they become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from requests_app.importing.history import History
from requests_app.importing.problems import RowRefused
from requests_app.importing.reading import Row, Table
from teams.models import Team

UNKNOWN = ("", "?")


@dataclass(frozen=True)
class Source:
    """A readable file with all that turns its rows into requests.

    ``team_named`` gives the IT team of a name; ``team`` serves where a row names none.
    """

    table: Table
    columns: Mapping[str, int]
    team: Team
    team_column: int | None
    team_named: Callable[[str], Team]
    zone: ZoneInfo
    now: datetime

    def check_width(self, row: Row) -> None:
        """:raises RowRefused: where the row has not as many cells as the header."""
        found, wanted = len(row.cells), len(self.table.header)
        if found != wanted:
            words = _("It has %(found)d cells instead of %(wanted)d.")
            raise RowRefused(words % {"found": found, "wanted": wanted})

    def team_of(self, row: Row) -> Team:
        """The serving team that ``row`` names, else the one for all."""
        name = "" if self.team_column is None else row.cells[self.team_column].strip()
        return self.team if name in UNKNOWN else self.team_named(name)

    def past(self, moment: datetime, column: str) -> datetime:
        """``moment``, which has happened.

        :raises RowRefused: where it lies in the future.
        """
        if moment > self.now:
            raise RowRefused(_("%(column)s lies in the future.") % {"column": column})
        return moment


@dataclass(frozen=True)
class Found:
    """What came of ``rows`` rows (one, or all of an incident): a request, or the reason why none."""

    row: int
    rows: int
    history: History | None = None
    problem: str = ""
