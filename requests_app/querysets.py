"""The one rule of who sees which request; whatever belongs to a request joins it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils.translation import get_language

from requests_app.choices import OPEN, Status
from requests_app.turns import turn_of
from teams.models import Absence, Role, Side

if TYPE_CHECKING:
    from requests_app.models import Comment, Request
    from teams.models import Person
else:
    Comment = Request = Any

# Above what PostgreSQL's bigint holds there is no request, and asking for one would be an error.
HIGHEST_NUMBER = 2**63 - 1
# Who sees a restricted request beside requester and named watchers: its owners, and its teams' members.
SEATS = ("marketing_owner", "it_owner")
TEAMS = ("requesting_team", "serving_team")

ROW_FIELDS = (
    "status",
    "rank",
    "title",
    "restricted",
    "turn",
    "turn_since",
    "status_since",
    "waiting_for",
    "deadline",
    "scoring_round",
    "difference",
    "difference_provisional",
    "effort",
    "created_at",
    "updated_at",
    "done_at",
    "type",
)
ROW_NAMES = {
    "goal": "title",
    "requesting_team": "name",
    "serving_team": "name",
    "marketing_owner": "name",
    "it_owner": "name",
}
# What lists show of a question.
QUESTION_FIELDS = (
    *("body", "created_at", "question_to", "author__name", "author__side"),
    *("request__title", "request__status"),
)


def visible(person: "Person", prefix: str = "") -> Q:
    """The condition under which ``person`` sees the request at ``prefix`` ("" or "request__")."""

    def at(**lookups: Any) -> Q:
        return Q(**{prefix + name: value for name, value in lookups.items()})

    if not person.is_active:
        return Q(pk__in=[])
    own, submitted = at(requester=person), ~at(status=Status.DRAFT)
    if person.is_admin:
        return submitted | own
    teams = person.team_ids()
    involved = at(number__in=person.watched.filter(is_named=True).values("request"))
    for seat in SEATS:
        involved |= at(**{seat: person})
    for team in TEAMS:
        involved |= at(**{f"{team}__in": teams})
    return own | (submitted & (at(restricted=False) | involved))


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, person: "Person") -> Self:
        """The requests that ``person`` may see: the only way in to reading requests."""
        return self.filter(visible(person))

    def seen_by_each(self, people: "Iterable[Person]") -> set[tuple[int, int]]:
        """The pairs (person, number) in which the person sees the request.

        The rule of ``visible`` for many people at once, in three queries.
        """
        active = {person.pk: person for person in people if person.is_active}
        admins = {pk for pk, person in active.items() if person.is_admin}
        named = apps.get_model("requests_app", "Watcher")._default_manager.filter(is_named=True)
        watchers = _people_by(named, "request", active)
        members = _people_by(apps.get_model("teams", "Membership")._default_manager.all(), "team", active)
        pairs: set[tuple[int, int]] = set()
        rows = self.order_by().values_list("number", "status", "restricted", "requester", *SEATS, *TEAMS)
        for number, status, restricted, requester, *involving in rows:
            owners, teams = involving[: len(SEATS)], involving[len(SEATS) :]
            involved = {*owners, *watchers[number]}.union(*(members[team] for team in teams))
            sees = {requester}
            if status != Status.DRAFT:
                sees |= (involved | admins) if restricted else active.keys()
            pairs.update((person, number) for person in sees & active.keys())
        return pairs

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
        led = [(team.pk, team.side) for team in person.own_teams() if team.role == Role.LEAD]
        return self.visible_to(person).filter(turn_of([person.pk], led))

    def with_people(self) -> Self:
        """With all that a row of a list shows, in one query."""
        return self.defer("words").select_related(
            "goal", "requester", "requesting_team", "serving_team", "marketing_owner", "it_owner"
        )

    def with_labels(self) -> Self:
        """With the names of the labels, in the same query."""
        return self.annotate(label_names=ArraySubquery(_names(self.model.labels, "name")))

    def for_rows(self, *more: str) -> Self:
        """With exactly what the rows of lists show and are ordered by, and with ``more``, in one query."""
        named = [f"{relation}__{name}" for relation, name in ROW_NAMES.items()]
        relations = [one.partition("__")[0] for one in more if "__" in one]
        return self.select_related(*ROW_NAMES, *relations).only(*ROW_FIELDS, *named, *more)

    def for_page(self, person: "Person") -> Self:
        """With everything that the page of one request shows beside talk and timeline, in the same query.

        Which of ``copies``, the numbers of its duplicates, the person may see is for the page to ask.
        """
        supporters = _related("Supporter")
        watchers = _related("Watcher")
        copies = self.model._default_manager.filter(duplicate_of=OuterRef("pk"))
        return (
            self.with_people()
            .select_related("solution")
            .with_labels()
            .annotate(
                supporter_count=_count(supporters),
                supported=Exists(supporters.filter(person=person)),
                watcher_count=_count(watchers),
                watched=Exists(watchers.filter(person=person)),
                muted=Exists(_related("Mute").filter(person=person)),
                away_rows=_away(),
                attachment_rows=_attachments(),
                link_rows=_links(person),
                copies=ArraySubquery(copies.order_by("number").values("number")),
                touchpoint_names=ArraySubquery(_names(self.model.touchpoints, _touchpoint_name())),
            )
        )

    def get_visible(self, person: "Person", number: int | str) -> "Request":
        """The request, for ``person``.

        :raises Http404: the same for one that is hidden and one that does not exist.
        """
        wanted = number_from(number)
        # ``first`` would put one row in order, and compare that with all that a page brings along.
        try:
            return self.visible_to(person).get(number=wanted)
        except self.model.DoesNotExist:
            raise Http404 from None


def number_from(said: int | str) -> int:
    """The number that ``said`` in an address is.

    :raises Http404: where no request can have it.
    """
    try:
        number = int(said)
    except ValueError:
        raise Http404 from None
    if not 0 < number <= HIGHEST_NUMBER:
        raise Http404
    return number


def _people_by(
    rows: "models.QuerySet[Any]", what: str, people: Collection[int]
) -> dict[int | None, set[int]]:
    """Those of ``people`` whom ``rows`` join to each team or request (``what``)."""
    found: dict[int | None, set[int]] = defaultdict(set)
    for joined, person in rows.filter(person__in=people).values_list(what, "person"):
        found[joined].add(person)
    return found


def _away() -> ArraySubquery:
    """Which of the tandem is away, until when, and who stands in."""
    seats = Q(person=OuterRef("marketing_owner")) | Q(person=OuterRef("it_owner"))
    row = JSONObject(name="person__name", last_day="last_day", deputy="deputy__name")
    return ArraySubquery(Absence.objects.now().filter(seats).order_by("pk").values(row=row))


def _related(name: str) -> "models.QuerySet[Any]":
    model: Any = apps.get_model("requests_app", name)
    rows: models.QuerySet[Any] = model._default_manager.filter(request=OuterRef("pk")).order_by()
    return rows


def _attachments() -> ArraySubquery:
    rows = _related("Attachment").order_by("pk")
    shown = JSONObject(
        id="pk",
        name="name",
        size="size",
        preview="preview",
        uploader="uploader",
        uploader_name="uploader__name",
        created_at="created_at",
    )
    return ArraySubquery(rows.values(row=shown))


def _links(person: "Person") -> ArraySubquery:
    links: Any = apps.get_model("requests_app", "Link")
    rows = links.objects.visible_to(person).filter(Q(source=OuterRef("pk")) | Q(target=OuterRef("pk")))
    ends = {f"{end}_{name}": f"{end}__{name}" for end in ("source", "target") for name in ("title", "status")}
    shown = JSONObject(id="pk", kind="kind", source="source", target="target", made_by="made_by", **ends)
    return ArraySubquery(rows.order_by("kind", "pk").values(row=shown))


def _count(rows: "models.QuerySet[Any]") -> Subquery:
    return Subquery(rows.values("request").annotate(n=Count("pk")).values("n"))


def _names(relation: Any, name: str) -> "models.QuerySet[Any]":
    other = relation.field.m2m_reverse_field_name()
    through = relation.through._default_manager.filter(request=OuterRef("pk"))
    names: models.QuerySet[Any] = through.order_by(other).values(f"{other}__{name}")
    return names


def _touchpoint_name() -> str:
    return "name_de" if (get_language() or "").startswith("de") else "name_en"


def _asked_of(person: "Person") -> Q:
    """The questions that ``person`` or their team has to answer, as ``may_answer`` says.

    Those to IT without a serving team wait for the leads of IT's teams, as everywhere.
    """
    teams = person.own_teams()
    ids = [team.pk for team in teams]
    it = Q(request__it_owner=person) | Q(request__serving_team__in=ids)
    if any(team.side == Side.IT and team.role == Role.LEAD for team in teams):
        it |= Q(request__serving_team=None)
    asking = Q(request__requester=person) | Q(request__requesting_team__in=ids)
    marketing = Q(request__marketing_owner=person) | asking
    # Nobody answers from the other side's seat.
    to_it = Q(question_to=Side.IT) & it & ~Q(request__marketing_owner=person)
    return to_it | (Q(question_to=Side.MARKETING) & marketing & ~Q(request__it_owner=person))


class CommentQuerySet(models.QuerySet["Comment"]):
    def waiting_for(self, person: "Person") -> Self:
        """The open questions to the sides of ``person``, the oldest first, with what a list shows."""
        still = Q(answered_at=None, deleted_at=None, request__status__in=OPEN)
        mine = self.visible_to(person).exclude(question_to="").filter(still, _asked_of(person))
        shown = mine.select_related("author", "request").order_by("created_at", "pk")
        return shown.only(*QUESTION_FIELDS)

    def visible_to(self, person: "Person") -> Self:
        """Comments of the requests that ``person`` may see."""
        return self.filter(visible(person, "request__"))

    def found_by(self, person: "Person") -> Self:
        """What ``visible_to`` shows of requests that have been handed in: a draft is found by nobody.

        Made for searching many: it looks at the few requests that may be hidden, not at each that is seen.
        """
        requests: RequestQuerySet = apps.get_model("requests_app", "Request").objects.all()
        guarded = requests.filter(Q(status=Status.DRAFT) | Q(restricted=True))
        hidden = guarded.exclude(visible(person) & ~Q(status=Status.DRAFT))
        # Without hidden ones in the way everybody sees all, but for who has left.
        return self.exclude(request__in=hidden.values("pk")) if person.is_active else self.none()


class OfRequestQuerySet(models.QuerySet[Any]):
    def visible_to(self, person: "Person") -> Self:
        """Rows of the requests that ``person`` may see."""
        return self.filter(visible(person, "request__"))
