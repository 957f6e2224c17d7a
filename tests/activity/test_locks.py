"""The numbers of advisory locks."""

import re
from pathlib import Path

from django.conf import settings

from activity.locks import Lock

NUMBER = re.compile(r"7_126_\d{3}|7126\d{3}")
ROOMS = ("activity", "teams", "knowhow", "requests_app", "notifications", "portal")
# The first half of pairs, and the upper half of one number for each person.
SPACES_OF_THEIR_OWN = {"requests_app/boards/locks.py", "notifications/bundles.py"}


def test_every_number_stands_in_the_one_list() -> None:
    """One that is written elsewhere could be that of another lock, and each would hold up the other."""
    root = Path(settings.BASE_DIR)
    files = (file for room in ROOMS for file in (root / room).rglob("*.py") if "migrations" not in file.parts)
    found = {str(file.relative_to(root)) for file in files if NUMBER.search(file.read_text())}
    assert found == {"activity/locks.py", *SPACES_OF_THEIR_OWN}


def test_no_number_is_that_of_the_locks_of_people() -> None:
    """Those are one for each person above a number that is far away."""
    assert max(Lock) < 7_126_006 << 32
