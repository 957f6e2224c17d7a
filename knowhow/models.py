"""All tables of this room."""

import knowhow.exchanges.models  # noqa: F401 - tables of this app
from knowhow.solutions.models import Expert, Level, Solution, Stage

__all__ = ["Expert", "Level", "Solution", "Stage"]
