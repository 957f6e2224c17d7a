"""Proposals: an exchange that somebody wishes for, those who would come, and the search for a host."""

from django.db import transaction
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.exchanges import rights
from knowhow.exchanges.models import TOPIC_LINE, ExchangeKind, ExchangeProposal, Wish
from knowhow.exchanges.session_fields import clean_ability, clean_kind
from knowhow.exchanges.topics import could_host
from teams import fields
from teams.models import PLAIN_LINE, Person
from teams.texts import clean_line

# With so many who would come, those who could host it are asked; a day of job shadowing is wished by one.
WISHES_NEEDED = 5


def needed(kind: str) -> int:
    """How many have to wish for it until hosts are asked."""
    return 1 if kind == ExchangeKind.SHADOWING else WISHES_NEEDED


def propose(
    title: str, ability: str, *, by: Person, topic: str = "", kind: str = ExchangeKind.SESSION
) -> ExchangeProposal:
    """Wish for an exchange; whoever proposes it would come.

    :raises InvalidFields: naming each field that cannot be kept.
    """
    title = fields.needed_line(title, "title", PLAIN_LINE)
    ability, topic = clean_ability(ability), clean_line(topic, "topic", TOPIC_LINE)
    with transaction.atomic():
        rights.require_active(by)
        proposal = ExchangeProposal.objects.create(
            title=title,
            ability=ability,
            topic=topic,
            kind=clean_kind(kind),
            proposer=by,
            created_at=clock.now(),
        )
        Wish.objects.create(proposal=proposal, person=by, created_at=clock.now())
        data = {"title": title, "kind": kind, "told": _ask_hosts(proposal)}
        log.record("exchange_proposal.made", proposal, by=by, data=data)
        return proposal


def wish(proposal_id: int, *, by: Person) -> ExchangeProposal:
    """Say that one would come; a second time changes nothing. The last that was needed lets hosts be asked.

    :raises RuleViolation: ``wrong_status`` for a closed proposal, ``one_to_one`` for job shadowing.
    """
    with transaction.atomic():
        proposal = _held_open(proposal_id, by)
        if proposal.wishes.filter(person=by).exists():
            return proposal
        if proposal.kind == ExchangeKind.SHADOWING:
            raise rights.refusal("one_to_one", _("This day is wished for by one. Ask for one of your own."))
        Wish.objects.create(proposal=proposal, person=by, created_at=clock.now())
        told = _ask_hosts(proposal)
        _bump(proposal)
        log.record("exchange_proposal.wished", proposal, by=by, data={"told": told})
        return proposal


def unwish(proposal_id: int, *, by: Person) -> ExchangeProposal:
    """Take it back that one would come; where one had not said so, nothing changes.

    :raises RuleViolation: ``wrong_status`` for a closed proposal, ``not_yours`` for who proposed it.
    """
    with transaction.atomic():
        proposal = _held_open(proposal_id, by)
        if proposal.proposer_id == by.pk:
            raise rights.refusal("not_yours", _("It is your own proposal: withdraw it instead."))
        gone, _rows = proposal.wishes.filter(person=by).delete()
        if gone:
            _bump(proposal)
            log.record("exchange_proposal.unwished", proposal, by=by)
        return proposal


def withdraw(proposal_id: int, *, by: Person) -> ExchangeProposal:
    """Close a proposal that nobody needs any more.

    :raises RuleViolation: ``not_yours`` for all but its proposer and admins, ``wrong_status`` where it is
        closed.
    """
    with transaction.atomic():
        proposal = _held_open(proposal_id, by)
        if not may_withdraw(by, proposal):
            raise rights.refusal("not_yours", _("Only who proposed it, and administrators, may withdraw it."))
        proposal.closed_at = clock.now()
        _bump(proposal, "closed_at")
        log.record("exchange_proposal.withdrawn", proposal, by=by)
        return proposal


def may_withdraw(person: Person, proposal: ExchangeProposal) -> bool:
    """Whether ``person`` may close it."""
    return person.pk == proposal.proposer_id or person.is_admin


def _held_open(proposal_id: int, by: Person) -> ExchangeProposal:
    proposal = rights.lock_proposal(proposal_id)
    rights.require_active(by)
    if proposal.closed_at is not None:
        raise rights.refusal("wrong_status", _("This proposal has been closed or taken up already."))
    return proposal


def _bump(proposal: ExchangeProposal, *also: str) -> None:
    proposal.version += 1
    proposal.save(update_fields=["version", *also])


def _ask_hosts(proposal: ExchangeProposal) -> list[int]:
    """Whom to ask now whether they would host it, once a proposal; nobody before enough would come."""
    wished = proposal.wishes.filter(person__is_active=True).count()
    if proposal.hosts_asked_at is not None or wished < needed(proposal.kind):
        return []
    proposal.hosts_asked_at = clock.now()
    proposal.save(update_fields=["hosts_asked_at"])
    return [one.person.pk for one in could_host(proposal)]
