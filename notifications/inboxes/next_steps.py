"""What the reader of the inbox is asked to do with what waits for them: the same as on their first page."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from activity import clock
from notifications.inboxes.page import Group
from notifications.things import REQUEST
from requests_app.asked_for import Asked, asked_of, asking
from teams.models import Person


def asked_here(person: Person, groups: Sequence[Group]) -> Mapping[int, Asked]:
    """The step that each group leads to that is about a request which waits for ``person``, by its newest
    entry. One query, or none.
    """
    newest = {group.place.pk: group.newest for group in groups if group.place.kind == REQUEST}
    if not newest:
        return {}
    rows = asking(person, timezone.localdate(clock.now())).filter(number__in=newest)
    return {newest[row.number]: asked_of(row) for row in rows}
