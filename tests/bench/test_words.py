"""Which words the bench searches for."""

import pytest

from bench import words
from tests.factories import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_requests() -> None:
    for need in ("Zebras wander along", "Giraffes wander along", "Giraffes wander", "All wander along"):
        make_request(customer_need=need)


def test_words_in_few_texts_are_searched_for_the_rarest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "RARE", 0.5)
    found = words.rare_words(20)
    assert found == [words.Known("zebras", 0.25), words.Known("giraffes", 0.5)]


def test_where_none_is_rare_the_rarest_are_searched_for() -> None:
    assert words.rare_words(2) == [words.Known("zebras", 0.25), words.Known("giraffes", 0.5)]
