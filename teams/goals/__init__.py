"""Goals that both sides hold: set, measured, judged and closed."""

from teams.goals.closing import Fate, close_goal
from teams.goals.judging import say_health
from teams.goals.key_results import add_key_result, check_in, edit_key_result, end_key_result
from teams.goals.setting import GoalFields, archive_goal, create_goal, edit_goal, restore_goal

__all__ = [
    "Fate",
    "GoalFields",
    "add_key_result",
    "archive_goal",
    "check_in",
    "close_goal",
    "create_goal",
    "edit_goal",
    "edit_key_result",
    "end_key_result",
    "restore_goal",
    "say_health",
]
