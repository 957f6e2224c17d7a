"""What the page of a request draws of its scores, and what it offers to whom."""

from decimal import Decimal

import pytest

from requests_app.models import Request
from requests_app.scoring.agreement import propose
from requests_app.scoring.panel import Line, Panel, earlier_of, panel_of
from requests_app.scoring.reading import with_scores
from requests_app.workflow.situation import roles_of
from teams.models import Person
from tests.factories import add_member, make_person, make_scores, scores
from tests.requests_app.scenes import ROLES, Scene, in_days, make_scene

pytestmark = pytest.mark.django_db
NOTE = "Half of the customers have an account."


@pytest.fixture
def apart() -> Scene:
    """In shaping, with one divergence: reach."""
    scene = make_scene("shaping")
    make_scores(scene.request, scores(4, reach=5), scores(4, reach=2))
    return scene


def panel(scene: Scene, person: Person) -> Panel:
    row = with_scores(Request.objects.with_people(), person).get(number=scene.request.number)
    return panel_of(row, person, roles_of(row, person))


def line(scene: Scene, role: str, dimension: str = "reach") -> Line:
    lines = panel(scene, scene.people[role]).lines
    return next(one for one in lines if one.point.dimension == dimension)


def offers(found: Line) -> tuple[bool, bool, bool]:
    return found.may_assent, found.may_propose, found.may_reopen


def test_the_terms_add_up_to_the_impact() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5, time_criticality=2), scores(4, time_criticality=3))
    found = panel(scene, scene.outsider)
    whole = sum(term.adds for term in found.terms)
    assert round(whole) == found.shown.difference
    assert [term.weight for term in found.terms] == [Decimal("0.6"), Decimal("0.25"), Decimal("0.15")]
    assert found.estimate == [2, 3, 8]


def test_before_the_reveal_nothing_is_drawn() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores())
    found = panel(scene, scene.outsider)
    assert (found.lines, found.terms, found.estimate, found.alignment) == ([], [], [], None)
    assert not found.reaches_gate


@pytest.mark.parametrize("role", ROLES)
def test_the_own_values_are_drawn_for_who_may_enter_them(role: str) -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5))
    marketing, it = panel(scene, scene.people[role]).sides
    own = role in ("marketing_owner", "marketing_lead")
    assert [one.value for one in marketing.own] == ([5, 5, 5, 5, 5, 2] if own else [])
    assert (marketing.form is not None) == own
    assert it.own == []
    assert (it.form is not None) == (role in ("it_owner", "it_lead"))


def test_the_form_holds_what_was_entered_and_its_version() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, None, scores(3))
    form = panel(scene, scene.it_owner).sides[1].form
    assert form is not None
    assert (form.initial["reach"], form.initial["likely"], form.initial["seen_version"]) == (3, Decimal(3), 1)
    assert not form.is_first
    assert not form.asks_reason


def test_after_the_reveal_a_change_asks_for_its_reason(apart: Scene) -> None:
    form = panel(apart, apart.it_owner).sides[1].form
    assert form is not None
    assert form.asks_reason


def test_only_a_divergence_is_to_be_talked_about(apart: Scene) -> None:
    found = panel(apart, apart.it_owner)
    assert [one.point.dimension for one in found.lines if one.is_to_talk_about] == ["reach"]
    assert found.to_talk_about == 1
    assert (line(apart, "it_owner").lower, line(apart, "it_owner").upper) == (2, 5)


@pytest.mark.parametrize("role", ROLES)
def test_proposing_is_offered_to_tandem_and_leads(apart: Scene, role: str) -> None:
    may = role in ("marketing_owner", "it_owner", "marketing_lead", "it_lead", "admin")
    assert offers(line(apart, role)) == (False, may, False)
    assert offers(line(apart, role, "effort")) == (False, False, False)


def test_a_proposal_offers_assent_to_the_other_side_and_its_end_to_the_own(apart: Scene) -> None:
    propose(apart.request.number, "reach", 3, NOTE, by=apart.it_owner)
    assert offers(line(apart, "marketing_owner")) == (True, True, False)
    assert offers(line(apart, "marketing_lead")) == (True, True, False)
    assert offers(line(apart, "it_owner")) == (False, True, True)
    assert offers(line(apart, "it_lead")) == (False, True, True)
    assert offers(line(apart, "admin")) == (True, True, False)
    assert offers(line(apart, "outsider")) == (False, False, False)


def test_what_is_agreed_can_only_be_opened_again(apart: Scene) -> None:
    propose(apart.request.number, "reach", 3, NOTE, by=apart.it_owner)
    propose(apart.request.number, "reach", 3, by=apart.marketing_owner)
    found = line(apart, "it_owner")
    assert offers(found) == (False, False, True)
    assert not found.is_to_talk_about
    assert found.joint == 3


def test_after_the_decision_nothing_is_offered() -> None:
    scene = make_scene("ready")
    make_scores(scene.request, scores(5), scores(2))
    found = panel(scene, scene.it_owner)
    assert not any(any(offers(one)) for one in found.lines)
    assert [side.form for side in found.sides] == [None, None]


def test_who_could_score_for_both_chooses() -> None:
    scene = make_scene("shaping")
    bridge = make_person(lead_of=scene.marketing_team)
    add_member(scene.it_team, bridge, "lead")
    assert panel(scene, bridge).may_choose_side
    assert not panel(scene, scene.it_owner).may_choose_side


def test_imported_history_without_scores_has_nothing_to_show() -> None:
    done, new = make_scene("done"), make_scene("submitted")
    assert not panel(done, done.outsider).has_something
    assert panel(new, new.outsider).has_something


def test_earlier_rounds_show_what_was_revealed_and_nothing_else() -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(5), scores(3))
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(30))
    scene.do("reconsider", "it_owner", reason="Now")
    make_scores(scene.fresh(), scores(1))
    scene.do("decline", "it_member", reason="No")
    scene.do("reconsider", "marketing_lead", reason="Again")
    second, first = earlier_of(scene.fresh(), scene.marketing_owner)
    assert (second.number, second.panel) == (2, None)
    assert first.panel is not None
    assert [one.point.marketing for one in first.panel.lines] == [5, 5, 5, 5, 5, 2]
    assert not any(any(offers(one)) for one in first.panel.lines)
    assert panel(scene, scene.outsider).earlier == 2
