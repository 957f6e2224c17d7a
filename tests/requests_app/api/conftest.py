"""The people and teams of most tests of the API."""

import pytest
from django.test import Client

from teams.models import Person, Side, Team
from tests.api_client import machine
from tests.factories import make_person, make_team


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, slug="campaigns", name="Campaigns")


@pytest.fixture
def crm() -> Team:
    return make_team(Side.IT, slug="crm-platform", name="CRM platform")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    """A member of Marketing."""
    return make_person(campaigns, name="Mira Marketing")


@pytest.fixture
def ivo(crm: Team) -> Person:
    """A member of IT."""
    return make_person(crm, name="Ivo IT")


@pytest.fixture
def marketing(mira: Person) -> Client:
    return machine(mira)


@pytest.fixture
def it(ivo: Person) -> Client:
    return machine(ivo)
