"""Several requests as the event log tells of them: whose turn, and since when."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activity.models import Event
from tests.requests_app.test_turn_replay import OPEN, Replay

Turns = list[tuple[str, datetime]]


@dataclass
class Question:
    side: str
    home: int
    answered: bool = False
    deleted: bool = False
    # The requests from which merges brought it.
    path: tuple[int, ...] = ()


@dataclass
class Log:
    """Everything that is known of the requests from what they were filed with and from the events."""

    lives: dict[int, Replay] = field(default_factory=dict)
    turns: dict[int, Turns] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)
    # When each event was.
    at: dict[int, datetime] = field(default_factory=dict)

    def take(self, event: Event, filed: dict[str, Any]) -> None:
        """``filed`` is what the request was filed with, in case that this is what happened."""
        number, data = event.object_id, event.data
        self.at[event.pk] = event.occurred_at
        if event.kind == "request.submitted":
            self.lives[number], self.turns[number] = Replay(filed), []
        else:
            self.lives[number].take(event)
        self._talk(event)
        if data.get("action") == "merge":
            self._merge(event)
        if data.get("undone") == "merge":
            self._unmerge(event.object_id)
        for one in self.lives:
            self._turn(one, event)

    def _talk(self, event: Event) -> None:
        data = event.data
        if event.kind == "request.asked":
            self.questions[data["comment"]] = Question(data["question_to"], event.object_id)
        if event.kind == "request.answered":
            self.questions[data["question"]].answered = True
        if event.kind == "request.comment_deleted":
            if data["comment"] in self.questions:
                self.questions[data["comment"]].deleted = True
            if "question" in data:
                self.questions[data["question"]].answered = False

    def _merge(self, event: Event) -> None:
        for comment in set(event.data["comments"]) & set(self.questions):
            question = self.questions[comment]
            question.home, question.path = event.data["into"], (*question.path, event.object_id)

    def _unmerge(self, number: int) -> None:
        for question in self.questions.values():
            if number in question.path:
                question.home, question.path = number, question.path[: question.path.index(number)]

    def turn(self, number: int) -> str:
        """Whose turn it is by the log."""
        life = self.lives[number]
        asked = [
            one.side
            for _pk, one in sorted(self.questions.items())
            if one.home == number and not one.answered and not one.deleted
        ]
        if asked and life.status in OPEN and not life.waiting_for:
            return asked[0]
        return life.turn()

    def _turn(self, number: int, event: Event) -> None:
        turns, turn = self.turns[number], self.turn(number)
        undone = event.data.get("undone_event")
        if undone and number == event.object_id and turns[-1][1] == self.at[undone]:
            # A step that is taken back never was.
            turns.pop()
        if not turns or turns[-1][0] != turn:
            turns.append((turn, event.occurred_at))
