"""Who of many sees which of many requests, in a handful of queries, by the one rule of who sees what."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.db.models import IntegerField, Value

from requests_app.models import Mute, Request
from teams.models import Person

# So many readers are asked for in one query; more would cost planning time without saving round trips.
READERS_PER_QUERY = 100


def pairs_seen(pairs: Iterable[tuple[Person, int]]) -> set[tuple[int, int]]:
    """Those of the (person, request number) pairs in which the person is active and sees the request now."""
    wanted: dict[Person, set[int]] = defaultdict(set)
    for person, number in pairs:
        if person.is_active:
            wanted[person].add(number)
    everybody_sees = _seen_by_everybody(set().union(*wanted.values()))
    seen = {(person.pk, number) for person, numbers in wanted.items() for number in numbers & everybody_sees}
    rest = {person: numbers - everybody_sees for person, numbers in wanted.items()}
    return seen | _seen_one_by_one({person: numbers for person, numbers in rest.items() if numbers})


def pairs_told(pairs: Iterable[tuple[Person, int]]) -> set[tuple[int, int]]:
    """Those of the pairs in which the person sees the request now and has not muted it meanwhile."""
    pairs = list(pairs)
    numbers = {number for _person, number in pairs}
    people = {person.pk for person, _number in pairs}
    muted = Mute.objects.filter(request__in=numbers, person__in=people).values_list("person", "request")
    return pairs_seen(pairs) - set(muted)


def _seen_by_everybody(numbers: set[int]) -> set[int]:
    if not numbers:
        return set()
    return set(Request.objects.for_everyone().filter(number__in=numbers).values_list("number", flat=True))


def _seen_one_by_one(wanted: Mapping[Person, set[int]]) -> set[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    readers = list(wanted)
    for start in range(0, len(readers), READERS_PER_QUERY):
        asked = [_question(person, wanted[person]) for person in readers[start : start + READERS_PER_QUERY]]
        seen.update(asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0])
    return seen


def _question(person: Person, numbers: set[int]):  # type: ignore[no-untyped-def]
    return (
        Request.objects.visible_to(person)
        .filter(number__in=numbers)
        .annotate(reader=Value(person.pk, output_field=IntegerField()))
        .order_by()
        .values_list("reader", "number")
    )


def sight(people: Iterable[Person], numbers: Iterable[int]) -> dict[int, Callable[[int], bool]]:
    """For each person's id the answer to "may they see this one of ``numbers`` now?"."""
    asked, people = set(numbers), list(people)
    everybody_sees = _seen_by_everybody(asked)
    restricted = asked - everybody_sees
    active = {person.pk for person in people if person.is_active}
    seen = _seen_one_by_one({person: restricted for person in people if person.pk in active and restricted})

    def answer(person: int) -> Callable[[int], bool]:
        return lambda number: person in active and (number in everybody_sees or (person, number) in seen)

    return {person.pk: answer(person.pk) for person in people}
