"""The talk on the page of a request: questions, answers, changes, mentions; with and without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from activity import clock
from requests_app.discussion import answer, comment, delete_comment, edit_comment
from requests_app.discussion.mentions import mention
from requests_app.models import Comment, CommentVersion
from teams.models import Person
from tests.factories import make_person, make_request
from tests.requests_app.scenes import Scene, make_scene

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


def browser(person: Person) -> Client:
    person.language = "en"
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(person: Person, scene: Scene, query: str = "") -> str:
    return browser(person).get(f"/requests/{scene.request.pk}/{query}").content.decode()


def post(person: Person, path: str, data: dict[str, Any], htmx: bool = False) -> Any:
    return browser(person).post(path, data, headers=HTMX if htmx else {})


def asked(scene: Scene) -> Comment:
    return comment(scene.request.pk, "Which topics?", by=scene.it_owner, question_to="marketing")


def path_of(said: Comment, verb: str) -> str:
    return f"/requests/{said.request_id}/comments/{said.pk}/{verb}/"


def test_a_question_is_asked_by_the_form_of_comments() -> None:
    scene = make_scene("ready")
    sent = {"body": "Which topics?", "question_to": "marketing"}
    response = post(scene.it_owner, f"/requests/{scene.request.pk}/comments/", sent)
    made = Comment.objects.get()
    assert response.headers["Location"] == f"/requests/{scene.request.pk}/#comment-{made.pk}"
    html = page(scene.it_owner, scene)
    assert "Question to Marketing – open" in html
    assert "asked Marketing a question" in html
    # Whom it does not ask gets no form to answer.
    assert f"answer-form-{made.pk}" not in html


def test_a_side_that_cannot_be_asked_is_told_at_its_field() -> None:
    scene = make_scene()
    sent = {"body": "Why?", "question_to": "other"}
    response = post(scene.outsider, f"/requests/{scene.request.pk}/comments/", sent, htmx=True)
    assert response.status_code == 422
    assert "Why?" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("htmx", [False, True])
def test_the_answer_form_stands_under_the_question(htmx: bool) -> None:
    scene = make_scene("ready")
    question = asked(scene)
    assert f'id="answer-form-{question.pk}"' in page(scene.marketing_owner, scene)
    sent = {"body": "Six of them.", "version": "1"}
    response = post(scene.marketing_owner, path_of(question, "answer"), sent, htmx)
    made = Comment.objects.get(answer_to=question)
    if htmx:
        assert response.headers["HX-Retarget"] == "#request"
        assert "Six of them." in response.content.decode()
    else:
        assert response.headers["Location"] == f"/requests/{scene.request.pk}/#comment-{made.pk}"
    html = page(scene.marketing_owner, scene)
    assert f"Question to Marketing – answered by {scene.marketing_owner.name}" in html
    assert f"answer-form-{question.pk}" not in html


@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_to_a_changed_question_keeps_what_was_typed(htmx: bool) -> None:
    scene = make_scene("ready")
    question = asked(scene)
    edit_comment(scene.request.pk, question.pk, "Which colours?", by=scene.it_owner)
    sent = {"body": "Six topics.", "version": "1"}
    response = post(scene.marketing_owner, path_of(question, "answer"), sent, htmx)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Six topics." in html
    assert 'name="version" value="2"' in html
    if not htmx:
        assert "Which colours?" in html


@pytest.mark.parametrize(("body", "status"), [("", 422), ("x" * 20_001, 422), ("Too late.", 409)])
def test_an_answer_that_is_refused_is_shown_again(body: str, status: int) -> None:
    scene = make_scene("ready")
    question = asked(scene)
    if status == 409:
        answer(scene.request.pk, question.pk, "Six.", by=scene.requester)
    response = post(scene.marketing_owner, path_of(question, "answer"), {"body": body}, htmx=True)
    html = response.content.decode()
    assert response.status_code == status
    assert f'id="answer-form-{question.pk}"' in html
    assert body in html
    assert ("This question is answered already." in html) == (status == 409)


def test_a_comment_that_asks_nothing_has_no_answer_page() -> None:
    scene = make_scene()
    said = comment(scene.request.pk, "A thought", by=scene.outsider)
    assert browser(scene.admin).get(path_of(said, "answer")).status_code == 404


def test_a_change_is_visible_with_the_earlier_text() -> None:
    scene = make_scene()
    said = comment(scene.request.pk, "Frist", by=scene.outsider)
    form = browser(scene.outsider).get(path_of(said, "edit"), headers=HTMX).content.decode()
    assert "Frist" in form
    post(scene.outsider, path_of(said, "edit"), {"body": "First", "version": "1"})
    html = page(scene.requester, scene)
    assert path_of(said, "versions") in html
    assert ">edited</a>" in html
    assert "Frist" not in html
    assert "Frist" in browser(scene.requester).get(path_of(said, "versions")).content.decode()


def test_a_change_that_is_refused_keeps_what_was_typed() -> None:
    scene = make_scene()
    said = comment(scene.request.pk, "Frist", by=scene.outsider)
    edit_comment(scene.request.pk, said.pk, "First", by=scene.outsider)
    response = post(scene.outsider, path_of(said, "edit"), {"body": "Other", "version": "1"}, htmx=True)
    assert response.status_code == 409
    assert "Other" in response.content.decode()
    foreign = post(scene.requester, path_of(said, "edit"), {"body": "Not mine"})
    assert foreign.status_code == 409
    assert CommentVersion.objects.count() == 1


def test_only_its_author_is_led_to_the_form_and_only_in_time() -> None:
    scene = make_scene()
    said = comment(scene.request.pk, "A thought", by=scene.outsider)
    back = f"/requests/{scene.request.pk}/#comment-{said.pk}"
    assert path_of(said, "edit") in page(scene.outsider, scene)
    assert path_of(said, "edit") not in page(scene.requester, scene)
    assert browser(scene.requester).get(path_of(said, "edit")).headers["Location"] == back
    author = browser(scene.outsider)
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        assert author.get(path_of(said, "edit")).headers["Location"] == back


def test_deleting_asks_first_and_leaves_a_trace() -> None:
    scene = make_scene()
    said = comment(scene.request.pk, "Secretword", by=scene.outsider)
    edit_comment(scene.request.pk, said.pk, "Secretword again", by=scene.outsider)
    assert "Secretword" in browser(scene.outsider).get(path_of(said, "delete")).content.decode()
    assert Comment.objects.get().body == "Secretword again"
    post(scene.outsider, path_of(said, "delete"), {"version": "2"})
    html = page(scene.requester, scene)
    assert "This comment was deleted" in html
    assert "Secretword" not in html
    assert "Secretword" not in browser(scene.requester).get(path_of(said, "versions")).content.decode()


def test_who_may_not_delete_is_told_why() -> None:
    scene = make_scene()
    said = comment(scene.request.pk, "A thought", by=scene.outsider)
    response = post(scene.it_member, path_of(said, "delete"), {})
    assert response.status_code == 409
    assert "Only its author" in response.content.decode()


@pytest.mark.parametrize("verb", ["answer", "edit", "delete", "versions"])
def test_nothing_is_there_of_what_is_hidden(verb: str) -> None:
    scene, other = make_scene(restricted=True), make_request()
    question = asked(scene)
    for number in (scene.request.pk, other.pk):
        path = f"/requests/{number}/comments/{question.pk}/{verb}/"
        assert browser(make_person()).get(path).status_code == 404


def test_the_preview_is_what_the_comment_will_look_like() -> None:
    scene, other = make_scene(), make_request(title="The other one")
    hidden = make_request(restricted=True, title="Secretword")
    text = f"**Bold** {other.key} {hidden.key} {mention(scene.it_owner)} <script>alert(1)</script>"
    path = f"/requests/{scene.request.pk}/comments/preview/"
    html = post(scene.outsider, path, {"body": text}, htmx=True).content.decode()
    assert "<strong>Bold</strong>" in html
    assert 'title="The other one"' in html
    assert f'href="/people/{scene.it_owner.pk}/"' in html
    assert "<script" not in html
    assert "Secretword" not in html
    assert not Comment.objects.exists()


@pytest.mark.parametrize("body", [None, "", " \n ", "a\x00b", ">" * 30_000])
def test_a_strange_text_is_looked_at_without_harm(body: str | None) -> None:
    scene = make_scene()
    sent = {} if body is None else {"body": body}
    path = f"/requests/{scene.request.pk}/comments/preview/"
    assert post(scene.outsider, path, sent, htmx=True).status_code == 200


HOSTILE = {
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a script as a link": "[Press me](javascript:alert(1)) <javascript:alert(1)>",
    "quotes": ">" * 5_000 + " x",
    "quotes with spaces": "> " * 5_000 + "x",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_words_are_kept_and_do_nothing_on_the_page(kind: str) -> None:
    scene = make_scene()
    answered = post(scene.outsider, f"/requests/{scene.request.pk}/comments/", {"body": HOSTILE[kind]})
    assert answered.status_code == 302
    assert Comment.objects.get().body == HOSTILE[kind]
    html = page(scene.requester, scene)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html
    assert len(html) < 300_000


def test_without_javascript_the_preview_stands_on_the_page() -> None:
    scene = make_scene()
    sent = {"body": "**Bold**", "action": "preview"}
    response = post(scene.outsider, f"/requests/{scene.request.pk}/comments/", sent)
    assert response.status_code == 200
    assert "<strong>Bold</strong>" in response.content.decode()
    assert not Comment.objects.exists()


def test_those_who_may_see_it_are_offered_to_mention() -> None:
    scene, guest = make_scene(restricted=True), make_person(name="Gitta Gast")
    client = browser(scene.requester)
    path = f"/requests/{scene.request.pk}/mentions/"
    rows = client.get(path, {"q": scene.it_owner.name}).json()["choices"]
    assert [row["insert"] for row in rows] == [mention(scene.it_owner)]
    assert client.get(path, {"q": "Gitta"}).json() == {"choices": []}
    assert client.get(path, {"q": "\x00" * 3 + "x" * 9_000}).status_code == 200
    assert browser(guest).get(path).status_code == 404


def test_a_mention_of_an_outsider_is_refused_by_name_and_nothing_is_lost() -> None:
    scene, guest = make_scene(restricted=True), make_person(name="Gitta Gast")
    sent = {"body": f"What does {mention(guest)} say?"}
    response = post(scene.requester, f"/requests/{scene.request.pk}/comments/", sent, htmx=True)
    html = response.content.decode()
    assert response.status_code == 422
    assert "may see this request: Gitta Gast" in html
    assert "What does" in html


def test_triage_proposes_to_ask() -> None:
    scene = make_scene()
    html = page(scene.it_member, scene, "?ask=marketing")
    assert '<option value="marketing" selected>' in html
    assert 'value="marketing" selected' not in page(scene.it_member, scene, "?ask=nonsense")
    assert f"/triage/{scene.request.number}/ask/" in browser(scene.it_member).get("/triage/").content.decode()


def test_home_names_the_questions_to_my_side() -> None:
    scene = make_scene("ready")
    question = comment(scene.request.pk, "Which **topics**?", by=scene.it_owner, question_to="marketing")
    html = browser(scene.marketing_member).get("/").content.decode()
    assert "Questions to your side" in html
    assert f"/requests/{scene.request.pk}/#comment-{question.pk}" in html
    owner = browser(scene.marketing_owner)
    # Whose turn it is reads what has to be done: answer, not the next step.
    assert owner.get("/").content.decode().count(f"#comment-{question.pk}") == 3
    assert "Questions to your side" not in browser(scene.it_owner).get("/").content.decode()
    delete_comment(scene.request.pk, question.pk, by=scene.it_owner)
    assert "Questions to your side" not in owner.get("/").content.decode()
