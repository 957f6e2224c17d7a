"""When things happened: working hours of the twelve weeks before the Monday of set-up, and of this one."""

import random
from datetime import datetime, time, timedelta

from portal.demo.stories import Story

# Days before Monday between which a request was submitted, and took its last step.
FIRST_AND_LAST = {
    "draft": ((0.5, 6), (0.5, 6)),
    "submitted": ((0.5, 9), (0.5, 9)),
    "shaping": ((12, 30), (0.5, 16)),
    "ready": ((25, 60), (0.5, 15)),
    "in_progress": ((30, 75), (0.5, 18)),
    "blocked": ((35, 60), (3, 12)),
    "in_review": ((35, 80), (0.5, 8)),
    "done": ((45, 84), (0.5, 40)),
    "parked": ((46, 84), (0.5, 45)),
    "declined": ((46, 84), (0.5, 45)),
    "withdrawn": ((42, 70), (5, 40)),
    "merged": ((20, 40), (0.5, 8)),
}
OPENS, CLOSES = 8, 18
# Each so many-th request takes its last step in the running week.
IN_RUNNING_WEEK = 7
SHORTEST = timedelta(minutes=20)


class Calendar:
    """Hands out moments; the same ones at each set-up, relative to its Monday."""

    def __init__(self, monday: datetime, now: datetime) -> None:
        self.monday, self.now = monday, now
        self.chance = random.Random(7)  # noqa: S311 - the demo looks the same each time

    def moments(self, story: Story, n: int) -> list[datetime]:
        """One moment for each step of the story's course, ascending."""
        first, last = (self.chance.uniform(*span) for span in FIRST_AND_LAST[story.fate])
        count = len(story.course)
        if count == 1:
            return [self.at_work(last)]
        days = [first + (last - first) * step / (count - 1) for step in range(count)]
        found = [self.at_work(day) for day in days]
        if n % IN_RUNNING_WEEK == 0:
            found[-1] = self.this_week(self.chance.random())
        return ascending(found)

    def between(self, start: datetime, end: datetime) -> datetime:
        """Some moment between two others."""
        return start + (end - start) * self.chance.uniform(0.1, 0.9)

    def at_work(self, days_before: float) -> datetime:
        """A working moment that many days before Monday; weekends count as the Friday before."""
        day = (self.monday - timedelta(days=days_before)).date()
        day -= timedelta(days=max(0, day.weekday() - 4))
        minute = self.chance.randrange((CLOSES - OPENS) * 60)
        moment = datetime.combine(day, time(OPENS), tzinfo=self.monday.tzinfo) + timedelta(minutes=minute)
        return min(moment, self.monday - timedelta(hours=50))

    def this_week(self, share: float) -> datetime:
        """A moment of the running week before now."""
        return self.monday + (self.now - self.monday) * (0.2 + 0.75 * share)


def ascending(moments: list[datetime]) -> list[datetime]:
    """The same moments, each at least a little after the one before."""
    kept: list[datetime] = []
    for moment in moments:
        kept.append(max(moment, kept[-1] + SHORTEST) if kept else moment)
    return kept
