"""The vocabulary: learnt from unrestricted, submitted requests only, fresh at once, forgotten in the end."""

from datetime import timedelta

import pytest

from activity import clock
from notifications.tasks import SCHEDULES
from requests_app import vocabulary
from requests_app.choices import Status
from requests_app.intake.drafts import save_draft
from requests_app.intake.edit import edit
from requests_app.intake.submit import create
from requests_app.models import Word
from teams.models import Side
from tests.factories import holder, make_person, make_request, make_team
from tests.requests_app.test_intake import complete

pytestmark = pytest.mark.django_db


def known(text: str) -> int:
    """In how many texts the word stands, as far as it is known."""
    return Word.objects.filter(text=text).values_list("texts", flat=True).first() or 0


def test_submitting_teaches_the_words() -> None:
    team = make_team(Side.MARKETING)
    fields = complete(team) | {"title": "Newsletteranmeldung"}
    create(fields, by=make_person(team), submit=True)
    assert known("newsletteranmeld") == 1


def test_a_draft_teaches_nothing() -> None:
    person = make_person()
    draft = save_draft({"title": "Newsletteranmeldung"}, by=person)
    vocabulary.learn(draft)
    vocabulary.recount()
    assert not Word.objects.exists()


def test_a_restricted_request_teaches_nothing() -> None:
    hidden = make_request(title="Newsletteranmeldung", restricted=True)
    vocabulary.learn(hidden)
    edit(hidden.pk, {"outcome": "Verschlusssache"}, by=holder(hidden.requester))
    vocabulary.recount()
    assert not Word.objects.exists()


def test_a_change_teaches_the_new_words() -> None:
    request = make_request(title="Anmeldung")
    edit(request.pk, {"title": "Newsletteranmeldung"}, by=holder(request.requester))
    assert known("newsletteranmeld") == 1


def test_what_a_restricted_request_alone_says_is_forgotten_at_once() -> None:
    request = make_request(title="Newsletteranmeldung zum Gutschein")
    make_request(title="Gutschein")
    make_request(title="Newsletteranmeldung", restricted=True)
    vocabulary.recount()
    vocabulary.learn(make_request(title="Gutschein"))
    edit(request.pk, {"restricted": True, "title": "Verschlusssache"}, by=holder(request.requester))
    told = {word for word in ("newsletteranmeld", "verschlusssach", "gutschein") if known(word)}
    assert told == {"gutschein"}
    vocabulary.recount()
    assert known("newsletteranmeld") == 0


def test_it_counts_texts_not_occurrences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "AT_ONCE", 2)
    for _copy in range(5):
        make_request(title="Gutschein Gutschein", customer_need="Ein Gutschein")
    vocabulary.recount()
    assert known("gutschein") == 5


def test_a_second_count_changes_nothing() -> None:
    make_request(title="Gutschein")
    vocabulary.recount()
    first = list(Word.objects.order_by("text").values_list("text", "texts"))
    vocabulary.recount()
    assert list(Word.objects.order_by("text").values_list("text", "texts")) == first


def test_what_is_learnt_while_it_counts_stays() -> None:
    Word.objects.create(text="gerade", learnt_at=clock.now() + timedelta(minutes=1))
    Word.objects.create(text="vergessen", learnt_at=clock.now() - timedelta(days=1))
    vocabulary.recount()
    assert list(Word.objects.values_list("text", flat=True)) == ["gerade"]


@pytest.mark.parametrize("text", ["12345", "t-12", "a@example.org", "ab", "x" * 41, "wort2"])
def test_what_is_no_word_is_not_learnt(text: str) -> None:
    make_request(title=text, customer_need="-", outcome="-", status=Status.SUBMITTED)
    vocabulary.recount()
    assert not Word.objects.filter(text__contains=text).exists()


def test_umlauts_are_letters() -> None:
    make_request(title="Größenübersicht")
    vocabulary.recount()
    assert Word.objects.filter(text__contains="größ").exists()


def test_nothing_there_is_nothing_known() -> None:
    assert vocabulary.recount() == 0


def test_it_is_counted_once_a_day() -> None:
    every = {one.name: (one.every, one.run) for one in SCHEDULES}
    assert every["count words"] == (timedelta(days=1), vocabulary.recount)
