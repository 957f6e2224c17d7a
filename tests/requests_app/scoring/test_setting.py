"""Other weights: what still can be scored follows at once, what was decided keeps its own."""

from decimal import Decimal

import pytest

from activity.models import Event
from requests_app.choices import Dimension
from requests_app.models import Request, ScoringRound
from requests_app.scoring.agreement import propose
from requests_app.scoring.arithmetic import Weights
from requests_app.scoring.enter import Given, enter_scores
from requests_app.scoring.joints import joint_rounds
from requests_app.scoring.reading import round_of
from requests_app.scoring.setting import Counted, preview, set_rules
from teams.company import CompanyFields
from teams.models import Company, Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_scores, scores
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db
URGENT: CompanyFields = {"weight_value": 0, "weight_urgency": 100, "weight_ease": 0}
DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}


@pytest.fixture(autouse=True)
def company() -> Company:
    return Company.objects.create(pk=1, name="Nordwind")


@pytest.fixture
def admin() -> Person:
    return make_admin()


def scored(status: str = "shaping", marketing: int = 4, it: int = 4, **others: int) -> Scene:
    scene = make_scene(status)
    make_scores(scene.request, scores(marketing, **others), scores(it, **others))
    return scene


def parked() -> Scene:
    scene = scored()
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(30))
    return scene


def test_what_still_can_be_scored_follows_at_once(admin: Person) -> None:
    open_ones = [scored(), scored("submitted", time_criticality=1)]
    set_rules(URGENT, by=admin)
    assert [scene.fresh().difference for scene in open_ones] == [75, 0]


def test_what_was_decided_keeps_its_impact_weights_and_gate(admin: Person) -> None:
    scene = parked()
    set_rules({**URGENT, "gate": 90}, by=admin)
    assert scene.fresh().difference == 75
    row = ScoringRound.objects.get()
    assert (row.weights, row.gate) == ({"value": 60, "urgency": 25, "ease": 15}, 40)


def test_what_is_still_hidden_stays_without_an_impact(admin: Person) -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores())
    set_rules(URGENT, by=admin)
    assert scene.fresh().difference is None


def test_an_agreed_value_counts_and_a_proposal_does_not(admin: Person) -> None:
    agreed, proposed = (scored(marketing=5, it=1) for _ in range(2))
    for scene in (agreed, proposed):
        propose(scene.request.number, "time_criticality", 2, "It can wait.", by=scene.it_owner)
    propose(agreed.request.number, "time_criticality", 2, by=agreed.marketing_owner)
    set_rules(URGENT, by=admin)
    assert (agreed.fresh().difference, proposed.fresh().difference) == (25, 50)


def test_it_is_one_event_of_the_company(admin: Person) -> None:
    scored(), scored()
    before = Event.objects.count()
    set_rules(URGENT, by=admin)
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("id")
    assert (event.kind, event.data["changes"]["weight_urgency"]) == (
        "company.edited",
        {"from": 25, "to": 100},
    )


def test_nothing_new_changes_nothing(admin: Person) -> None:
    before = Event.objects.count()
    set_rules({"gate": 40, "weight_value": 60}, by=admin)
    assert Event.objects.count() == before


def test_the_gate_alone_leaves_every_impact_as_it_is(admin: Person) -> None:
    scene = scored()
    set_rules({"gate": 80}, by=admin)
    assert scene.fresh().difference == 75
    assert [missing.code for missing in scene.refused("accept", "it_owner")][-1] == "below_gate"


@pytest.mark.parametrize(
    "changes",
    [
        {"weight_value": 61},
        {"weight_value": 101, "weight_urgency": 0, "weight_ease": 0},
        {"gate": 101},
        {"gate": -1},
        {"first_response_hours": 0},
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(changes: CompanyFields, admin: Person) -> None:
    scene = scored()
    with pytest.raises(InvalidFields):
        set_rules(changes, by=admin)
    assert scene.fresh().difference == 75
    assert Company.objects.get().version == 1


def test_it_is_up_to_admins() -> None:
    scene = scored()
    with pytest.raises(RuleViolation, match="not_yours"):
        set_rules(URGENT, by=scene.it_lead)


def test_who_saw_an_older_weight_does_not_overwrite_a_newer_one(admin: Person) -> None:
    set_rules(URGENT, by=admin, seen_version=1)
    with pytest.raises(StaleVersion):
        set_rules({"weight_value": 30, "weight_urgency": 30, "weight_ease": 40}, by=admin, seen_version=1)


def test_the_joint_values_are_those_of_the_request_itself() -> None:
    scene = scored(marketing=5, it=2)
    propose(scene.request.number, "reach", 3, "Half of them.", by=scene.it_owner)
    propose(scene.request.number, "reach", 3, by=scene.marketing_owner)
    propose(scene.request.number, "effort", 4, "It is much.", by=scene.it_owner)
    (found,) = joint_rounds(decided=False)
    assert found.joint == round_of(scene.fresh()).joint
    assert set(found.joint) == set(Dimension.values)


def test_the_preview_counts_what_would_cross_the_gate() -> None:
    scored(), scored(time_criticality=1), parked(), parked()
    make_scores(make_scene("shaping").request, scores())
    found = preview(Weights(0, 100, 0), 76)
    assert found.decided == Counted(total=2, falls_below=2, rises_above=0, changes=0)
    assert found.undecided == Counted(total=2, falls_below=2, rises_above=0, changes=1)
    assert preview(Weights(60, 25, 15), 40).undecided == Counted(2, 0, 0, 0)


def test_the_preview_saves_nothing() -> None:
    scene = scored()
    preview(Weights(0, 0, 100), 0)
    assert scene.fresh().difference == 75
    assert Company.objects.get().weight_value == 60


def test_the_preview_takes_as_many_queries_for_many(django_assert_num_queries: object) -> None:
    for _ in range(3):
        scored(), parked()
    with django_assert_num_queries(3):  # type: ignore[operator]
        preview(Weights(0, 100, 0), 50)


def test_scoring_afterwards_counts_with_the_new_weights(admin: Person) -> None:
    scene = make_scene("shaping")
    set_rules(URGENT, by=admin)
    enter_scores(scene.request.number, "marketing", Given(scores(3), {}), by=scene.marketing_owner)
    enter_scores(scene.request.number, "it", Given(scores(3), DAYS), by=scene.it_owner)
    assert Request.objects.get(pk=scene.request.pk).difference == 50
