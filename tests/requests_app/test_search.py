"""What may be searched for, and which numbers are meant."""

import pytest

from requests_app.search import clean_query, number_in
from teams.rules import InvalidFields


@pytest.mark.parametrize(
    "text", ["0", "T-0", "12a", "T-", "99999999999999999999999", "9223372036854775808", "²"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_in(text) is None


def test_a_query_has_at_most_two_hundred_characters_and_no_nul() -> None:
    assert clean_query("  two \n words ") == "two words"
    assert clean_query("x" * 200) == "x" * 200
    for wrong in ("x" * 201, "a\x00b", "a\x02b", "\ud800"):
        with pytest.raises(InvalidFields) as refusal:
            clean_query(wrong)
        assert refusal.value.missing[0].field == "q"
