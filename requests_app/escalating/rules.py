"""Which causes are on, and after how long: what administrators set, else what each starts with."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import log
from requests_app.escalating.causes import CAUSES
from requests_app.models import EscalationRule
from teams import locks
from teams.fields import wrong
from teams.models import Company, Person
from teams.rights import require_admin

LONGEST_DAYS = 365


@dataclass(frozen=True)
class Rule:
    """Whether a cause is on, and after how many days; None where a date or another setting says when."""

    is_on: bool
    after: int | None


def rules() -> Mapping[str, Rule]:
    """The rule of each cause. One query."""
    set_by_admin = {row.cause: row for row in EscalationRule.objects.all()}
    return {name: _rule(name, set_by_admin.get(name)) for name in CAUSES}


def _rule(name: str, row: EscalationRule | None) -> Rule:
    if row is None:
        return Rule(True, CAUSES[name].after)
    return Rule(row.is_on, (row.after or CAUSES[name].after) if CAUSES[name].after else None)


def check_after(name: str, after: int | None) -> None:
    """Whether ``after`` days can be a rule of the cause ``name``.

    :raises InvalidFields: naming ``after``, or ``cause`` where there is none.
    """
    if name not in CAUSES:
        raise wrong("cause", _("There is no such cause."))
    if CAUSES[name].after is not None and not (after and 1 <= after <= LONGEST_DAYS):
        raise wrong("after", _("Give a number of days from 1 to %(most)d.") % {"most": LONGEST_DAYS})


def set_rule(name: str, is_on: bool, after: int | None = None, *, by: Person) -> Company:
    """Switch a cause on or off and say after how many days it speaks; what was said is not said again.

    :raises Http404: before the first start.
    :raises InvalidFields: naming ``cause`` or ``after``.
    :raises RuleViolation: ``not_yours`` for all but admins.
    """
    check_after(name, after)
    with transaction.atomic():
        company = locks.lock_company()
        if company is None:
            raise Http404
        require_admin(by)
        wanted = Rule(is_on, after if CAUSES[name].after is not None else None)
        if rules()[name] == wanted:
            return company
        EscalationRule.objects.update_or_create(
            cause=name, defaults={"is_on": wanted.is_on, "after": wanted.after}
        )
        company.version += 1
        company.save(update_fields=["version"])
        data = {"cause": name, "is_on": wanted.is_on, "after": wanted.after}
        log.record("company.escalation_set", company, by=by, data=data)
        return company
