"""Ids in what addresses and forms say."""

import pytest

from teams.ids import id_in


@pytest.mark.parametrize(("text", "pk"), [("0", 0), ("12", 12), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_whole_numbers_are_ids(text: str, pk: int) -> None:
    assert id_in(text) == pk


# Python itself refuses to read a number of so many digits as the last.
@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1 ", "1.0", "²", "١", "x", "\0", "9" * 19, "9" * 5000]
)
def test_all_else_is_none(text: str) -> None:
    assert id_in(text) is None
