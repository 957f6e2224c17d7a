"""When people were last here, so that their first page can say what is new since."""

from datetime import datetime, timedelta

from activity import clock
from teams.models import Person

# Who comes back later than that begins a new visit.
VISIT_ENDS_AFTER = timedelta(minutes=30)
# A page that is loaded again and again writes no more often.
NOTED_EVERY = timedelta(minutes=5)


def note_visit(person: Person) -> datetime | None:
    """Note that ``person`` is here; returns until when they were in the visit before, None in the first.

    No query, or one short one every few minutes. It is no change of the person: no event tells of it, and no
    version grows.
    """
    now, last = clock.now(), person.visited_at
    if last is not None and now - last < NOTED_EVERY:
        return person.visited_before
    noted = {"visited_at": now}
    if last is not None and now - last >= VISIT_ENDS_AFTER:
        noted["visited_before"] = last
        person.visited_before = last
    person.visited_at = now
    Person.objects.filter(pk=person.pk).update(**noted)
    return person.visited_before
