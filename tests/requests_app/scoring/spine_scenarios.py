"""Prepared situations for the domain functions of scoring."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from requests_app.scoring.agreement import propose, reopen
from requests_app.scoring.enter import Given, enter_scores
from requests_app.scoring.setting import set_rules
from teams.company import CompanyFields
from teams.models import Company
from tests.factories import make_scores, scores
from tests.requests_app.scenes import Scene, make_scene

Change = Callable[[], Any]
DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}


def _apart() -> Scene:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(2))
    return scene


def entering() -> Change:
    scene = make_scene("shaping")
    return lambda: enter_scores(
        scene.request.number, "marketing", Given(scores(), {}), by=scene.marketing_owner
    )


def revealing() -> Change:
    scene = make_scene("shaping")
    make_scores(scene.request, scores())
    return lambda: enter_scores(scene.request.number, "it", Given(scores(), DAYS), by=scene.it_owner)


def changing() -> Change:
    scene = _apart()
    given = Given(scores(3), DAYS)
    return lambda: enter_scores(scene.request.number, "it", given, by=scene.it_owner, reason="We counted.")


def proposing() -> Change:
    scene = _apart()
    return lambda: propose(scene.request.number, "reach", 3, "Half of them.", by=scene.it_owner)


def assenting() -> Change:
    scene = _apart()
    propose(scene.request.number, "reach", 3, "Half of them.", by=scene.it_owner)
    return lambda: propose(scene.request.number, "reach", 3, by=scene.marketing_owner)


def reopening() -> Change:
    scene = _apart()
    make_agreed = partial(propose, scene.request.number, "reach", 3)
    make_agreed("Half of them.", by=scene.it_owner)
    make_agreed(by=scene.marketing_owner)
    return lambda: reopen(scene.request.number, "reach", by=scene.marketing_owner)


def setting() -> Change:
    scene = _apart()
    Company.objects.create(pk=1, name="Nordwind")
    weights: CompanyFields = {"weight_value": 50, "weight_urgency": 25, "weight_ease": 25}
    admin = scene.admin
    return lambda: set_rules(weights, by=admin)


SCORING: dict[str, Callable[[], Change]] = {
    "requests_app.scoring.enter.enter_scores": entering,
    "requests_app.scoring.enter.enter_scores(revealing)": revealing,
    "requests_app.scoring.enter.enter_scores(changing)": changing,
    "requests_app.scoring.agreement.propose": proposing,
    "requests_app.scoring.agreement.propose(assenting)": assenting,
    "requests_app.scoring.agreement.reopen": reopening,
    "requests_app.scoring.setting.set_rules": setting,
}
