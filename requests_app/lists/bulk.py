"""The same step on many requests: each is a change of its own, and one refusal stops no other."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _

from activity import log
from requests_app.models import Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion

# Ten requests take about a second together; nobody shall wait longer than for a long page.
MOST = 200
LONGEST_NUMBER = 19

Change = Callable[[int, Person], Request]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one request: ``refused`` says why it was not done; ``changed`` where it really moved."""

    request: Request
    refused: str = ""
    changed: bool = False


def chosen(texts: Sequence[str], person: Person) -> list[Request]:
    """The requests with these numbers, in their order.

    :raises InvalidFields: for none, for more than MOST, and for what is no number.
    :raises Http404: where one of them is hidden from ``person`` or absent: then nothing is done with any.
    """
    if not texts:
        raise InvalidFields([Missing("required", _("Choose at least one request."), "numbers")])
    if not all(text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER for text in texts):
        raise InvalidFields([Missing("invalid", _("Choose requests by their numbers."), "numbers")])
    numbers = list(dict.fromkeys(min(int(text), HIGHEST_NUMBER) for text in texts))
    if len(numbers) > MOST:
        words = _("Choose at most %(most)d requests at once.") % {"most": MOST}
        raise InvalidFields([Missing("too_many", words, "numbers")])
    rows = Request.objects.visible_to(person).with_people().filter(number__in=numbers)
    found = {row.number: row for row in rows}
    if len(found) != len(numbers):
        raise Http404
    return [found[number] for number in numbers]


def change_all(requests: Sequence[Request], change: Change, person: Person) -> list[Outcome]:
    """Let ``person`` make ``change`` on each of ``requests``, in transactions of their own, told as one."""
    with log.together():
        return [_outcome(request, change, person) for request in requests]


def _outcome(request: Request, change: Change, person: Person) -> Outcome:
    try:
        after = change(request.number, person)
    except RuleViolation as violation:
        return Outcome(request, refused=" ".join(str(missing.message) for missing in violation.missing))
    except StaleVersion:
        return Outcome(request, refused=_("Somebody else is changing it at this moment. Please try again."))
    except Http404:
        return Outcome(request, refused=_("You can no longer see this request."))
    except OperationalError:
        logger.exception("request %d could not be changed with others", request.number)
        return Outcome(request, refused=_("The portal was too busy for this one. Please try again."))
    return Outcome(request, changed=after.version != request.version)
