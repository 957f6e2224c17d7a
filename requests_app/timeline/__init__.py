"""What happened to a request, read from the event log and told in words a person would use.

``words`` has a sentence for each kind of event, ``changes`` tells what an edit changed and ``diff`` how a
long text differs; ``reading`` looks all of it up, ``subjects`` filters it and ``groups`` puts it together by
day and person.
"""

from requests_app.timeline.changes import Change
from requests_app.timeline.groups import Day, Group, by_day
from requests_app.timeline.reading import UNTOLD, Entry, Story, newest_event, timeline, told_between
from requests_app.timeline.words import SENTENCES, TOLD_WITH_DETAIL

__all__ = [
    "SENTENCES",
    "TOLD_WITH_DETAIL",
    "UNTOLD",
    "Change",
    "Day",
    "Entry",
    "Group",
    "Story",
    "by_day",
    "newest_event",
    "timeline",
    "told_between",
]
