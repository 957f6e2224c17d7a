"""A process that writes as a web process does: ``python -m … PERSON MENTIONED PAUSE NUMBER …``.

On the first request it takes a step for each of the others, on which it mentions somebody, with a pause of so
many seconds after both. Prints how long each of the writes took, in seconds, as a JSON list.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.urls import get_resolver  # noqa: E402

from requests_app.discussion import comment  # noqa: E402
from requests_app.discussion.mentions import mention  # noqa: E402
from requests_app.workflow.inputs import Inputs  # noqa: E402
from requests_app.workflow.perform import perform  # noqa: E402
from teams.models import Person  # noqa: E402


def take(number: int, person: Person, step: int) -> None:
    if step % 2:
        perform("unblock", number, by=person)
    else:
        perform("block", number, by=person, inputs=Inputs(reason="Waiting.", waiting_for="it"))


def seconds_of(write: Callable[[], object]) -> float:
    started = time.monotonic()
    write()
    return time.monotonic() - started


def main(person: int, mentioned: int, pause: float, numbers: Sequence[int]) -> None:
    actor, words = Person.objects.get(pk=person), f"{mention(Person.objects.get(pk=mentioned))}, please look."
    # As a web process has it before its first page.
    assert get_resolver().url_patterns
    first, *others = numbers
    seconds = []
    for step, other in enumerate(others):
        seconds.append(seconds_of(lambda step=step: take(first, actor, step)))  # type: ignore[misc]
        seconds.append(seconds_of(lambda other=other: comment(other, words, by=actor)))  # type: ignore[misc]
        time.sleep(pause)
    print(json.dumps(seconds))


if __name__ == "__main__":
    who, whom, between, *requests = sys.argv[1:]
    main(int(who), int(whom), float(between), [int(number) for number in requests])
