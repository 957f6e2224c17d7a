"""What readers have muted is left out of the news of their digests, whenever these are shown or sent."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from notifications.choosing.attention import hushed, hushed_teams, who_hushes
from notifications.digest.select import Selection
from teams.models import Person

Readers = Mapping[int, tuple[Person, Selection]]


def heeded(readers: Readers, about: Mapping[int, int]) -> dict[int, Selection]:
    """The selections of ``readers``, by key, without what each wants to hear nothing of.

    ``about`` gives the request of each event. One query, and a handful more where somebody muted something.
    """
    who = who_hushes(person.pk for person, _chosen in readers.values())
    theirs = {key: (person, chosen) for key, (person, chosen) in readers.items() if person.pk in who}
    found = {key: chosen for key, (_person, chosen) in readers.items()}
    if not theirs:
        return found
    pairs = {(person.pk, number) for person, chosen in theirs.values() for number in _numbers(chosen, about)}
    requests, teams = _by_person(hushed(pairs)), hushed_teams(who)
    for key, (person, chosen) in theirs.items():
        found[key] = without(chosen, requests.get(person.pk, set()), teams.get(person.pk, set()), about)
    return found


def without(chosen: Selection, requests: Set[int], teams: Set[int], about: Mapping[int, int]) -> Selection:
    """``chosen`` without news of ``requests``, and without the sections of ``teams`` where nothing is left.

    What waits for the reader and what they are asked stays: muting ends news, not duties.
    """

    def told(events: Iterable[int]) -> list[int]:
        return [event for event in events if about.get(event) not in requests]

    rows = [{**row, "events": told(row["events"])} for row in chosen.your_teams]
    return replace(
        chosen,
        your_teams=[row for row in rows if row["events"] or row["team"] not in teams],
        decided=told(chosen.decided),
        parked=told(chosen.parked),
        delivered=told(chosen.delivered),
        achieved=told(chosen.achieved),
        stalled=[row for row in chosen.stalled if row["number"] not in requests],
    )


def _numbers(chosen: Selection, about: Mapping[int, int]) -> Set[int]:
    return chosen.numbers() | {about[event] for event in chosen.events() if event in about}


def _by_person(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for person, number in pairs:
        found.setdefault(person, set()).add(number)
    return found
