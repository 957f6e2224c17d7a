"""What follows an exchange: who was there, whether it helped, and what was shown."""

from collections.abc import Collection

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.exchanges import rights
from knowhow.exchanges.models import Answer, Exchange, ExchangeMaterial, SignUp, Standing
from knowhow.exchanges.session_fields import clean_link
from teams import fields
from teams.models import PLAIN_LINE, Person

MOST_MATERIALS = 30


def record_attendance(exchange_id: int, present: Collection[int], *, by: Person) -> Exchange:
    """Say which of those with a seat were there (ids of people), and so which were not.

    Who is not there any more takes their answer back with it.

    :raises InvalidFields: where somebody among ``present`` had no seat.
    :raises RuleViolation: ``not_yours`` for all but host, planner and admins; ``wrong_status`` before it
        begins, and where it is cancelled.
    """
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        rights.require_keeper(by, exchange)
        _require_begun(exchange)
        seated = SignUp.objects.filter(exchange=exchange, standing=Standing.SEAT)
        guests = set(seated.values_list("person", flat=True))
        if not set(present) <= guests:
            raise fields.wrong("present", _("Name only people who had a seat."))
        seated.filter(person__in=present).update(attended=True)
        seated.exclude(person__in=present).update(attended=False, answer="")
        _bump(exchange)
        log.record("exchange.attended", exchange, by=by, data={"present": sorted(set(present))})
        return exchange


def give_feedback(exchange_id: int, answer: str, *, by: Person) -> SignUp:
    """Answer the one question: can you now do what was promised? Saying so also says that one was there.

    What is answered stands in no event: it is counted, not told.

    :raises InvalidFields: for an unknown answer.
    :raises RuleViolation: ``not_yours`` for who was not there, ``wrong_status`` before its end.
    """
    if answer not in Answer.values:
        raise fields.wrong("answer", _("Choose one of the answers."))
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        rights.require_active(by)
        if exchange.is_cancelled or exchange.ends_at > clock.now():
            raise rights.refusal("wrong_status", _("Wait until it is over."))
        seated = SignUp.objects.filter(exchange=exchange, person=by, standing=Standing.SEAT)
        signup = seated.exclude(attended=False).first()
        if signup is None:
            raise rights.refusal("not_yours", _("Only those who were there can say whether it helped."))
        signup.attended, signup.answer = True, answer
        signup.save(update_fields=["attended", "answer"])
        _bump(exchange)
        log.record("exchange.feedback_given", exchange, by=by)
        return signup


def _require_begun(exchange: Exchange) -> None:
    if exchange.is_cancelled or exchange.starts_at > clock.now():
        raise rights.refusal("wrong_status", _("Wait until it has begun."))


def _bump(exchange: Exchange) -> None:
    exchange.version += 1
    exchange.save(update_fields=["version"])


def add_material(exchange_id: int, title: str, link: str, *, by: Person) -> ExchangeMaterial:
    """Add a link to what was shown, or to what helps to prepare.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but host, planner and admins; ``already_done`` for a link
        that is there; ``too_many``.
    """
    title = fields.needed_line(title, "title", PLAIN_LINE)
    link = clean_link(link)
    if not link:
        raise fields.wrong("link", _("Fill in this field."), "required")
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        rights.require_keeper(by, exchange)
        if exchange.materials.count() >= MOST_MATERIALS:
            raise rights.refusal("too_many", _("Take away a link that is no longer needed first."))
        if exchange.materials.filter(link=link).exists():
            raise rights.refusal("already_done", _("This link is there already."), "link")
        added = exchange.materials.create(title=title, link=link, added_by=by, added_at=clock.now())
        _bump(exchange)
        log.record("exchange.material_added", exchange, by=by, data={"title": title, "link": link})
        return added


def remove_material(exchange_id: int, material_id: int, *, by: Person) -> Exchange:
    """Take a link away.

    :raises Http404: where the exchange has no such link.
    :raises RuleViolation: ``not_yours`` for all but host, planner and admins.
    """
    with transaction.atomic():
        exchange = rights.lock_exchange(exchange_id)
        found = exchange.materials.filter(pk=min(material_id, rights.HIGHEST_ID)).first()
        if found is None:
            raise Http404
        rights.require_keeper(by, exchange)
        data = {"title": found.title, "link": found.link}
        found.delete()
        _bump(exchange)
        log.record("exchange.material_removed", exchange, by=by, data=data)
        return exchange
