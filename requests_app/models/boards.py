from typing import Any, ClassVar, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject, Lower
from django.utils.translation import gettext_lazy as _

from requests_app.choices import BOARD_COLUMNS, BOARD_LANES, RequestType, Status
from requests_app.models.request import LABEL_LINE
from teams.models import Goal, Person, Side, Team, Touchpoint, text_limit

BOARD_NAME = 80
COLUMN_TITLE = 40
POLICY_TEXT = 500
LONGEST_AGE_MARK = 365


class WipLimit(models.Model):
    """How many requests of a status a serving team works on at once."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="wip_limits")
    status = models.CharField(max_length=20, choices=Status.choices)
    limit = models.PositiveSmallIntegerField(_("limit"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "status"], name="wip_limit_once"),
            models.CheckConstraint(condition=Q(limit__gte=1), name="wip_limit_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["shaping", "ready", "in_progress", "in_review"]),
                name="wip_limit_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.status} {self.limit}"


class BoardQuerySet(models.QuerySet["Board"]):
    def whole(self) -> Self:
        """With all that a page of the board needs to know of it, in one query."""
        return self.select_related("team", "owner", "goal", "requesting_team").annotate(
            column_rows=_columns(), team_rows=_teams(), touchpoint_rows=_touchpoints(), limit_rows=_limits()
        )


class Board(models.Model):
    """A shared view of requests: that of an IT team (``team``), or one that somebody made (``owner``).

    A team's own board is made and named with the team, by the database, and shows all that the team serves.
    Other boards show the requests that fit everything which is set; without ``teams`` those of all teams.
    """

    slug = models.SlugField(max_length=100, unique=True)
    team = models.OneToOneField(Team, on_delete=models.CASCADE, null=True, related_name="board")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="boards")
    name = models.CharField(_("name"), max_length=BOARD_NAME, blank=True, default="")

    teams = models.ManyToManyField(Team, blank=True, related_name="+", verbose_name=_("serving teams"))
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goal")
    )
    touchpoints = models.ManyToManyField(
        Touchpoint, blank=True, related_name="+", verbose_name=_("touchpoints")
    )
    type = models.CharField(_("type"), max_length=20, choices=RequestType.choices, blank=True, default="")
    # A word, not a row: who keeps a board must not learn which labels hidden requests carry.
    label = models.CharField(_("label"), max_length=LABEL_LINE, blank=True, default="")
    requesting_side = models.CharField(
        _("asking side"), max_length=10, choices=Side.choices, blank=True, default=""
    )
    requesting_team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requesting team"),
    )
    # Of a team's week, in percent: what running operations take before any request is worked on.
    operations_share = models.PositiveSmallIntegerField(
        _("share of running operations"), null=True, blank=True
    )
    # How it is cut into lanes for everybody whose address says nothing else; "" is not at all.
    lanes = models.CharField(_("lanes"), max_length=10, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects: ClassVar[BoardQuerySet] = BoardQuerySet.as_manager()  # type: ignore[assignment]

    # What ``whole`` brings along.
    column_rows: list[dict[str, Any]]
    team_rows: list[dict[str, Any]]
    touchpoint_rows: list[dict[str, Any]]
    limit_rows: list[dict[str, Any]]

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        constraints = [
            # No team's slug begins with "_", so boards and teams to come never want the same address.
            models.CheckConstraint(
                condition=Q(
                    team__isnull=False,
                    owner=None,
                    name="",
                    goal=None,
                    type="",
                    label="",
                    requesting_side="",
                    requesting_team=None,
                )
                & ~Q(slug__startswith="_")
                | (Q(team=None, owner__isnull=False, slug__startswith="_") & ~Q(name="")),
                name="board_is_a_teams_or_somebodys",
            ),
            models.UniqueConstraint(Lower("name"), condition=Q(team=None), name="board_name_once"),
            models.CheckConstraint(
                condition=Q(operations_share=None) | Q(team__isnull=False, operations_share__lte=100),
                name="board_operations_share",
            ),
            models.CheckConstraint(
                condition=Q(type="") | Q(type__in=RequestType.values), name="board_type_known"
            ),
            models.CheckConstraint(
                condition=Q(requesting_side="") | Q(requesting_side__in=Side.values), name="board_side_known"
            ),
            models.CheckConstraint(
                condition=Q(lanes="") | Q(lanes__in=BOARD_LANES), name="board_lanes_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The team's name, or the words of whoever made the board."""
        return self.team.name if self.team else self.name


class BoardColumn(models.Model):
    """A column of a board: one status, under a title of its own where there is one."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="columns")
    status = models.CharField(max_length=20, choices=[(one.value, one.label) for one in BOARD_COLUMNS])
    title = models.CharField(_("title"), max_length=COLUMN_TITLE, blank=True, default="")
    # In days: from then on a card counts as old; empty is what the team usually needs.
    age_mark = models.PositiveSmallIntegerField(_("age mark"), null=True, blank=True)
    policy = models.TextField(_("what must be true to enter"), max_length=POLICY_TEXT, blank=True, default="")
    hidden = models.BooleanField(_("hidden"), default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "status"], name="board_column_once"),
            models.UniqueConstraint(
                fields=["board", "position"],
                name="board_column_has_its_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in BOARD_COLUMNS]), name="board_column_status"
            ),
            models.CheckConstraint(
                condition=Q(age_mark=None) | Q(age_mark__gte=1, age_mark__lte=LONGEST_AGE_MARK),
                name="board_column_age_mark",
            ),
            text_limit("policy", POLICY_TEXT, "board_column_policy_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.status}"


COLUMN_FIELDS = ("status", "title", "age_mark", "policy", "hidden")


def _columns() -> ArraySubquery:
    rows = BoardColumn.objects.filter(board=OuterRef("pk")).order_by("position")
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in COLUMN_FIELDS})))


def _teams() -> ArraySubquery:
    rows = Board.teams.through.objects.filter(board=OuterRef("pk")).order_by("team__sort_key")
    return ArraySubquery(rows.values(row=JSONObject(id="team", slug="team__slug", name="team__name")))


def _touchpoints() -> ArraySubquery:
    rows = Board.touchpoints.through.objects.filter(board=OuterRef("pk")).order_by("touchpoint__position")
    names = {f"name_{language}": f"touchpoint__name_{language}" for language in ("de", "en")}
    return ArraySubquery(rows.values(row=JSONObject(id="touchpoint", slug="touchpoint__slug", **names)))


def _limits() -> ArraySubquery:
    rows = WipLimit.objects.filter(team=OuterRef("team")).order_by("status")
    return ArraySubquery(rows.values(row=JSONObject(status="status", limit="limit")))
