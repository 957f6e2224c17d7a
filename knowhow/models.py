"""All tables of this room."""

from knowhow.solutions.models import Expert, Level, Solution, Stage

__all__ = ["Expert", "Level", "Solution", "Stage"]
