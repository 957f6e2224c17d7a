"""Who may do what with an exchange, and its row held while they do."""

from collections.abc import Iterable

from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock
from knowhow.exchanges.models import Exchange, ExchangeProposal, ExchangeQuerySet
from teams import rights
from teams.models import Person, PersonSide
from teams.rules import Missing, RuleViolation

HIGHEST_ID = 2**63 - 1


def get_exchange(person: Person, pk: int, rows: ExchangeQuerySet | None = None) -> Exchange:
    """:raises Http404: where there is no such exchange for ``person``."""
    found = (rows or Exchange.objects.all()).visible_to(person).filter(pk=min(pk, HIGHEST_ID)).first()
    if found is None:
        raise Http404
    return found


def lock_exchange(pk: int) -> Exchange:
    """:raises Http404: where there is no such exchange."""
    return lock_exchanges([pk])[0]


def lock_exchanges(pks: Iterable[int]) -> list[Exchange]:
    """These exchanges with their rows held, always in the same order.

    :raises Http404: where one of them does not exist.
    """
    wanted = {min(pk, HIGHEST_ID) for pk in pks}
    rows = Exchange.objects.select_for_update(no_key=True, of=("self",)).select_related("host")
    found = list(rows.filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise Http404
    return found


def lock_proposal(pk: int) -> ExchangeProposal:
    """:raises Http404: where there is no such proposal."""
    rows = ExchangeProposal.objects.select_for_update(no_key=True)
    found = rows.filter(pk=min(pk, HIGHEST_ID)).first()
    if found is None:
        raise Http404
    return found


def refusal(code: str, message: str, field: str = "") -> RuleViolation:
    return RuleViolation([Missing(code, message, field)])


def require_active(person: Person) -> None:
    """:raises RuleViolation: ``not_yours`` for somebody who has left."""
    if not Person.objects.filter(pk=person.pk, is_active=True).exists():
        raise refusal("not_yours", _("Only active members may do this."))


def may_keep(person: Person, exchange: Exchange) -> bool:
    """Whether ``person`` may change the exchange: its host, who planned it, and admins."""
    own = person.is_active and person.pk in (exchange.host_id, exchange.planned_by_id)
    return own or rights.is_admin(person)


def require_keeper(person: Person, exchange: Exchange) -> None:
    """:raises RuleViolation: ``not_yours`` for all but host, planner and admins."""
    require_active(person)
    if not may_keep(person, exchange):
        raise refusal("not_yours", _("Only the host, who planned it, and administrators may do this."))


def may_host_for(person: Person, host: Person) -> bool:
    """Whether ``person`` may name ``host`` as host: oneself, the leads of their teams, admins."""
    return person.pk == host.pk or rights.may_lead(person, *host.teams.all())


def require_to_come(exchange: Exchange) -> None:
    """:raises RuleViolation: ``wrong_status`` where it is cancelled or has begun."""
    if exchange.is_cancelled:
        raise refusal("wrong_status", _("This exchange is cancelled."))
    if exchange.starts_at <= clock.now():
        raise refusal("wrong_status", _("This exchange has begun already."))


def is_same_side(one: Person, other: Person) -> bool:
    """Whether a day of the one with the other would cross no border between sides."""
    return one.side == other.side and one.side != PersonSide.BOTH
