"""By what the timeline can be filtered."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from requests_app.timeline.words import DECISIONS


class Subject(NamedTuple):
    """Events whose kinds begin with one of ``kinds``."""

    label: str | Promise
    kinds: tuple[str, ...]


SUBJECTS = {
    "decisions": Subject(
        pgettext_lazy("filter of the timeline", "Decisions"),
        (
            *sorted(DECISIONS),
            "request.score",
            "request.rethought",
            "request.delivered",
            "request.withdrawn",
            "request.reconsidered",
            "request.reopened",
            "request.merged",
            "request.unmerged",
            "request.outcome",
        ),
    ),
    "changes": Subject(
        pgettext_lazy("filter of the timeline", "Changes"),
        (
            "request.edited",
            "request.restricted",
            "request.opened_up",
            "request.attached",
            "request.detached",
            "request.linked",
            "request.unlinked",
            "request.item_",
            "request.result_",
        ),
    ),
    "talk": Subject(
        pgettext_lazy("filter of the timeline", "Talk"),
        ("request.comment", "request.asked", "request.answer", "request.support"),
    ),
}
REST = "steps"
REST_LABEL = pgettext_lazy("filter of the timeline", "Steps and people")


def about(subject: str) -> Q:
    """The condition for events of ``subject``; without one, or with one that is not known, for all.

    What belongs to none of the named subjects is among the steps, so no event is ever out of reach.
    """
    if subject in SUBJECTS:
        return _begins(SUBJECTS[subject].kinds)
    if subject != REST:
        return Q()
    return ~_begins(tuple(kind for one in SUBJECTS.values() for kind in one.kinds))


def known(subject: str) -> str:
    """``subject`` where it is one, else "" for all."""
    return subject if subject in (*SUBJECTS, REST) else ""


def choices() -> list[tuple[str, str | Promise]]:
    """The subjects with their words in the order in which the page offers them."""
    named = [(name, one.label) for name, one in SUBJECTS.items()]
    return [("", pgettext_lazy("filter of the timeline", "Everything")), *named, (REST, REST_LABEL)]


def _begins(kinds: tuple[str, ...]) -> Q:
    condition = Q()
    for kind in kinds:
        condition |= Q(kind__startswith=kind)
    return condition
