"""What happens by itself, in words: the schedules by their names."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCHEDULES: dict[str, str | Promise] = {
    "digests": _("Make weekly digests that are due"),
    "reminders": _("Name what stands still, and ask for outcomes"),
    "escalations": _("Escalate what stands still for long"),
    "exchanges": _("Remind of exchanges"),
    "stale briefs": _("Ask for briefs to be looked at again"),
    "too few experts": _("Warn of solutions with too few experts"),
    "wake snoozed": _("Bring back what was put aside in triage"),
    "wake inbox": _("Bring back what was put off in inboxes"),
    "clear inbox": _("Clear what is old out of inboxes"),
    "count words": _("Count the portal's own words"),
    "learn to suggest": _("Learn to suggest teams and types"),
    "forget old slots": _("Forget old moments of this list"),
    "forget old mail": _("Forget old mail that came in"),
    "forget old deliveries": _("Forget what was delivered long ago"),
    "forget expired sessions": _("Forget sign-ins that have run out"),
    "forget silent processes": _("Forget processes that are gone"),
    "sweep files": _("Sweep files that belong to nothing"),
    "match mentors": _("Match mentors and learners"),
    "count what joins teams": _("Count what joins teams"),
    "measure forecasts": _("Measure how good forecasts were"),
}


def words_of(schedule: str) -> str:
    """What the schedule of this name does; its name where nobody has said."""
    return str(SCHEDULES.get(schedule, schedule))
