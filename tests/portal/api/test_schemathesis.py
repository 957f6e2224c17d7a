"""Generated calls against the OpenAPI document: no defect, no answer that it does not describe."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case

from notifications.models import InboxEntry
from portal.wsgi import application
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Goal, Person, Side
from tests.api_client import secret_of
from tests.factories import make_comment, make_goal, make_person, make_request, make_team
from tests.notifications.telling import happened

pytestmark = pytest.mark.django_db

TORTURE = os.environ.get("TANDEM_TORTURE") == "1"
EXAMPLES = 200 if TORTURE else 6
CHECKS: Any = [
    check
    for check in schemathesis.checks.CHECKS.get_all()
    if check.__name__
    in {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    }
]
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)


@pytest.fixture
def secret(db: None) -> Iterator[str]:
    """A token of somebody of both teams; the test's connection outlives each call."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    # So many calls come in a minute that most would only be told to wait.
    with override_settings(API_REQUESTS_PER_MINUTE=0):
        yield secret_of(somebody())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def somebody() -> Person:
    """A person with something in every list."""
    campaigns = make_team(Side.MARKETING, slug="campaigns")
    crm = make_team(Side.IT, slug="crm-platform")
    person = make_person(campaigns, crm, name="Generated")
    goal = make_goal(crm)
    for status in Status.values:
        request = make_request(
            status, requester=person, requesting_team=campaigns, serving_team=crm, goal=goal
        )
        make_comment(request, person)
        told = happened("request.commented", request, None)
        InboxEntry.objects.create(person=person, event=told, request=request, created_at=told.occurred_at)
    return person


def aim(case: Case[Any]) -> None:
    """Let half of the generated numbers and slugs be those of something that exists."""
    path = case.path_parameters
    if isinstance(path.get("number"), int) and path["number"] % 2:
        existing = list(Request.objects.order_by("number").values_list("number", flat=True))
        path["number"] = existing[path["number"] % len(existing)]
    if isinstance(path.get("pk"), int) and path["pk"] % 2:
        path["pk"] = Goal.objects.values_list("pk", flat=True)[0]
    if isinstance(path.get("entry"), int) and path["entry"] % 2:
        path["entry"] = InboxEntry.objects.values_list("pk", flat=True)[0]
    if len(str(path.get("week", ""))) % 2:
        path["week"] = "preview"
    if len(str(path.get("slug", ""))) % 2:
        path["slug"] = "crm-platform"


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=not TORTURE,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_no_generated_call_surprises(case: Case[Any], secret: str) -> None:
    aim(case)
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)
