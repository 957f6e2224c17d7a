"""Who of many sees which of many requests, in a handful of queries, by the one rule of who sees what."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Set

from requests_app.models import Request
from teams.models import Person

Sees = Callable[[int], bool]


def pairs_seen(pairs: Iterable[tuple[Person, int]]) -> set[tuple[int, int]]:
    """Those of the (person, request number) pairs in which the person is active and sees the request now."""
    wanted: dict[Person, set[int]] = defaultdict(set)
    for person, number in pairs:
        wanted[person].add(number)
    sees = sight(wanted, set().union(*wanted.values()))
    return {
        (person.pk, number)
        for person, numbers in wanted.items()
        for number in numbers
        if sees[person.pk](number)
    }


def seen_by_everybody(numbers: Set[int]) -> set[int]:
    """Those of ``numbers`` that every active person may see."""
    if not numbers:
        return set()
    return set(Request.objects.for_everyone().filter(number__in=numbers).values_list("number", flat=True))


def sight(people: Iterable[Person], numbers: Iterable[int]) -> dict[int, Sees]:
    """For each person's id the answer to "may they see this one of ``numbers`` now?"."""
    asked = set(numbers)
    everybody_sees = seen_by_everybody(asked)
    return sight_beyond(everybody_sees, people, asked - everybody_sees)


def sight_beyond(everybody_sees: Set[int], people: Iterable[Person], others: Set[int]) -> dict[int, Sees]:
    """As ``sight``, of those that everybody sees and of ``others``, about which each person is asked for."""
    people = list(people)
    active = {person.pk for person in people if person.is_active}
    seen = Request.objects.filter(number__in=others).seen_by_each(people) if others else set()

    def answer(person: int) -> Sees:
        if person not in active:
            return lambda _number: False
        return lambda number: number in everybody_sees or (person, number) in seen

    return {person.pk: answer(person.pk) for person in people}
