"""What the table says about one action in one situation."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.choices import Status
from requests_app.intake.fields import what_is_missing
from requests_app.models import Request
from requests_app.workflow.actions import ACTIONS, Action
from requests_app.workflow.inputs import NOTHING
from requests_app.workflow.situation import Situation, look
from requests_app.workflow.who import Who
from teams.models import Person
from teams.rules import InvalidFields, Missing


@dataclass(frozen=True)
class Asked:
    """An input for which the action's form asks."""

    name: str
    required: bool


@dataclass(frozen=True)
class Verdict:
    """Whether a person may take an action now, and what stands in the way.

    ``allowed`` looks at the state of the request; what the person still has to hand in is in ``inputs``.
    ``may_override`` says that a lead may set aside all that is missing, with a reason.
    """

    action: str
    label: str | Promise
    allowed: bool
    missing: list[Missing]
    inputs: tuple[Asked, ...]
    may_override: bool = False


def evaluate(request: Request, by: Person) -> list[Verdict]:
    """The verdict on every action of the table, for showing: no locks, at most four queries.

    ``request`` comes with its people (``with_people``) and is one that ``by`` may see.
    """
    situation = look(request, by)
    return [verdict(action, situation) for action in ACTIONS.values()]


def verdict(action: Action, s: Situation) -> Verdict:
    """The verdict on one action, whatever is still to be handed in."""
    missing = state_missing(action, s)
    may_override = bool(missing) and len(_waivable(action, s, missing)) == len(missing)
    return Verdict(action.name, action.label, not missing, missing, _asked(action, s), may_override)


def _asked(action: Action, s: Situation) -> tuple[Asked, ...]:
    empty = replace(s, inputs=NOTHING)
    # What an action needs that does not fit the status is not looked up.
    fits = status_missing(action, s) is None
    return tuple(
        Asked(ask.name, ask.required or (fits and any(check(empty) is not None for check in ask.checks)))
        for ask in action.asks
        if ask.offered(s)
    )


def status_missing(action: Action, s: Situation) -> Missing | None:
    """Whether the status allows the action; where it was just done, that is what is said."""
    if s.request.status in action.sources and action.applies(s):
        return None
    if s.last is not None and s.last.action == action.name:
        return Missing("already_done", _("This has just been done already."))
    if s.request.status in action.sources:
        return Missing("wrong_status", str(action.applies_not))
    words = _("This is not possible while the request is in “%(status)s”.")
    return Missing("wrong_status", words % {"status": Status(s.request.status).label})


def is_repeat(action: Action, s: Situation) -> bool:
    """Whether the person asks again for the step that they have just taken."""
    wrong = status_missing(action, s)
    mine = s.last is not None and s.last.actor == s.by.pk
    return wrong is not None and wrong.code == "already_done" and mine


def acts_as(action: Action, s: Situation) -> Who | None:
    """In which of the roles that may take the action the person takes it."""
    if not s.by.is_active:
        return None
    return next((who for who in action.who if who.holds(s)), None)


def state_missing(action: Action, s: Situation) -> list[Missing]:
    """What stands in the way, besides what can still be handed in."""
    wrong = status_missing(action, s)
    if wrong is not None:
        return [wrong]
    missing = [] if acts_as(action, s) else [_not_yours(action)]
    missing += [found for need in action.needs if (found := need(s)) is not None]
    return missing + (what_is_missing(s.request) if action.name == "submit" else [])


def _not_yours(action: Action) -> Missing:
    people = [str(who.words) for who in action.who if who.words]
    return Missing("not_yours", _("This step is up to: %(people)s.") % {"people": ", ".join(people)})


def _waivable(action: Action, s: Situation, missing: list[Missing]) -> list[Missing]:
    if not action.overridable or not action.override_by.holds(s):
        return []
    return [found for found in missing if found.code in action.overridable]


def waived(action: Action, s: Situation) -> list[Missing]:
    """What the lead's override sets aside."""
    return _waivable(action, s, state_missing(action, s)) if s.inputs.override else []


def missing_now(action: Action, s: Situation) -> list[Missing]:
    """Everything that stands in the way of taking the action with these inputs."""
    aside = waived(action, s)
    missing = [found for found in state_missing(action, s) if found not in aside]
    if aside and not s.inputs.reason:
        words = _("Say why you go on although something is missing; everybody sees it.")
        missing.append(Missing("reason_missing", words, "reason"))
    if missing and missing[0].code in {"wrong_status", "already_done"}:
        return missing
    checks = [check for ask in action.asks for check in ask.checks]
    wrong = [found for check in checks if (found := check(s)) is not None]
    told = any(found.code == "not_yours" for found in missing)
    return missing + [found for found in wrong if not (told and found.code == "not_yours")]


def check_required(action: Action, s: Situation) -> None:
    """Whether everything is there that no code of the table tells of.

    :raises InvalidFields: naming each field that is empty.
    """
    empty = [ask.name for ask in action.asks if ask.required and not getattr(s.inputs, ask.name)]
    if empty:
        raise InvalidFields([Missing("required", _("Fill in this field."), name) for name in empty])
