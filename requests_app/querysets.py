"""The one rule of who sees which request; whatever belongs to a request joins it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import Http404
from django.utils.translation import get_language

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

    def with_labels(self) -> Self:
        """With the names of the labels, in the same query."""
        return self.annotate(label_names=ArraySubquery(_names(self.model.labels, "name")))

    def for_page(self, person: "Person") -> Self:
        """With everything that the page of one request shows beside talk and timeline, in the same query."""
        supporters = _related("Supporter")
        watchers = _related("Watcher")
        copies = self.model._default_manager.visible_to(person).filter(duplicate_of=OuterRef("pk"))
        original = self.model._default_manager.visible_to(person).filter(pk=OuterRef("duplicate_of_id"))
        return (
            self.with_people()
            .select_related("solution")
            .with_labels()
            .annotate(
                supporter_count=_count(supporters),
                supported=Exists(supporters.filter(person=person)),
                watcher_count=_count(watchers),
                watched=Exists(watchers.filter(person=person)),
                duplicate_numbers=ArraySubquery(copies.order_by("number").values("number")),
                original_visible=Exists(original),
                touchpoint_names=ArraySubquery(_names(self.model.touchpoints, _touchpoint_name())),
            )
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


def _related(name: str) -> "models.QuerySet[Any]":
    model: Any = apps.get_model("requests_app", name)
    rows: models.QuerySet[Any] = model._default_manager.filter(request=OuterRef("pk")).order_by()
    return rows


def _count(rows: "models.QuerySet[Any]") -> Subquery:
    return Subquery(rows.values("request").annotate(n=Count("pk")).values("n"))


def _names(relation: Any, name: str) -> "models.QuerySet[Any]":
    other = relation.field.m2m_reverse_field_name()
    through = relation.through._default_manager.filter(request=OuterRef("pk"))
    names: models.QuerySet[Any] = through.order_by(other).values(f"{other}__{name}")
    return names


def _touchpoint_name() -> str:
    return "name_de" if (get_language() or "").startswith("de") else "name_en"


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: "Person") -> Self:
        """Comments of the requests that ``person`` may see."""
        return self.filter(visible(person, "request__"))
