"""What a team works on, what comes next, what it delivered and what it is asked: a part of its page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from activity import clock
from knowhow.exchanges.models import Exchange
from requests_app.choices import OPEN, Status
from requests_app.forecast.on_boards import TeamToday, kept_forecasts, teams_today
from requests_app.forecast.outlooks import Forecast
from requests_app.goals_served import Effect, effects
from requests_app.models import Comment, Request
from teams.models import Brief, BriefQuestion, Goal, Person, Side, Team

SHOWN = 10
DELIVERED_WITHIN = timedelta(days=30)
WORKED_ON = (Status.IN_PROGRESS, Status.IN_REVIEW)
COMING = (Status.READY, Status.SHAPING)


@dataclass(frozen=True)
class Ahead:
    """A request with what was forecast of it today, if anything."""

    row: Request
    forecast: Forecast | None

    @property
    def by(self) -> date | None:
        """The day by which it is done in 85 of 100 cases."""
        return self.forecast.likely if self.forecast else None


@dataclass(frozen=True)
class Work:
    """A team as its page shows it to one reader; ``load`` is that of a team that serves, else None."""

    now: list[Ahead]
    coming: list[Ahead]
    delivered: list[Effect]
    load: TeamToday | None
    brief_questions: list[BriefQuestion]
    questions: list[Comment]
    # What somebody of the team holds next: a way in for others.
    exchange: Exchange | None


def work_of(team: Team, reader: Person) -> Work:
    """What ``reader`` may see of the work of ``team``, asked for or served. A fixed number of queries."""
    own = Q(serving_team=team) | Q(requesting_team=team)
    rows = Request.objects.visible_to(reader).filter(own)
    # The first of each status in one query.
    place = Window(RowNumber(), partition_by=F("status"), order_by="rank")
    ahead = rows.filter(status__in=(*WORKED_ON, *COMING)).for_rows().annotate(place=place)
    found = list(ahead.filter(place__lte=SHOWN).order_by("status", "rank"))
    now = [row for row in found if row.status in WORKED_ON][:SHOWN]
    coming = [row for row in found if row.status in COMING][:SHOWN]
    lately = rows.filter(status=Status.DONE, done_at__gte=clock.now() - DELIVERED_WITHIN)
    kept = kept_forecasts([*now, *coming])
    return Work(
        now=[Ahead(row, kept.get(row.number)) for row in now],
        coming=[Ahead(row, kept.get(row.number)) for row in coming],
        delivered=effects(lately),
        load=teams_today([team.pk]).get(team.pk) if team.side == Side.IT else None,
        brief_questions=_asked_about(team, reader),
        questions=_asked_in_requests(team, reader),
        exchange=_next_exchange(team, reader),
    )


def _asked_about(team: Team, reader: Person) -> list[BriefQuestion]:
    """The open questions about what the team explains: itself, its goals and solutions, the oldest first."""
    # Not joined: a goal of many teams would come many times, and the planner would take them for few.
    goals = Q(goal__in=Goal.objects.filter(teams=team))
    about = Brief.objects.filter(Q(team=team) | goals | Q(solution__team=team))
    rows = BriefQuestion.objects.visible_to(reader).filter(brief__in=about, answered_at=None)
    related = rows.select_related("asker", "brief__goal", "brief__team", "brief__solution").order_by(
        "asked_at", "pk"
    )
    return list(related[:SHOWN])


def _asked_in_requests(team: Team, reader: Person) -> list[Comment]:
    """The open questions to the team's side in requests that it serves or asked for, the oldest first."""
    seat = "request__serving_team" if team.side == Side.IT else "request__requesting_team"
    where: dict[str, Any] = {seat: team, "question_to": team.side}
    rows = Comment.objects.visible_to(reader).filter(
        **where, answered_at=None, deleted_at=None, request__status__in=OPEN
    )
    return list(rows.select_related("author", "request").order_by("created_at", "pk")[:SHOWN])


def _next_exchange(team: Team, reader: Person) -> Exchange | None:
    rows = Exchange.objects.visible_to(reader).planned().filter(starts_at__gt=clock.now())
    held = rows.filter(host__is_active=True, host__memberships__team=team)
    return held.counted().select_related("host").order_by("starts_at", "pk").first()
