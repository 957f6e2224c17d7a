"""The way out to chat channels: claim, look again what every member may see, send, mark that row done.

A receiver that fails waits, with all that is meant for it, so that it never holds up the others.
"""

import json
import logging
from contextlib import suppress
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Now
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from activity import clock
from activity.models import Event
from notifications import leases, taken_back
from notifications.chat.models import ChatChannel
from notifications.chat.setting import switch_channel
from notifications.chat.telling import TEST_KEY
from notifications.chat.wording import Told, payload
from notifications.delivery import Tally
from notifications.leases import Claim
from notifications.mail import absolute
from notifications.models import Channel, Delivery, State
from notifications.news import tell
from notifications.outgoing import AddressRefused, Answer, NoAnswer, post
from notifications.sealed import CannotOpen, unseal
from notifications.things import of_request
from requests_app.models import Comment, Request

logger = logging.getLogger(__name__)

ROWS_PER_CLAIM = 10
# So many failures in a row, over days, and nobody reads there any more.
MOST_FAILURES = 40
# The channel or its webhook is gone, or was forbidden to us.
GONE = frozenset({401, 403, 404, 410})
LONGEST_PAUSE = timedelta(hours=1)


class Lost(Exception):
    """This message will never be taken; ``is_gone`` where no other will be either."""

    def __init__(self, words: str, *, is_gone: bool = False) -> None:
        super().__init__(words)
        self.is_gone = is_gone


class Later(Exception):
    """The receiver wants to be asked again later: after ``pause`` where it says so."""

    def __init__(self, words: str, pause: timedelta | None = None) -> None:
        super().__init__(words)
        self.pause = pause


def deliver_chat(limit: int = 200) -> Tally:
    """Send up to about ``limit`` due messages."""
    tally, failing = Tally(), set[int]()
    while tally.total < limit:
        claim = leases.claim([Channel.CHAT], ROWS_PER_CLAIM, only=~Q(chat__in=failing) if failing else None)
        if not claim.rows:
            break
        try:
            _send_claimed(claim, tally, failing)
        finally:
            leases.release(claim)
    return tally


def _send_claimed(claim: Claim, tally: Tally, failing: set[int]) -> None:
    for row in claim.rows:
        if row.chat_id in failing or not leases.renew(claim, [row]):
            continue
        tally.note([row], _attempt(claim, row, failing))


def _let_wait(failed: Delivery, failing: set[int]) -> None:
    """Whatever else is meant for the same receiver waits as long as what it did not take."""
    if failed.chat_id is not None:
        failing.add(failed.chat_id)
    others = Delivery.objects.filter(chat=failed.chat_id, state=State.WAITING).exclude(pk=failed.pk)
    until = Delivery.objects.filter(pk=failed.pk).values_list("due_at", flat=True).first()
    if until is not None:
        others.filter(due_at__lt=until).update(due_at=until)


def _attempt(claim: Claim, row: Delivery, failing: set[int]) -> State:
    if leases.exhausted([row]):
        leases.finish(claim, [row], State.DEAD, row.last_error or "every attempt ended a worker")
        return State.DEAD
    channel = ChatChannel.objects.told().select_related("team").filter(deliveries=row).first()
    try:
        told = _told(row, channel) if channel else None
    except Exception as error:
        logger.exception("%s could not be put into words", row)
        return leases.try_later(claim, [row], repr(error))
    if channel is None or told is None:
        leases.finish(claim, [row], State.SKIPPED)
        return State.SKIPPED
    try:
        _send(channel, told)
    except Lost as error:
        return _given_up(claim, row, channel, error)
    except (Later, NoAnswer) as error:
        state = _put_off(claim, row, channel, error)
        if state == State.WAITING:
            _let_wait(row, failing)
        return state
    leases.finish(claim, [row], State.DONE)
    ChatChannel.objects.filter(pk=channel.pk).update(failures=0, last_error="", last_told_at=clock.now())
    return State.DONE


