"""What the first page points somebody to, one of each kind at most: to understand, to settle, to come to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from knowhow.exchanges.fitting import Fit, fitting
from knowhow.exchanges.models import Exchange
from knowhow.exchanges.reads import coming_with_room, learners
from knowhow.models import Skill
from requests_app.models import Request
from requests_app.understanding.coverages import SERVING
from teams import pointing
from teams.models import Brief, BriefQuestion, Confirmation, Goal, Person, Pointer


@dataclass(frozen=True)
class Pointed:
    """Something that ``pointer`` shows: a brief, an answer to a question of one's own, or an exchange."""

    pointer: Pointer
    thing: Any
    skill: Skill | None = None

    @property
    def kind(self) -> str:
        return self.pointer.kind


def worth_a_minute(person: Person, now: datetime) -> list[Pointed]:
    """What stands on the first page of ``person`` at ``now``; keeps that it was shown. At most one a kind."""
    lately = pointing.shown_lately(person, now)
    found = (_of_kind(kind, find, person, lately, now) for kind, find in FINDING.items())
    return [one for one in found if one is not None]


# Finds a thing of a kind that fits: the one with the id, or where that is None, one not pointed to before.
Find = Callable[[Person, int | None, datetime], Any]


def _of_kind(
    kind: str, find: Find, person: Person, lately: dict[str, Pointer], now: datetime
) -> Pointed | None:
    pointer = lately.get(kind)
    if pointer is not None:
        thing = find(person, pointer.about, now) if pointing.still_shows(pointer, now) else None
    else:
        thing = find(person, None, now)
        if thing is not None:
            pointer = pointing.point_to(person, kind, thing.pk, getattr(thing, "substance", 0))
    if thing is None or pointer is None:
        return None
    return Pointed(pointer, thing, getattr(thing, "wanted_skill", None))


def to_understand(person: Person) -> QuerySet[Brief]:
    """The briefs that ``person`` should understand (docs/understanding.md) and has not confirmed as they are.

    First what they had understood and has changed since, then goals, solutions, and teams.
    """
    said = Confirmation.objects.filter(brief=OuterRef("pk"), person=person)
    touched = Brief.objects.filter(_touched(person.team_ids()))
    rows = touched.exclude(Exists(said.filter(substance=OuterRef("substance"))))
    explained = rows.exclude(Q(team__brief="") | Q(goal__brief=""))
    known = explained.annotate(had=Exists(said)).select_related("goal", "team", "solution")
    return known.order_by("-had", "kind", "-changed_at", "pk")


def _touched(teams: Any) -> Q:
    served = Request.objects.for_everyone().filter(status__in=SERVING).order_by()
    near = served.filter(Q(requesting_team__in=teams) | Q(serving_team__in=teams))
    goals = Q(goal__in=near.exclude(goal=None).values("goal"), goal__is_archived=False)
    asked = Q(team__in=served.filter(requesting_team__in=teams).values("serving_team"))
    asking = Q(team__in=served.filter(serving_team__in=teams).values("requesting_team"))
    owned = Goal.teams.through.objects.filter(team__in=teams).values("goal")
    own = Q(team__in=teams) | Q(solution__team__in=teams) | Q(goal__in=owned)
    return (goals | asked | asking | Q(solution__affected_teams__in=teams)) & ~own


def _brief(person: Person, pk: int | None, _now: datetime) -> Brief | None:
    rows = to_understand(person)
    if pk is not None:
        return rows.filter(pk=pk).first()
    shown = pointing.seen_before(person, Pointer.Kind.UNDERSTAND)
    return rows.exclude(Exists(shown.filter(about=OuterRef("pk"), substance=OuterRef("substance")))).first()


def to_settle(person: Person) -> QuerySet[BriefQuestion]:
    """The questions of ``person`` that were answered, and of which they have not said that this will do."""
    rows = BriefQuestion.objects.visible_to(person).filter(asker=person, settled_at=None)
    answered: QuerySet[BriefQuestion] = rows.exclude(answered_at=None)
    things = ("brief__goal", "brief__team", "brief__solution")
    return answered.select_related("answered_by", *things).order_by("answered_at", "pk")


def _question(person: Person, pk: int | None, _now: datetime) -> BriefQuestion | None:
    rows = to_settle(person)
    if pk is not None:
        return rows.filter(pk=pk).first()
    shown = pointing.seen_before(person, Pointer.Kind.SETTLE)
    return rows.exclude(pk__in=shown.values("about")).first()


def _exchange(person: Person, pk: int | None, now: datetime) -> Exchange | None:
    fits = fitting(learners([person])[person.pk], coming_with_room(now))
    if pk is not None:
        fits = [fit for fit in fits if fit.exchange == pk]
    else:
        seen = set(pointing.seen_before(person, Pointer.Kind.EXCHANGE).values_list("about", flat=True))
        fits = [fit for fit in fits if fit.exchange not in seen]
    return _fetched(fits[0]) if fits else None


def _fetched(fit: Fit) -> Exchange | None:
    exchange = Exchange.objects.select_related("host").filter(pk=fit.exchange).first()
    if exchange is not None and fit.skill is not None:
        exchange.wanted_skill = Skill.objects.filter(pk=fit.skill).first()  # type: ignore[attr-defined]
    return exchange


FINDING: dict[str, Find] = {
    Pointer.Kind.UNDERSTAND: _brief,
    Pointer.Kind.SETTLE: _question,
    Pointer.Kind.EXCHANGE: _exchange,
}
