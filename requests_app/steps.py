"""What a person can do with a request now: the one next step, what still misses for it, all other steps."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.choices import LIFE, Status
from requests_app.models import Request
from requests_app.workflow.verdicts import Verdict
from teams.models import Person, Side
from teams.rules import Missing

# What leads on from each status.
NEXT = {
    Status.SUBMITTED: "shape",
    Status.SHAPING: "accept",
    Status.READY: "start",
    Status.IN_PROGRESS: "hand_over",
    Status.IN_REVIEW: "deliver",
    Status.PARKED: "reconsider",
    Status.DECLINED: "reconsider",
    Status.WITHDRAWN: "reconsider",
}
# Offered in places of their own, not in the menu.
ELSEWHERE = ("submit", "undo")
# An action that asks for nothing but these needs no form.
ONLY_FOR_OVERRIDE = {"override", "reason"}

# Conditions in the order in which they are told, with words for when they hold.
CONDITIONS: dict[str, tuple[tuple[str, str, str | Promise], ...]] = {
    "shape": (
        ("team_missing", "serving_team", _("The serving team is chosen")),
        ("owner_missing", "marketing_owner", _("Marketing's seat is taken")),
        ("owner_missing", "it_owner", _("IT's seat is taken, or becomes yours")),
    ),
    "accept": (
        ("goal_missing", "goal", _("The goal is named")),
        ("owner_missing", "marketing_owner", _("Marketing's seat is taken")),
        ("owner_missing", "it_owner", _("IT's seat is taken")),
        ("result_missing", "metric", _("The expected result is complete")),
        ("score_missing", "scores", _("Both sides have scored")),
        ("divergence_open", "scores", _("Nothing is left to talk about")),
        ("below_gate", "scores", _("The impact reaches the gate")),
    ),
    "start": (
        ("personal_data_unsigned", "personal_data_signed_by", _("No personal data wait for a sign-off")),
        ("wip_full", "", _("The team has a free slot")),
    ),
}


# What cannot be told while something else is missing.
UNKNOWN_WHILE = {"divergence_open": "score_missing", "below_gate": "score_missing"}


@dataclass(frozen=True)
class Check:
    """One line of a checklist."""

    words: str | Promise
    met: bool


@dataclass(frozen=True)
class Step:
    """An action as a page offers it: ``at_once`` where nothing has to be asked."""

    verdict: Verdict
    at_once: bool
    checks: list[Check]

    @property
    def open(self) -> bool:
        """Whether there is a form or a button to press; a lead may have one although something misses."""
        return self.verdict.allowed or self.verdict.may_override


@dataclass(frozen=True)
class Steps:
    next: Step | None
    open: list[Step]
    closed: list[Step]
    unfit: list["Unfit"]
    undo: bool


@dataclass(frozen=True)
class Unfit:
    """Actions that do not fit the status, and the one reason for all of them."""

    words: str
    labels: list[str | Promise]


def steps_of(request: Request, verdicts: Iterable[Verdict]) -> Steps:
    """All steps, sorted by how they are offered.

    ``closed`` would fit the status but something is missing; ``unfit`` do not fit it.
    """
    by_name = {verdict.action: step_of(verdict) for verdict in verdicts}
    first = by_name.get("park" if is_nice_to_have(by_name["accept"].verdict) else next_action(request))
    rest = [step for name, step in by_name.items() if step is not first and name not in ELSEWHERE]
    unfit = [step for step in rest if _unfit(step.verdict)]
    fit = [step for step in rest if not _unfit(step.verdict)]
    return Steps(
        next=first,
        open=[step for step in fit if step.open],
        closed=[step for step in fit if not step.open],
        unfit=_grouped(unfit),
        undo=by_name["undo"].verdict.allowed,
    )


def _grouped(steps: Iterable[Step]) -> list[Unfit]:
    by_reason: dict[str, Unfit] = {}
    for step in steps:
        words = " ".join(str(check.words) for check in step.checks)
        by_reason.setdefault(words, Unfit(words, [])).labels.append(step.verdict.label)
    return list(by_reason.values())


def is_nice_to_have(accept: Verdict) -> bool:
    """Whether the gate stands in the way of accepting, and nothing is left to talk about."""
    codes = {missing.code for missing in accept.missing}
    return "below_gate" in codes and "divergence_open" not in codes


def next_action(request: Request) -> str:
    """The name of the step that leads on; "" where nothing is left to do."""
    if request.is_open and request.is_blocked:
        return "unblock"
    return NEXT.get(Status(request.status), "")


def step_of(verdict: Verdict) -> Step:
    """The action with its checklist."""
    asks = {one.name for one in verdict.inputs}
    at_once = (
        verdict.allowed and asks <= ONLY_FOR_OVERRIDE and not any(one.required for one in verdict.inputs)
    )
    return Step(verdict, at_once, list(checklist(verdict)))


def checklist(verdict: Verdict) -> Iterable[Check]:
    """What holds and what misses for an action; nothing else is told where the status does not fit."""
    if _unfit(verdict):
        return [Check(missing.message, False) for missing in verdict.missing]
    known = CONDITIONS.get(verdict.action, ())
    missing = {(one.code, one.field): one for one in verdict.missing}
    codes = {one.code for one in verdict.missing}
    told = [
        _check(missing.pop((code, field), None), words)
        for code, field, words in known
        if UNKNOWN_WHILE.get(code) not in codes
    ]
    return [*(Check(one.message, False) for one in missing.values()), *told]


def _check(missing: Missing | None, words: str | Promise) -> Check:
    return Check(missing.message, False) if missing else Check(words, True)


def _unfit(verdict: Verdict) -> bool:
    return any(missing.code in ("wrong_status", "already_done") for missing in verdict.missing)


def seats_to_take(request: Request, verdicts: Iterable[Verdict], person: Person) -> list[str]:
    """The empty seats that ``person`` can take with one click."""
    assign = next(verdict for verdict in verdicts if verdict.action == "assign")
    offered = {one.name for one in assign.inputs} if assign.allowed else set()
    holders = {request.marketing_owner_id, request.it_owner_id}
    if person.pk in holders:
        return []
    seats = ((Side.MARKETING, "marketing_owner"), (Side.IT, "it_owner"))
    return [
        seat
        for side, seat in seats
        if seat in offered and person.on_side(side) and getattr(request, f"{seat}_id") is None
    ]


def asked_by(request: Request, person: Person) -> str:
    """The side that ``person`` would ask about ``request``: not that of their seat, else not their own."""
    if person.pk in (request.it_owner_id, request.marketing_owner_id):
        return Side.MARKETING if person.pk == request.it_owner_id else Side.IT
    return Side.MARKETING if person.on_side(Side.IT) and not person.on_side(Side.MARKETING) else Side.IT


@dataclass(frozen=True)
class Stage:
    """One of the steps drawn on top of the page."""

    label: str | Promise
    is_past: bool
    is_current: bool
    # Where it stood when it was put aside.
    is_stopped: bool = False


def life_of(request: Request, came_from: str = "") -> list[Stage]:
    """The stages; ``came_from`` is the status from which the request was put aside."""
    status = request.status
    reached = status if status in LIFE else came_from
    at = LIFE.index(Status(reached)) if reached in LIFE else 0
    delivered, stopped = status == Status.DONE, status not in LIFE
    return [
        Stage(stage.label, n < at or (n == at and delivered), stage == status, stopped and n == at)
        for n, stage in enumerate(LIFE)
    ]