def _given_up(claim: Claim, row: Delivery, channel: ChatChannel, error: Lost) -> State:
    logger.warning("%s was refused for good: %s", row, error)
    leases.finish(claim, [row], State.DEAD, str(error))
    _note_failure(channel, str(error), is_gone=error.is_gone)
    return State.DEAD


def _put_off(claim: Claim, row: Delivery, channel: ChatChannel, error: Later | NoAnswer) -> State:
    logger.warning("%s could not be sent: %s", row, error)
    state = leases.try_later(claim, [row], str(error))
    pause = error.pause if isinstance(error, Later) else None
    if pause is not None and state == State.WAITING:
        Delivery.objects.filter(pk=row.pk, state=State.WAITING).update(
            due_at=Now() + min(pause, LONGEST_PAUSE)
        )
    _note_failure(channel, str(error))
    return state


def _note_failure(channel: ChatChannel, error: str, *, is_gone: bool = False) -> None:
    """Count that nothing was taken; too often, or where nobody is there, the channel is switched off."""
    ChatChannel.objects.filter(pk=channel.pk).update(failures=F("failures") + 1, last_error=error[:500])
    if is_gone or channel.failures + 1 >= MOST_FAILURES:
        # Whoever has removed it meanwhile has done more than that.
        with suppress(Http404):
            switch_channel(channel, False, by=None, error=error)


def _send(channel: ChatChannel, told: Told) -> None:
    """:raises Lost, Later, NoAnswer: as the receiver has it."""
    try:
        url = unseal(channel.sealed_url)
    except CannotOpen:
        raise Lost("the address was sealed with another SECRET_KEY; enter it again", is_gone=True) from None
    body = json.dumps(payload(channel.vendor, told)).encode()
    try:
        answer = post(url, body, {"Content-Type": "application/json"})
    except AddressRefused as error:
        raise Lost(str(error), is_gone=True) from error
    _judge(answer)


def _judge(answer: Answer) -> None:
    """:raises Lost, Later: where the answer is no yes."""
    said = answer.body[:200].decode("utf-8", "replace").strip()
    words = f"{answer.status} {said}".strip()
    if answer.status == 429 or answer.status >= 500:
        raise Later(words, _pause(answer))
    if answer.status in GONE:
        raise Lost(words, is_gone=True)
    if not 200 <= answer.status < 300:
        raise Lost(words)
    # Microsoft answers with 200 and says in the text that it was too much.
    if "delivery failed" in said.lower():
        raise Later(words)


def _pause(answer: Answer) -> timedelta | None:
    asked = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "")
    return timedelta(seconds=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None


def _told(row: Delivery, channel: ChatChannel) -> Told | None:
    """What ``channel`` reads; None where it must not or need not be told any more."""
    with translation.override(channel.language):
        if row.event is None:
            return _test(channel) if row.dedupe_key.startswith(TEST_KEY) else None
        if taken_back.undone_among([row.event]):
            return None
        request = (
            Request.objects.for_everyone()
            .select_related("requesting_team", "serving_team")
            .filter(number=row.event.object_id)
            .first()
        )
        return _news(row.event, request) if request else None


def _news(event: Event, request: Request) -> Told:
    news = tell(event, of_request(request), _comment(event))
    teams = [str(team) for team in (request.requesting_team, request.serving_team) if team]
    return Told(
        title=f"{request.key} {request.title}",
        url=absolute(request.get_absolute_url()),
        sentence=news.sentence,
        quote=news.said or news.quote,
        facts=(str(request.get_status_display()), *teams),
    )


def _comment(event: Event) -> Comment | None:
    """The comment that ``event`` tells of; its request is one that every member may see."""
    pk = event.data.get("comment")
    if not isinstance(pk, int):
        return None
    return Comment.objects.filter(pk=pk, request=event.object_id, deleted_at=None).first()


def _test(channel: ChatChannel) -> Told:
    words = _("This is a test: Tandem reaches this channel.")
    return Told(
        title=_("Test message"),
        url=absolute(channel.team.get_absolute_url()),
        sentence=words,
        facts=(channel.team.name,),
    )
