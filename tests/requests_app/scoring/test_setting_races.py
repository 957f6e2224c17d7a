"""Weights change while somebody scores, decides or takes a decision back: no request keeps the old ones."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from requests_app.scoring.arithmetic import Weights
from requests_app.scoring.enter import Given, enter_scores
from requests_app.scoring.reading import round_of
from requests_app.scoring.setting import set_rules
from teams.company import CompanyFields
from teams.models import Company
from tests.factories import make_scores, scores
from tests.requests_app.scenes import Scene, make_scene
from tests.requests_app.test_races import FULL, at_once, kinds, meanwhile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]
ROUNDS = 20 if FULL else 4
URGENT: CompanyFields = {"weight_value": 0, "weight_urgency": 100, "weight_ease": 0}
DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}
VIEW = scores(5, time_criticality=1)


def revealing() -> tuple[Scene, Callable[[], Any]]:
    scene = make_scene("shaping")
    make_scores(scene.request, VIEW)
    owner = scene.it_owner
    return scene, lambda: enter_scores(scene.request.number, "it", Given(VIEW, DAYS), by=owner)


def taking_back() -> tuple[Scene, Callable[[], Any]]:
    scene = make_scene("ready")
    make_scores(scene.request, VIEW, VIEW)
    return scene, lambda: scene.do("rethink", "it_owner", reason="Once more.")


@pytest.mark.parametrize("make", [revealing, taking_back])
def test_weights_wait_for_whoever_is_about_to_write_an_impact(
    make: Callable[[], tuple[Scene, Callable[[], Any]]],
) -> None:
    Company.objects.create(pk=1, name="Nordwind")
    scene, change = make()
    admin = scene.admin
    meanwhile(change, partial(set_rules, URGENT, by=admin))
    assert scene.fresh().difference == 0


@pytest.mark.parametrize("make", [revealing, taking_back])
def test_the_impact_fits_the_weights_that_hold_afterwards(
    make: Callable[[], tuple[Scene, Callable[[], Any]]],
) -> None:
    for _ in range(ROUNDS):
        Company.objects.all().delete()
        Company.objects.create(pk=1, name="Nordwind")
        scene, change = make()
        admin = scene.admin
        outcomes = at_once(change, partial(set_rules, URGENT, by=admin))
        assert set(kinds(outcomes)) == {"Request", "Company"}
        request = scene.fresh()
        assert request.status == "shaping"
        assert request.difference == round_of(request).difference(Weights(0, 100, 0)) == 0
