"""People whose steps are told, in English."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from teams.models import Person, Side, Team
from tests.factories import make_person, make_team


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def crm() -> Team:
    return make_team(name="CRM platform")


@pytest.fixture
def tom(crm: Team) -> Person:
    return make_person(lead_of=crm, name="Tom Reiter")


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), name="Mira Brandt")
