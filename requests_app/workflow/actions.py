"""The transition table of the product as data: what may be done, when, by whom and with what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.choices import BOARD_COLUMNS, OPEN, Status
from requests_app.workflow import conditions, effects, undo
from requests_app.workflow import who as by
from requests_app.workflow.conditions import Condition
from requests_app.workflow.situation import Situation
from requests_app.workflow.who import Who


@dataclass(frozen=True)
class Ask:
    """An input that an action takes, and the conditions that it has to fulfil."""

    name: str
    checks: tuple[Condition, ...] = ()
    # Whether this person is asked for it at all.
    offered: Callable[[Situation], bool] = lambda situation: True
    # Nothing goes without it, and no code of the table says so.
    required: bool = False


@dataclass(frozen=True)
class Action:
    """One row of the table. ``target`` None: the status stays, or follows from the step taken back."""

    name: str
    label: str | Promise
    event: str
    sources: tuple[Status, ...]
    target: Status | None
    who: tuple[Who, ...]
    needs: tuple[Condition, ...] = ()
    asks: tuple[Ask, ...] = ()
    # What a lead may set aside, with a reason that everybody sees.
    overridable: frozenset[str] = frozenset()
    override_by: Who = by.LEAD
    # A further condition on the request's state, whose failing is told as wrong_status.
    applies: Callable[[Situation], bool] = lambda situation: True
    applies_not: str | Promise = ""
    effect: Callable[[Situation], dict[str, Any]] = field(default=effects.nothing)


REASON = Ask("reason", (conditions.reason_given,))
NOTE = Ask("reason")
EVERY_STATUS = tuple(Status(value) for value in Status.values)
TANDEM_OR_FOR_IT = (by.TANDEM, by.FOR_MARKETING_OWNER, by.FOR_IT_OWNER)


def _last_is_merge(s: Situation) -> bool:
    return s.request.duplicate_of_id is not None and s.last is not None and s.last.action == "merge"


def _last_can_be_undone(s: Situation) -> bool:
    return s.last is not None and s.last.action in UNDOABLE and "before" in s.last.data


TABLE = (
    Action(
        "submit",
        _("Submit"),
        "request.submitted",
        (Status.DRAFT,),
        Status.SUBMITTED,
        (by.REQUESTER,),
    ),
    Action(
        "assign",
        _("Assign"),
        "request.assigned",
        (*OPEN, Status.DONE),
        None,
        (by.ASSIGNER,),
        asks=(
            Ask(
                "serving_team",
                (conditions.serving_team_yours, conditions.serving_team_fits),
                by.may_set_serving_team,
            ),
            Ask(
                "it_owner",
                (conditions.it_owner_yours, conditions.it_owner_fits),
                by.may_take_it_seat,
            ),
            Ask(
                "marketing_owner",
                (conditions.marketing_owner_yours, conditions.marketing_owner_fits, conditions.owners_differ),
                by.may_set_marketing_owner,
            ),
        ),
        effect=effects.assign,
    ),
    Action(
        "shape",
        _("Start shaping"),
        "request.shaped",
        (Status.SUBMITTED,),
        Status.SHAPING,
        (by.SHAPER,),
        needs=(
            conditions.serving_team_there,
            conditions.marketing_owner_there,
            conditions.it_owner_there_or_actor,
        ),
        effect=effects.shape,
    ),
    Action(
        "accept",
        _("Accept"),
        "request.accepted",
        (Status.SHAPING,),
        Status.READY,
        (by.TANDEM, by.LEAD),
        needs=(
            conditions.goal_named,
            conditions.marketing_owner_there,
            conditions.it_owner_there,
            conditions.result_complete,
            conditions.both_scored,
            conditions.divergences_closed,
            conditions.gate_reached,
        ),
        asks=(Ask("override", offered=by.is_lead), NOTE),
        overridable=frozenset({"goal_missing", "score_missing", "divergence_open", "below_gate"}),
    ),
    Action(
        "rethink",
        _("Back to shaping"),
        "request.rethought",
        (Status.READY,),
        Status.SHAPING,
        (by.TANDEM, by.LEAD),
        asks=(REASON,),
    ),
    Action(
        "start",
        pgettext_lazy("action", "Start"),
        "request.started",
        (Status.READY,),
        Status.IN_PROGRESS,
        (by.IT_OWNER, by.SERVING_LEAD),
        needs=(conditions.personal_data_signed, conditions.slot_free),
        asks=(Ask("override", offered=by.is_serving_lead), NOTE),
        overridable=frozenset({"wip_full"}),
        override_by=by.SERVING_LEAD,
    ),
    Action(
        "hand_over",
        _("Hand over for review"),
        "request.handed_over",
        (Status.IN_PROGRESS,),
        Status.IN_REVIEW,
        (by.IT_OWNER, by.FOR_IT_OWNER),
        needs=(conditions.serving_team_there,),
        asks=(Ask("solution"), Ask("explainer", (conditions.explained,))),
        effect=effects.hand_over,
    ),
    Action(
        "send_back",
        _("Send back"),
        "request.sent_back",
        (Status.IN_REVIEW,),
        Status.IN_PROGRESS,
        (by.MARKETING_OWNER, by.FOR_MARKETING_OWNER),
        asks=(REASON,),
    ),
    Action(
        "deliver",
        _("Confirm delivery"),
        "request.delivered",
        (Status.IN_REVIEW,),
        Status.DONE,
        (by.MARKETING_OWNER, by.FOR_MARKETING_OWNER),
        asks=(Ask("measured_on", (conditions.measured_later,)),),
        effect=effects.deliver,
    ),
    Action(
        "park",
        pgettext_lazy("action", "Park"),
        "request.parked",
        (Status.SUBMITTED, Status.SHAPING, Status.READY, Status.IN_PROGRESS),
        Status.PARKED,
        (by.TRIAGE, by.TANDEM_LATER, by.LEAD_LATER),
        needs=(conditions.serving_team_there_while_new,),
        asks=(REASON, Ask("revisit_on", (conditions.revisit_in_future,))),
        effect=effects.park,
    ),
    Action(
        "decline",
        _("Decline"),
        "request.declined",
        (Status.SUBMITTED, Status.SHAPING, Status.READY, Status.IN_PROGRESS),
        Status.DECLINED,
        (by.TRIAGE, by.TANDEM_LATER, by.LEAD_LATER),
        needs=(conditions.serving_team_there_while_new,),
        asks=(REASON, Ask("solution")),
        effect=effects.decline,
    ),
    Action(
        "withdraw",
        _("Withdraw"),
        "request.withdrawn",
        OPEN,
        Status.WITHDRAWN,
        (by.REQUESTER,),
        asks=(REASON,),
    ),
    Action(
        "reconsider",
        _("Reconsider"),
        "request.reconsidered",
        (Status.PARKED, Status.DECLINED, Status.WITHDRAWN),
        Status.SUBMITTED,
        (by.FIRST_TIME_TANDEM, by.FIRST_TIME_REQUESTER, by.LEAD),
        asks=(REASON,),
        effect=effects.reconsider,
    ),
    Action(
        "reopen",
        _("Reopen"),
        "request.reopened",
        (Status.DONE,),
        Status.IN_PROGRESS,
        TANDEM_OR_FOR_IT,
        asks=(REASON,),
        effect=effects.reopen,
    ),
    Action(
        "merge",
        _("Merge as a duplicate"),
        "request.merged",
        (Status.SUBMITTED, Status.SHAPING, Status.READY),
        Status.DECLINED,
        (by.SERVING_MEMBER, by.TANDEM, by.LEAD),
        asks=(Ask("into", required=True), NOTE),
    ),
    Action(
        "unmerge",
        _("Undo the merge"),
        "request.unmerged",
        (Status.DECLINED,),
        None,
        (by.SERVING_MEMBER, by.TANDEM, by.LEAD),
        needs=(conditions.unmerged_in_time,),
        applies=_last_is_merge,
        applies_not=_("The request’s last step was no merge."),
        effect=undo.restore,
    ),
    Action(
        "block",
        _("Block"),
        "request.blocked",
        OPEN,
        None,
        TANDEM_OR_FOR_IT,
        asks=(REASON, Ask("waiting_for", required=True)),
        applies=lambda s: not s.request.waiting_for,
        applies_not=_("The request is blocked already."),
        effect=effects.block,
    ),
    Action(
        "unblock",
        _("Unblock"),
        "request.unblocked",
        OPEN,
        None,
        TANDEM_OR_FOR_IT,
        asks=(NOTE,),
        applies=lambda s: bool(s.request.waiting_for),
        applies_not=_("The request is not blocked."),
        effect=effects.unblock,
    ),
    Action(
        "undo",
        _("Undo"),
        "request.undone",
        EVERY_STATUS,
        None,
        (by.LAST_ACTOR,),
        needs=(conditions.undone_in_time, conditions.nothing_since),
        applies=_last_can_be_undone,
        applies_not=_("There is no step that could be undone."),
        effect=undo.restore,
    ),
)

ACTIONS: dict[str, Action] = {action.name: action for action in TABLE}
UNDOABLE = frozenset(ACTIONS) - {"submit", "undo", "unmerge"}
# What a card's way from one column to another means.
BY_MOVE: dict[tuple[Status, Status], Action] = {
    (source, action.target): action
    for action in TABLE
    if action.target in BOARD_COLUMNS
    for source in action.sources
}
