"""A process that takes steps as a web process does: ``python -m … NUMBER PERSON STEPS``.

Prints how long each step took, in seconds, as a JSON list.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from requests_app.workflow.inputs import Inputs  # noqa: E402
from requests_app.workflow.perform import perform  # noqa: E402
from teams.models import Person  # noqa: E402


def take(number: int, person: Person, step: int) -> float:
    started = time.monotonic()
    if step % 2:
        perform("unblock", number, by=person)
    else:
        perform("block", number, by=person, inputs=Inputs(reason="Waiting.", waiting_for="it"))
    return time.monotonic() - started


def main(number: int, person: int, steps: int) -> None:
    actor = Person.objects.get(pk=person)
    print(json.dumps([take(number, actor, step) for step in range(steps)]))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
