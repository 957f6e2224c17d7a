"""That others understand what a team answers for: confirming, asking, answering, keeping it true."""

from teams.understanding.asking import answer, ask, settle
from teams.understanding.confirming import confirm
from teams.understanding.coverage import Coverage, coverage
from teams.understanding.reviewing import changed, is_stale, still_true, waiting_for_review

__all__ = [
    "Coverage",
    "answer",
    "ask",
    "changed",
    "confirm",
    "coverage",
    "is_stale",
    "settle",
    "still_true",
    "waiting_for_review",
]
