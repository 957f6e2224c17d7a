"""What an administrator sets for deciding: weights, gate, and how long things may take.

The company lives in the room below; what its weights mean for requests is brought up to date here, in the
same transaction.
Locks: rules, company, then the requests by their numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from django.db import transaction

from requests_app.boards import locks
from requests_app.models import Request
from requests_app.scoring import arithmetic
from requests_app.scoring.arithmetic import Weights
from requests_app.scoring.joints import JointRound, joint_rounds
from requests_app.scoring.rules import Rules, rules_now
from teams import company
from teams.company import CompanyFields
from teams.models import Company, Person


@dataclass(frozen=True)
class Counted:
    """Of ``total`` requests, how many change their place with regard to the gate."""

    total: int
    falls_below: int
    rises_above: int
    changes: int


@dataclass(frozen=True)
class Preview:
    """What other weights and another gate would mean; a decision keeps those that it was made with."""

    decided: Counted
    undecided: Counted


def set_rules(changes: CompanyFields, *, by: Person, seen_version: int | None = None) -> Company:
    """Change what holds for deciding; the impact of all that can still be scored follows at once.

    ``seen_version`` is what a form was built from and refuses only where both changed the same field.

    :raises InvalidFields: naming each field that cannot be kept, also where the weights do not make 100.
    :raises RuleViolation: ``not_yours`` for all but admins, ``wrong_status`` before the first start.
    :raises StaleVersion: where somebody else changed what this changes.
    """
    with transaction.atomic():
        # Whoever scores or decides at this moment has read the weights under the same lock.
        locks.lock_rules(alone=True)
        before = rules_now().weights
        found = company.edit_company(changes, by=by, seen_version=seen_version)
        after = rules_now().weights
        if after != before:
            _settle_all(after)
        return found


def _settle_all(weights: Weights) -> None:
    """Compute the impact of every request anew that is not decided yet. Effort does not depend on weights."""
    found = {one.request: _difference(one, weights) for one in joint_rounds(decided=False)}
    rows = Request.objects.submitted().filter(number__in=list(found)).order_by("number")
    changed = []
    for row in rows.only("number", "difference").select_for_update(of=("self",)):
        if row.difference != found[row.number]:
            row.difference = found[row.number]
            changed.append(row)
    Request.objects.bulk_update(changed, ["difference"], batch_size=1_000)


def preview(weights: Weights, gate: int) -> Preview:
    """What ``weights`` and ``gate`` would change. Counts over all requests; none is named."""
    now = rules_now()
    return Preview(
        _count(joint_rounds(decided=True), weights, gate, now),
        _count(joint_rounds(decided=False), weights, gate, now),
    )


def _count(rounds: Iterable[JointRound], weights: Weights, gate: int, now: Rules) -> Counted:
    total = falls = rises = changes = 0
    for one in rounds:
        then, after = one.difference, _difference(one, weights)
        was_above = then >= (now.gate if one.gate is None else one.gate)
        total += 1
        falls += was_above and after < gate
        rises += not was_above and after >= gate
        changes += then != after
    return Counted(total, falls, rises, changes)


def _difference(one: JointRound, weights: Weights) -> int:
    return _difference_of(tuple(one.joint.items()), weights)


# Many requests share their joint scores, and exact arithmetic takes its time.
@lru_cache(maxsize=20_000)
def _difference_of(joint: tuple[tuple[str, Fraction], ...], weights: Weights) -> int:
    return arithmetic.difference(dict(joint), weights)
