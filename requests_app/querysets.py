"""The one rule of who sees which request; whatever belongs to a request joins it."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.http import Http404

from requests_app.choices import OPEN, Status

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

    def with_people(self) -> Self:
        """With all that a row of a list shows, in one query."""
        return self.select_related(
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
