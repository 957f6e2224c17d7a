"""The first page: what waits for me, and what became of what I asked for."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.context import address
from requests_app.choices import OPEN, Status, Turn
from requests_app.models import OPEN_QUESTION, Comment, Request
from requests_app.scoring.reading import round_of, with_scores
from requests_app.steps import next_action
from requests_app.workflow.actions import ACTIONS
from teams.http import AuthedRequest
from teams.models import Person, PersonSide, Role

SHOWN = 25
Row = TypeVar("Row", bound=Model)


@require_GET
def home(request: AuthedRequest) -> HttpResponse:
    """My turn, my requests; for whom nothing is there yet, the first steps."""
    person = request.user
    waiting, more_waiting = _first(_waiting(person))
    questions, more_questions = _first(Comment.objects.waiting_for(person))
    mine, more_mine = _first(_mine(person))
    context = {
        "waiting": [(row, asked_of(row)) for row in waiting],
        "more_waiting": more_waiting,
        "mine": mine,
        "more_mine": more_mine,
        "questions": questions,
        "more_questions": more_questions,
        "first_steps": [] if waiting or mine or questions else first_steps(person),
    }
    return render(request, "portal/home.html", context)


def _first(rows: QuerySet[Row]) -> tuple[list[Row], bool]:
    found = list(rows[: SHOWN + 1])
    return found[:SHOWN], len(found) > SHOWN


def _waiting(person: Person) -> QuerySet[Request]:
    """What waits for the person, the longest first, with the question that has to be answered first."""
    asked = Comment.objects.filter(OPEN_QUESTION, request=OuterRef("pk")).order_by("created_at", "pk")
    rows = with_scores(Request.objects.my_turn(person).for_rows(), person).order_by("turn_since", "number")
    return rows.annotate(question=Subquery(asked.values("pk")[:1]))


def _mine(person: Person) -> QuerySet[Request]:
    """Drafts and what is open or was lately finished, the newest first."""
    rows = Request.objects.visible_to(person).filter(requester=person)
    return rows.filter(status__in=(Status.DRAFT, *OPEN, Status.PARKED)).for_rows().order_by("-number")


@dataclass(frozen=True)
class Asked:
    """What the person is asked to do with a request that waits for them, and where."""

    label: str | Promise
    url: str


def asked_of(row: Request) -> Asked:
    """The step by which a request goes on that waits for somebody."""
    question = getattr(row, "question", None)
    if question and not row.is_blocked:
        return Asked(_("Answer"), f"{row.get_absolute_url()}#comment-{question}")
    name = "assign" if _nobody_there(row) else next_action(row)
    if row.status == Status.SHAPING and name == "accept":
        return _asked_while_shaping(row)
    return Asked(ACTIONS[name].label, reverse("requests:act", args=[row.number, name]))


def _asked_while_shaping(row: Request) -> Asked:
    """What the side whose turn it is still has to give; what the scores lead to stands on the page."""
    found = round_of(row)
    if row.turn not in found.sides:
        return Asked(_("Score"), reverse("requests:score", args=[row.number, row.turn]))
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
    return row.serving_team_id is None


def first_steps(person: Person) -> list[tuple[str, str]]:
    """Addresses and what to do there, for somebody for whom nothing is there yet."""
    return [(url, words) for route, words in _routes(person) if (url := address(route))]


def _routes(person: Person) -> list[tuple[str, str]]:
    is_lead = person.memberships.filter(role=Role.LEAD).exists()
    steps: list[tuple[str, str]] = []
    if person.is_admin:
        steps.append(("teams:settings", _("Set up teams and invite people")))
    if person.side != PersonSide.IT:
        steps.append(("requests:new", _("Describe what your customers need")))
    if person.side in (PersonSide.IT, PersonSide.BOTH):
        steps.append(("requests:triage", _("See what has come in")))
        steps.append(("requests:boards", _("Look at your team's board")))
    if is_lead:
        steps.append(("teams:teams", _("Write your team's brief")))
    steps.append(("requests:list", _("See what all teams work on")))
    return steps
