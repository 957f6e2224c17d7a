"""*Did you mean?*: near words of unrestricted texts, as these write them."""

from typing import Any

import pytest

from portal.searching.suggest import suggestion
from requests_app.models import Word
from requests_app.vocabulary import learn
from tests.factories import make_request, make_team

pytestmark = pytest.mark.django_db


def known(title: str, times: int = 2, **fields: Any) -> None:
    for _ in range(times):
        learn(make_request(title=title, **fields))


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("newsleter", "newsletter"),
        ("Nwesletter", "newsletter"),
        ("gutschien newsletter", "gutschein newsletter"),
        ("filialle", "filiale"),
    ],
)
def test_slips_are_mended(typed: str, better: str) -> None:
    known("Newsletter mit Gutschein in jeder Filiale")
    assert suggestion(typed, typed.split()) == better


@pytest.mark.parametrize("typed", ["newsletter", "xylophon", "abc", "12345", "und"])
def test_what_is_known_or_near_nothing_is_left(typed: str) -> None:
    known("Newsletter mit Gutschein")
    assert suggestion(typed, [typed]) == ""


def test_a_word_of_one_text_is_nothing_to_go_by() -> None:
    known("Newsletter", times=1)
    assert suggestion("newsleter", ["newsleter"]) == ""


def test_restricted_texts_suggest_nothing() -> None:
    known("Fusionsvertrag", restricted=True, serving_team=make_team())
    assert suggestion("fusionsvertag", ["fusionsvertag"]) == ""


def test_a_word_that_no_open_text_writes_any_more_is_not_shown() -> None:
    known("Fusionsvertrag", restricted=True, serving_team=make_team())
    row = make_request(title="Anderes")
    Word.objects.create(text="fusionsvertrag", texts=3, learnt_at=row.created_at)
    assert suggestion("fusionsvertag", ["fusionsvertag"]) == ""
