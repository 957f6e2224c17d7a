"""What a person is asked to do with a request that waits for them, and where they do it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.choices import Status, Turn
from requests_app.models import OPEN_QUESTION, Comment, Request
from requests_app.querysets import RequestQuerySet
from requests_app.scoring.reading import round_of, with_scores
from requests_app.steps import next_action
from requests_app.turns import away_among
from requests_app.waiting_on import waiting_on
from requests_app.workflow.actions import ACTIONS
from teams.models import Person


@dataclass(frozen=True)
class Asked:
    """What the person is asked to do with a request that waits for them, and where."""

    label: str | Promise
    url: str
    # Whether it is an answer to an open question.
    is_answer: bool = False


def asking(person: Person, day: date) -> RequestQuerySet:
    """What waits for ``person`` on ``day``, with all that ``asked_of`` looks at; one query."""
    asked = Comment.objects.filter(OPEN_QUESTION, request=OuterRef("pk")).order_by("created_at", "pk")
    rows = with_scores(waiting_on(person, day).for_rows(), person)
    return rows.annotate(question=Subquery(asked.values("pk")[:1]))


def stood_for(person: Person, rows: Iterable[Request]) -> Mapping[int, Person]:
    """Whom ``person`` stands in for in those of ``rows`` whose seat belongs to somebody who is away, by
    number. One query, or none.
    """
    holders = {row.number: _holder(row) for row in rows}
    others = {number: one for number, one in holders.items() if one is not None and one != person}
    away = away_among([one.pk for one in others.values()]) if others else {}
    return {number: one for number, one in others.items() if one.pk in away}


def _holder(row: Request) -> Person | None:
    if row.turn == Turn.MARKETING:
        return row.marketing_owner
    return row.it_owner if row.turn == Turn.IT else None


def asked_of(row: Request) -> Asked:
    """The step by which a request goes on that waits for somebody."""
    question = getattr(row, "question", None)
    if question and not row.is_blocked:
        return Asked(_("Answer"), f"{row.get_absolute_url()}#comment-{question}", is_answer=True)
    if getattr(row, "proposed", False):
        return Asked(_("Answer the proposal"), f"{row.get_absolute_url()}#proposal-title")
    if row.status == Status.DONE:
        return Asked(_("Record the result"), reverse("requests:outcome", args=[row.number]))
    name = "assign" if _nobody_there(row) else next_action(row)
    if row.status == Status.SHAPING and name == "accept":
        return _asked_while_shaping(row)
    return Asked(ACTIONS[name].label, reverse("requests:act", args=[row.number, name]))


def _asked_while_shaping(row: Request) -> Asked:
    """What the side whose turn it is still has to give; what the scores lead to stands on the page."""
    found = round_of(row)
    if row.turn not in found.sides:
        return Asked(_("Score"), reverse("requests:score", args=[row.number, row.turn]))
    if found.awaiting - {row.turn}:
        return Asked(_("Answer the proposal"), f"{row.get_absolute_url()}#scores")
    if found.open_divergences:
        return Asked(_("Talk about it"), f"{row.get_absolute_url()}#scores")
    if row.turn == Turn.MARKETING and row.goal_id is None:
        return Asked(_("Complete it"), reverse("requests:edit", args=[row.number]))
    return Asked(_("Decide"), row.get_absolute_url())


def _nobody_there(row: Request) -> bool:
    """Whether the seat whose turn it is has to be filled first."""
    if row.is_blocked:
        return False
    if row.turn == Turn.MARKETING:
        return row.marketing_owner_id is None
    return row.turn == Turn.IT and row.serving_team_id is None
