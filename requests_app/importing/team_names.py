"""The IT teams that a file names."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from requests_app.importing import cells
from requests_app.importing.problems import RowRefused
from teams.models import Side, Team
from teams.teams import create_team

LONGEST_NAME = Team._meta.get_field("name").max_length or 0


@dataclass
class TeamNames:
    """Finds IT teams by name or slug, each once; those that do not exist are made by ``saved``."""

    _known: dict[str, Team] = field(default_factory=dict)
    _made: dict[str, Team] = field(default_factory=dict)

    def named(self, name: str) -> Team:
        """The team of that name; one that does not exist yet is not saved.

        :raises RowRefused: where the name cannot be a team's, or that team is not of side IT.
        """
        name = cells.line(name, "team", LONGEST_NAME)
        if name not in self._known:
            self._known[name] = _found(name) or Team(name=name, side=Side.IT)
        if self._known[name].side != Side.IT:
            raise RowRefused(_("The team “%(name)s” is not a team of IT.") % {"name": name})
        return self._known[name]

    def saved(self, team: Team) -> Team:
        """``team``, made where it does not exist."""
        if team.pk is not None:
            return team
        if team.name not in self._made:
            self._made[team.name] = _found(team.name) or create_team(team.name, Side.IT, by=None)
        return self._made[team.name]

    def forget_made(self) -> None:
        """What was made in a transaction that was undone is no row any more."""
        self._made.clear()


def _found(name: str) -> Team | None:
    return Team.objects.filter(Q(name__iexact=name) | Q(slug=slugify(name) or name)).order_by("pk").first()
