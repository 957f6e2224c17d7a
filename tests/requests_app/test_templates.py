"""Templates of requests: who keeps them, what they may hold, and what the form makes of them."""

import pytest
from django.test import Client

from activity.models import Event
from requests_app.intake.templates import keep_template, may_keep_templates, presets, remove_template
from requests_app.models import RequestTemplate
from teams.models import Person, Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_goal, make_person, make_team

pytestmark = pytest.mark.django_db
LIST, PAGE = "/settings/request-templates/", "/settings/request-templates/automation/"


@pytest.fixture
def lead() -> Person:
    return make_person(lead_of=make_team(Side.MARKETING), language="en")


def test_leads_of_any_team_and_admins_keep_them(lead: Person) -> None:
    assert may_keep_templates(lead)
    assert may_keep_templates(make_person(lead_of=make_team(Side.OTHER)))
    assert may_keep_templates(make_admin())
    assert not may_keep_templates(make_person(make_team()))


def test_it_is_made_changed_and_removed_with_events(lead: Person) -> None:
    made = keep_template("automation", {"guidance": "Ask Tom first."}, by=lead, version=0)
    changed = keep_template("automation", {"guidance": "Ask Mira."}, by=lead, version=made.version)
    assert (changed.pk, changed.version, changed.changed_by) == (made.pk, 2, lead)
    remove_template("automation", by=lead)
    assert not RequestTemplate.objects.exists()
    kinds = [event.kind.partition(".")[2] for event in Event.objects.order_by("id")]
    assert kinds == ["created", "edited", "removed"]


def test_nothing_new_changes_nothing(lead: Person) -> None:
    for _time in range(2):
        keep_template("automation", {"guidance": "Ask Tom first."}, by=lead)
    remove_template("other", by=lead)
    assert Event.objects.count() == 1


def test_the_event_keeps_ids_of_what_was_chosen(lead: Person) -> None:
    goal = make_goal()
    keep_template("automation", {"goal": goal}, by=lead)
    assert Event.objects.get().data["changes"]["goal"] == {"from": None, "to": goal.pk}


def test_others_are_refused() -> None:
    member = make_person(make_team())
    for change in (
        lambda: keep_template("automation", {"guidance": "Mine"}, by=member),
        lambda: remove_template("automation", by=member),
    ):
        with pytest.raises(RuleViolation) as refused:
            change()
        assert refused.value.missing[0].code == "not_yours"
    assert not Event.objects.exists()


@pytest.mark.parametrize("seen", [0, 2, 7])
def test_somebody_elses_change_is_not_overwritten(lead: Person, seen: int) -> None:
    keep_template("automation", {"guidance": "Theirs"}, by=make_admin())
    with pytest.raises(StaleVersion):
        keep_template("automation", {"guidance": "Mine"}, by=lead, version=seen)
    with pytest.raises(StaleVersion):
        remove_template("automation", by=lead, version=seen)
    assert RequestTemplate.objects.get().guidance == "Theirs"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"guidance": " ", "title": ""},
        {"guidance": "x" * 2_001},
        {"title": "x" * 201},
        {"example": "nul\0"},
    ],
)
def test_it_refuses_what_cannot_be_kept(lead: Person, fields: dict[str, str]) -> None:
    with pytest.raises(InvalidFields):
        keep_template("automation", fields, by=lead)  # type: ignore[arg-type]
    assert not RequestTemplate.objects.exists()


def test_it_refuses_an_unknown_type_and_the_wrong_side(lead: Person) -> None:
    with pytest.raises(InvalidFields):
        keep_template("magic", {"guidance": "x"}, by=lead)
    with pytest.raises(InvalidFields):
        keep_template("automation", {"serving_team": make_team(Side.MARKETING)}, by=lead)


def test_presets_leave_out_what_is_empty_and_an_archived_goal(lead: Person) -> None:
    goal, team = make_goal(), make_team(Side.IT)
    made = keep_template("automation", {"outcome": "2 minutes", "goal": goal, "serving_team": team}, by=lead)
    assert presets(made) == {"outcome": "2 minutes", "goal": str(goal.pk), "serving_team": str(team.pk)}
    goal.is_archived = True
    goal.save()
    assert "goal" not in presets(RequestTemplate.objects.get())


# ---- the pages


def test_a_lead_writes_one(client: Client, lead: Person) -> None:
    client.force_login(lead)
    assert client.post(PAGE, {"guidance": "Ask Tom first.", "version": 0}).status_code == 302
    assert "Automation" in client.get(LIST).content.decode()
    assert "Ask Tom first." in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}remove/").status_code == 302
    assert not RequestTemplate.objects.exists()


def test_a_conflict_shows_both_and_saving_again_keeps_ones_own(client: Client, lead: Person) -> None:
    client.force_login(lead)
    keep_template("automation", {"guidance": "Theirs"}, by=make_admin())
    answer = client.post(PAGE, {"guidance": "Mine", "version": 0})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    client.post(PAGE, {"guidance": "Mine", "version": 1})
    assert RequestTemplate.objects.get().guidance == "Mine"


@pytest.mark.parametrize(
    "fields",
    [{"version": 0}, {"version": "x", "guidance": "a"}, {"version": 0, "goal": "999999", "guidance": "a"}],
)
def test_the_page_refuses_wrong_input(client: Client, lead: Person, fields: dict[str, str]) -> None:
    client.force_login(lead)
    assert client.post(PAGE, fields).status_code == 422
    assert not RequestTemplate.objects.exists()


def test_the_pages_are_for_those_who_keep_them(client: Client) -> None:
    client.force_login(make_person(make_team()))
    assert [client.get(LIST).status_code, client.get(PAGE).status_code] == [403, 403]
    assert client.post(f"{PAGE}remove/").status_code == 403


@pytest.mark.parametrize("path", ["magic/", "magic/remove/"])
def test_there_is_no_template_of_an_unknown_type(client: Client, lead: Person, path: str) -> None:
    client.force_login(lead)
    assert client.post(LIST + path, {"version": 0}).status_code == 404


def test_the_form_shows_it_for_the_chosen_type(client: Client, lead: Person) -> None:
    keep_template("automation", {"guidance": "Ask Tom first.", "outcome": "</script>2"}, by=lead)
    client.force_login(make_person())
    shown = client.get("/requests/new/template/?type=automation").content.decode()
    assert "Ask Tom first." in shown
    assert "\\u003C/script\\u003E2" in shown
    assert "Ask Tom first." in client.get("/requests/new/?type=automation").content.decode()
    for other in ("other", "magic", "", "%00"):
        assert "Ask Tom" not in client.get(f"/requests/new/template/?type={other}").content.decode()
