"""The one rule of who sees which request; whatever belongs to a request joins it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.http import Http404

from requests_app.choices import OPEN, Status, Turn
from teams.models import Role, Side, Team

if TYPE_CHECKING:
    from requests_app.models import Comment, Request
    from teams.models import Person
else:
    Comment = Request = Any

# Above what PostgreSQL's bigint holds there is no request, and asking for one would be an error.
HIGHEST_NUMBER = 2**63 - 1


def visible(person: "Person", prefix: str = "") -> Q:
    """The condition under which ``person`` sees the request at ``prefix`` ("" or "request__")."""

    def at(**lookups: Any) -> Q:
        return Q(**{prefix + name: value for name, value in lookups.items()})

    if not person.is_active:
        return Q(pk__in=[])
    own = at(requester=person)
    submitted = ~at(status=Status.DRAFT)
    if person.is_admin:
        return submitted | own
    teams = person.memberships.values("team")
    involved = (
        at(marketing_owner=person)
        | at(it_owner=person)
        | at(requesting_team__in=teams)
        | at(serving_team__in=teams)
        | at(number__in=person.watched.values("request"))
    )
    return own | (submitted & (at(restricted=False) | involved))


def my_turn(person_id: int, led: Iterable[tuple[int, str]]) -> Q:
    """The condition that it is a person's turn; ``led`` is (id, side) of the teams that they lead.

    They hold the seat whose turn it is, or lead the team where it is empty; without a serving team an "it"
    turn is that of all IT leads, and an empty seat of Marketing in a request from side other is also the turn
    of its requester.
    """
    led = list(led)
    teams = [team for team, _side in led]
    for_marketing, for_it = Q(turn=Turn.MARKETING), Q(turn=Turn.IT)
    no_marketer, no_it_owner = Q(marketing_owner=None), Q(it_owner=None)
    other = Team.objects.filter(side=Side.OTHER).values("pk")
    mine = for_marketing & Q(marketing_owner=person_id)
    mine |= for_it & Q(it_owner=person_id)
    mine |= for_marketing & no_marketer & Q(requester=person_id, requesting_team__in=other)
    if teams:
        mine |= for_marketing & no_marketer & Q(requesting_team__in=teams)
        mine |= for_it & no_it_owner & Q(serving_team__in=teams)
    if any(side == Side.IT for _team, side in led):
        mine |= for_it & no_it_owner & Q(serving_team=None)
    return Q(status__in=OPEN) & mine


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, person: "Person") -> Self:
        """The requests that ``person`` may see: the only way in to reading requests."""
        return self.filter(visible(person))

    def for_everyone(self) -> Self:
        """What every member may see: for readers that are no single person."""
        return self.exclude(status=Status.DRAFT).filter(restricted=False)

    def submitted(self) -> Self:
        """Everything but drafts, which count nowhere."""
        return self.exclude(status=Status.DRAFT)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def my_turn(self, person: "Person") -> Self:
        """What waits for ``person``, among what they may see."""
        led = person.memberships.filter(role=Role.LEAD).values_list("team", "team__side")
        return self.visible_to(person).filter(my_turn(person.pk, led))

    def with_people(self) -> Self:
        """With all that a row of a list shows, in one query."""
        return self.defer("words").select_related(
            "goal", "requester", "requesting_team", "serving_team", "marketing_owner", "it_owner"
        )

    def get_visible(self, person: "Person", number: int | str) -> "Request":
        """The request, for ``person``.

        :raises Http404: the same for one that is hidden and one that does not exist.
        """
        try:
            wanted = int(number)
        except ValueError:
            raise Http404 from None
        found = (
            self.visible_to(person).filter(number=wanted).first() if 0 < wanted <= HIGHEST_NUMBER else None
        )
        if found is None:
            raise Http404
        return found


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: "Person") -> Self:
        """Comments of the requests that ``person`` may see."""
        return self.filter(visible(person, "request__"))
