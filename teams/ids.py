"""Ids of rows in what addresses and forms say. No row has the id 0."""

# Every number of so many digits fits into an id, and is read at once.
MOST_DIGITS = 18


def id_in(text: str) -> int | None:
    """The id that ``text`` is, whether or not there is such a row; None where it can be none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
