"""The situations of the digest's domain functions."""

from collections.abc import Callable
from typing import Any

from activity import clock
from notifications.digest import feed, lead_words, preference
from tests.factories import make_person, make_team

Change = Callable[[], Any]


def opening_a_feed() -> Change:
    person = make_person()
    return lambda: feed.open_feed(by=person)


def closing_a_feed() -> Change:
    person = make_person()
    opened = feed.open_feed(by=person)
    return lambda: feed.close_feed(by=opened.feed.person)


def saying_a_word() -> Change:
    team = make_team()
    lead, week = make_person(lead_of=team), lead_words.coming_week(clock.now())
    return lambda: lead_words.say(team, week, "Come to the demo.", by=lead)


def taking_a_word_back() -> Change:
    team = make_team()
    lead, week = make_person(lead_of=team), lead_words.coming_week(clock.now())
    lead_words.say(team, week, "Come to the demo.", by=lead)
    return lambda: lead_words.say(team, week, "", by=lead)


def choosing_a_rhythm() -> Change:
    person = make_person()
    return lambda: preference.choose(preference.Wish(preference.FORTNIGHTLY, 4, 16), by=person)


DIGESTS: dict[str, Callable[[], Change]] = {
    "notifications.digest.feed.close_feed": closing_a_feed,
    "notifications.digest.feed.open_feed": opening_a_feed,
    "notifications.digest.lead_words.say": saying_a_word,
    "notifications.digest.lead_words.say(taking back)": taking_a_word_back,
}
DIGESTS_WITHOUT_EVENT: dict[str, Callable[[], Change]] = {
    "notifications.digest.preference.choose": choosing_a_rhythm,
}
