"""Handing over with an explainer in sections, and delivering with an eye on who understands it."""

import pytest
from django.test import Client

from knowhow.models import Solution
from requests_app.understanding import coverages, those_who_should
from requests_app.workflow.inputs import Explainer
from teams.models import Brief, Company
from teams.understanding import ask, confirm
from tests.factories import make_person, make_solution, make_team, make_touchpoint
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db
WHOLE = Explainer("Mail robot", "It sends mails.", "It writes none.", "Ask CRM.", "Robot: a program")


def handed_over(explainer: Explainer = WHOLE, **fields: object) -> tuple[Scene, Solution]:
    scene = make_scene("in_progress", **fields)
    scene.request.touchpoints.add(make_touchpoint(slug="till"))
    scene.do("hand_over", "it_owner", explainer=explainer)
    solution = scene.fresh().solution
    assert solution is not None
    return scene, solution


def test_the_sections_come_into_the_catalogue() -> None:
    scene, solution = handed_over()
    assert (solution.title, solution.purpose, solution.limits) == (
        "Mail robot",
        "It sends mails.",
        "It writes none.",
    )
    assert (solution.what_to_do, solution.terms, solution.team) == (
        "Ask CRM.",
        "Robot: a program",
        scene.it_team,
    )
    assert solution.understanding.reviewed_by == scene.it_owner


def test_one_text_stays_enough() -> None:
    _scene, solution = handed_over(Explainer("Mail robot", "It sends mails."))
    assert (solution.purpose, solution.limits, solution.what_to_do) == ("It sends mails.", "", "")


@pytest.mark.parametrize(
    ("explainer", "field"),
    [
        (Explainer("Robot", "It sends.", limits="None."), "explainer.what_to_do"),
        (Explainer("Robot", "It sends.", terms="Robot: a program"), "explainer.limits"),
        (Explainer("Robot", "It sends.", "", "", ""), "explainer.limits"),
        (Explainer("Robot", " ", "None.", "Ask."), "explainer"),
        (Explainer("", "It sends.", "None.", "Ask."), "explainer"),
    ],
)
def test_who_explains_in_sections_writes_all_that_are_needed(explainer: Explainer, field: str) -> None:
    scene = make_scene("in_progress")
    (missing,) = scene.refused("hand_over", "it_owner", explainer=explainer)
    assert (missing.code, missing.field) == ("explainer_missing", field)
    assert not Solution.objects.exists()


def test_control_characters_are_told_at_their_section() -> None:
    scene = make_scene("in_progress")
    wrong = Explainer("Robot", "It sends.", "a\x00", "b\x00", "c" * 10_001)
    fields = [missing.field for missing in scene.refused("hand_over", "it_owner", explainer=wrong)]
    assert fields == ["explainer.limits", "explainer.what_to_do", "explainer.terms"]


def test_it_says_at_once_whose_work_it_shapes_and_where() -> None:
    scene, solution = handed_over()
    assert list(solution.affected_teams.all()) == [scene.marketing_team]
    assert [one.slug for one in solution.touchpoints.all()] == ["till"]


def test_of_a_restricted_request_the_catalogue_gives_nothing_away() -> None:
    _scene, solution = handed_over(restricted=True)
    assert not solution.affected_teams.exists()
    assert not solution.touchpoints.exists()


def test_taking_it_back_takes_the_solution_and_its_brief_away() -> None:
    scene, solution = handed_over()
    scene.do("undo", "it_owner")
    assert not Solution.objects.exists()
    assert not Brief.objects.filter(pk=solution.understanding_id).exists()


@pytest.mark.parametrize("how", [confirm, lambda brief, by: ask(brief, "Whom?", by=by)])
def test_what_somebody_understood_or_asked_about_stays(how: object) -> None:
    scene, solution = handed_over()
    how(solution.understanding, by=make_person(scene.marketing_team))  # type: ignore[operator]
    scene.do("undo", "it_owner")
    assert Solution.objects.get() == solution
    assert scene.fresh().solution is None


def test_the_people_of_affected_teams_should_understand_it_but_its_owners() -> None:
    owner, first, second = make_team(), make_team(), make_team()
    solution, other = make_solution(owner), make_solution(make_team())
    solution.affected_teams.set([first, second])
    ida, ben = make_person(first), make_person(first, second)
    make_person(owner, second), make_person(first, is_active=False), make_person(make_team())
    briefs = [solution.understanding, other.understanding]
    should = those_who_should(briefs)
    assert should == {briefs[0].pk: {ida.pk, ben.pk}, briefs[1].pk: set()}
    confirm(briefs[0], by=ben)
    found = coverages(briefs)[briefs[0].pk]
    assert (found.understood, found.missing) == (frozenset({ben.pk}), frozenset({ida.pk}))


def test_the_page_asks_for_the_sections_and_keeps_what_was_typed() -> None:
    scene = make_scene("in_progress")
    client = Client(headers={"accept-language": "en"})
    client.force_login(scene.it_owner)
    sent = {
        "explainer_title": "Robot",
        "explainer_text": "It sends mails.",
        "explainer_limits": "It writes none.",
    }
    empty = {"explainer_what_to_do": "", "explainer_terms": ""}
    answer = client.post(f"/requests/{scene.request.number}/actions/hand_over/", {**sent, **empty})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert 'id="id_explainer_what_to_do_error"' in html
    assert "It writes none." in html
    whole = {**sent, **empty, "explainer_what_to_do": "Ask CRM."}
    client.post(f"/requests/{scene.request.number}/actions/hand_over/", whole)
    assert scene.fresh().status == "in_review"


def opened(scene: Scene, action: str = "deliver") -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(scene.marketing_owner)
    answer = client.get(f"/requests/{scene.request.number}/actions/{action}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


class TestDelivering:
    @pytest.fixture(autouse=True)
    def started(self) -> None:
        Company.objects.create(pk=1, name="Nordwind")

    def test_shows_how_many_understand_it_so_far(self) -> None:
        scene, solution = handed_over()
        people = {scene.marketing_member.pk, scene.marketing_lead.pk}
        of = len(those_who_should([solution.understanding])[solution.understanding_id])
        assert of == len(people)
        assert f"Understood so far by 0 of {of} people whose work it shapes." in opened(scene)
        confirm(solution.understanding, by=scene.marketing_lead)
        assert f"Understood so far by 1 of {of} people whose work it shapes." in opened(scene)
        assert f'href="/solutions/{solution.slug}/"' in opened(scene)

    def test_says_where_nobody_is_asked(self) -> None:
        scene, _solution = handed_over(restricted=True)
        assert "Nobody has said yet whose work it shapes" in opened(scene)

    def test_is_not_held_up_by_it(self) -> None:
        scene, _solution = handed_over()
        assert scene.do("deliver", "marketing_owner", measured_on=in_days(30)).status == "done"

    def test_alone_shows_it(self) -> None:
        scene, _solution = handed_over()
        assert "Understood so far" not in opened(scene, "send_back")
