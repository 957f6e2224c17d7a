"""Who may take which transition (PRODUCT §3 and §4)."""

from collections.abc import Callable

from tests.requests_app.life.lives import ADMINS, SIDE_OF_TEAM, Life, Step, lead, member, on


def leads_service(life: Life, person: str) -> bool:
    """Start is up to these leads alone."""
    return lead(person, life.serving) or person in ADMINS


def _triage_then_tandem(life: Life, by: str, step: Step) -> bool:
    if life.status == "submitted":
        return life.serves_or_could(by)
    return by in life.tandem or life.leads(by)


def _tandem_or_lead(life: Life, by: str, step: Step) -> bool:
    return by in life.tandem or life.leads(by)


def _in_a_seat(life: Life, by: str, step: Step) -> bool:
    return life.acts_for(by, "marketing") or life.acts_for(by, "it")


def _for_marketing(life: Life, by: str, step: Step) -> bool:
    return life.acts_for(by, "marketing")


def _for_it(life: Life, by: str, step: Step) -> bool:
    return life.acts_for(by, "it")


def _requester(life: Life, by: str, step: Step) -> bool:
    return by == life.author


def _reconsiders(life: Life, by: str, step: Step) -> bool:
    first = life.reconsidered == 0 and (by in life.tandem or by == life.author)
    return first or life.leads(by)


def _merges(life: Life, by: str, step: Step) -> bool:
    return life.serves(by) or _tandem_or_lead(life, by, step)


def _last_one(life: Life, by: str, step: Step) -> bool:
    return life.last is not None and life.last.by == by


def _team_after(life: Life, step: Step) -> str | None:
    team = step.give.get("serving") or life.serving
    return str(team) if team else None


def _will_serve(life: Life, by: str, step: Step) -> bool:
    return member(by, _team_after(life, step)) or by in ADMINS


def _sets_team(life: Life, by: str, step: Step) -> bool:
    if life.serving is None:
        return on(by, "it") or by in ADMINS
    return life.serves(by) or life.leads(by)


def _sets_marketing_owner(life: Life, by: str, step: Step) -> bool:
    asks = by == life.author or member(by, life.team) or by in ADMINS
    empty = SIDE_OF_TEAM[life.team] == "other" and life.marketing_owner is None
    return asks or (empty and _will_serve(life, by, step))


def assigns(life: Life, by: str, step: Step) -> bool:
    return any(may(life, by, step) for may in ASSIGNERS.values())


ASSIGNERS = {"serving": _sets_team, "it_owner": _will_serve, "marketing_owner": _sets_marketing_owner}
MAY: dict[str, Callable[[Life, str, Step], bool]] = {
    "submit": _requester,
    "assign": assigns,
    "shape": lambda life, by, step: life.serves_or_could(by),
    "accept": _tandem_or_lead,
    "rethink": _tandem_or_lead,
    "park": _triage_then_tandem,
    "decline": _triage_then_tandem,
    "start": _for_it,
    "hand_over": _for_it,
    "send_back": _for_marketing,
    "deliver": _for_marketing,
    "withdraw": _requester,
    "reconsider": _reconsiders,
    "reopen": _in_a_seat,
    "merge": _merges,
    "unmerge": _merges,
    "block": _in_a_seat,
    "unblock": _in_a_seat,
    "undo": _last_one,
}
