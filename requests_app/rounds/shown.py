"""The item that a round talks about, as its page shows it to one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.choices import AgendaKind, Status
from requests_app.models import Request, RoundItem
from requests_app.outcomes.shown import Review, review_of, with_outcomes
from requests_app.scoring.panel import Panel, panel_of
from requests_app.scoring.reading import with_scores
from requests_app.steps import next_action
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.situation import Situation, look
from requests_app.workflow.verdicts import Verdict, verdict
from teams.models import Person

# What can be decided about each kind, besides agreeing on a value; "" is the step that leads on.
STEPS: dict[str, tuple[str, ...]] = {
    AgendaKind.DIVERGENCE: ("park", "decline"),
    AgendaKind.ACCEPTANCE: ("accept", "park", "decline"),
    AgendaKind.NICE_TO_HAVE: ("park", "accept", "decline"),
    AgendaKind.REVISIT: ("reconsider",),
    AgendaKind.STALLED: ("", "park", "block"),
    AgendaKind.OUTCOME: (),
}
DONE = ("wrong_status", "already_done")


@dataclass(frozen=True)
class Decision:
    """A decision as a big button; ``why_not`` tells those who may not take it what stands in the way."""

    label: str | Promise
    url: str
    is_open: bool
    why_not: list[str]


@dataclass(frozen=True)
class Shown:
    """The request of an item with its scores, and what can be decided.

    ``is_over``: what it was on the agenda for does not wait any more, so nothing is to be decided.
    """

    request: Request
    scores: Panel
    decisions: list[Decision]
    is_over: bool
    # Whether the person may take the last step back, as on the request's own page.
    may_undo: bool = False


def show(item: RoundItem, since: datetime, person: Person) -> Shown:
    """The request of ``item`` in the eyes of ``person``, in a round that began at ``since``.

    At most five queries.

    :raises Http404: where ``person`` does not see it.
    """
    rows = with_outcomes(with_scores(Request.objects.with_people(), person))
    found = rows.get_visible(person, item.request_id)
    situation = look(found, person)
    panel, review = panel_of(found, person, situation.roles), review_of(situation)
    waits = _waits(item.kind, found, panel, review, since)
    decisions = (
        _measuring(review, situation) if item.kind == AgendaKind.OUTCOME else _steps(item.kind, situation)
    )
    may_undo = verdict(ACTIONS["undo"], situation).allowed
    return Shown(found, panel, list(decisions) if waits else [], not waits, may_undo)


def _waits(kind: str, request: Request, panel: Panel, review: Review, since: datetime) -> bool:
    """Whether the request still waits for what it is on the agenda for."""
    if kind == AgendaKind.STALLED:
        return request.is_open and (request.progress_at is None or request.progress_at < since)
    if kind == AgendaKind.REVISIT:
        return request.status == Status.PARKED
    if kind == AgendaKind.OUTCOME:
        return review.is_due
    return request.status == Status.SHAPING and (kind != AgendaKind.DIVERGENCE or panel.to_talk_about > 0)


def _steps(kind: str, situation: Situation) -> Iterable[Decision]:
    leading_on = next_action(situation.request)
    names = [name or leading_on for name in STEPS[kind]]
    for name in dict.fromkeys(filter(None, names)):
        found = verdict(ACTIONS[name], situation)
        if not any(missing.code in DONE for missing in found.missing):
            yield _step(found, situation.request)


def _step(found: Verdict, request: Request) -> Decision:
    is_open = found.allowed or found.may_override
    why_not = [] if is_open else [str(missing.message) for missing in found.missing]
    return Decision(
        found.label, reverse("requests:act", args=[request.number, found.action]), is_open, why_not
    )


def _measuring(review: Review, situation: Situation) -> Iterable[Decision]:
    number, why_not = situation.request.number, [_("This step is up to Marketing's owner.")]
    offered: tuple[tuple[Any, str, bool], ...] = (
        (_("Record the result"), "requests:outcome", review.may_record),
        (_("Measure later"), "requests:outcome_later", review.may_postpone),
    )
    for label, route, may in offered:
        yield Decision(label, reverse(route, args=[number]), may, [] if may else why_not)
