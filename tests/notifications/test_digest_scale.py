"""A large company's Monday: digests per second up to the mail server, flat memory, constant queries.

Small in ``make test``; with TANDEM_TORTURE=1 10,000 people of 200 teams read of a week with 20,000 events.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from activity import log
from notifications.models import Digest
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Membership, Person, Side
from tests.factories import make_request, make_team
from tests.notifications.digests import let_digests_be_due
from tests.notifications.test_torture import FULL, ROOT, mail_server

PEOPLE, TEAMS, REQUESTS, EVENTS, BATCH = (10_000, 200, 2_000, 20_000, 100) if FULL else (90, 4, 12, 240, 15)
KINDS = {
    "request.blocked": Status.IN_PROGRESS,
    "request.handed_over": Status.IN_REVIEW,
    "request.parked": Status.PARKED,
    "request.delivered": Status.DONE,
}
LEAST_PER_SECOND = 100


def large_company() -> None:
    """People, half of them in English, each in one team; every hundredth request is not open to all."""
    teams = [make_team(Side.IT if n % 2 else Side.MARKETING) for n in range(TEAMS)]
    people = Person.objects.bulk_create(
        Person(
            email=f"p{n}@example.org",
            name=f"Pia Person{n}",
            password="!",
            language="en" if n % 2 else "de",
            side=teams[n % TEAMS].side,
        )
        for n in range(PEOPLE)
    )
    Membership.objects.bulk_create(
        Membership(team=teams[n % TEAMS], person=person, role="lead" if n < TEAMS else "member")
        for n, person in enumerate(people)
    )
    asking, serving = teams[0::2], teams[1::2]
    requests = [
        make_request(
            list(KINDS.values())[n % len(KINDS)],
            requester=people[n % PEOPLE],
            requesting_team=asking[n % len(asking)],
            serving_team=serving[n % len(serving)],
            restricted=n % 100 == 99,
        )
        for n in range(REQUESTS)
    ]
    week_of_events(requests, people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def week_of_events(requests: list[Request], people: list[Person]) -> None:
    start, step = timezone.now() - timedelta(days=6), timedelta(days=5.9) / EVENTS
    kinds = {str(status): kind for kind, status in KINDS.items()}
    with transaction.atomic():
        log.record_many(
            [
                log.Happening(
                    kinds[requests[n % REQUESTS].status],
                    requests[n % REQUESTS],
                    start + n * step,
                    {"reason": "It has to wait for the new shop."},
                    by=people[n % PEOPLE],
                )
                for n in range(EVENTS)
            ]
        )


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_a_large_company_gets_its_digests_at_a_steady_pace(
    environment: dict[str, str], tmp_path: Path
) -> None:
    let_digests_be_due()
    large_company()
    people = Person.objects.count()
    with mail_server(tmp_path, environment, 0.0) as sink:
        command = [sys.executable, "-m", "tests.notifications.digest_worker", str(BATCH)]
        answer = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=900, check=True
        )
        taken = Counter(sink.lines("taken"))
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    pace = {name: found[name]["count"] / found[name]["seconds"] for name in ("made", "sent")}
    of_cpu = found["sent"]["count"] / found["sent"]["cpu"]
    memory = [held for _queries, held in (*found["making"], *found["sending"])]
    print(
        f"{people} digests of {EVENTS} events: {pace['made']:.0f}/s made, {pace['sent']:.0f}/s sent"
        f" ({of_cpu:.0f} per second of CPU), memory {memory[len(memory) // 10]:.0f} -> {memory[-1]:.0f} MB,"
        f" load {os.getloadavg()[0]:.1f}"
    )
    assert len(taken) == people
    assert set(taken.values()) == {1}
    assert Digest.objects.exclude(sent_at=None).count() == people
    assert_constant([queries for queries, _held in found["making"]])
    assert_constant([queries for queries, _held in found["sending"]])
    assert memory[-1] < 1.15 * memory[len(memory) // 10] + 10
    if FULL:
        assert pace["sent"] >= LEAST_PER_SECOND or of_cpu >= 2 * LEAST_PER_SECOND


def assert_constant(queries: list[int]) -> None:
    """Each batch notes two counts, in turn; the first batch reads the week, the last may be a small one."""
    for part in (queries[0::2], queries[1::2]):
        middle = part[1:-1]
        assert len(middle) >= 3
        assert max(middle) - min(middle) <= 4, part
