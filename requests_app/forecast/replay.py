"""From events to stays: the log, told again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import inf, isnan, nan

import numpy as np

from requests_app.choices import Status
from requests_app.forecast.record import CODES, Record

AT_WORK = (Status.IN_PROGRESS, Status.IN_REVIEW)
BEFORE_WORK = (Status.DRAFT, Status.SUBMITTED, Status.SHAPING, Status.READY)
# These lead back to the stay that was before, as if the step had never been taken.
TAKEN_BACK = ("request.undone", "request.unmerged")


@dataclass(frozen=True)
class Step:
    """A change of status: which request of which team, how, to what, and when.

    ``begins``: with this step the work counts as begun although the status does not say so.
    """

    request: int
    team: int
    kind: str
    to: str
    at: float
    begins: bool = False


@dataclass
class _Stay:
    status: str
    enter: float
    leave: float
    begin: float


def replay(steps: Iterable[Step]) -> Record:
    """The stays of all requests; the steps of one stand together, in the order in which they were recorded.

    What an imported log dates earlier than what it told before takes the later part back: the end of a
    request is where the log says, not where its row was written.
    """
    rows: list[tuple[int, int, int, float, float, float]] = []
    for request, own in groupby(steps, key=lambda step: step.request):
        taken = list(own)
        rows += [
            (taken[0].team, request, CODES[stay.status], stay.enter, stay.leave, stay.begin)
            for stay in _stays(taken)
        ]
    team, number, status, enter, leave, begin = list(zip(*rows, strict=True)) or [()] * 6
    whole = [np.array(column, dtype=np.int64) for column in (team, number, status)]
    moments = [np.array(column, dtype=np.float64) for column in (enter, leave, begin)]
    return Record(whole[0], whole[1], whole[2], moments[0], moments[1], moments[2])


def _stays(steps: list[Step]) -> list[_Stay]:
    stays: list[_Stay] = []
    for step in steps:
        if step.kind in TAKEN_BACK and stays and stays[-1].status != step.to:
            stays.pop()
        if stays and stays[-1].status == step.to and not step.begins:
            stays[-1].leave = inf
            continue
        begin = _begin(stays[-1].begin if stays else nan, step)
        while stays and stays[-1].enter >= step.at:
            stays.pop()
        if stays:
            stays[-1].leave = step.at
        stays.append(_Stay(step.to, step.at, inf, begin))
    return stays


def _begin(begin: float, step: Step) -> float:
    """Since when the work counts as begun after this step; ``nan``: it does not."""
    if step.begins:
        return step.at
    if step.to in BEFORE_WORK:
        return nan
    if step.to in AT_WORK and isnan(begin):
        return step.at
    return begin
