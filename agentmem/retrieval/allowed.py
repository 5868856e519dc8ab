"""The filters of a query: which versions may be hits, and which filter drops one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.shelf import STATES, Shelf
from agentmem.bank.view import View
from agentmem.db.times import micros
from agentmem.records import Query, State
from agentmem.telemetry import part

Mask = NDArray[np.bool_]
Slots = NDArray[np.int64]


@dataclass(frozen=True)
class Test:
    """One filter.

    Attributes:
        name: What `explain` calls it.
        reason: What it means when it drops a record.
        passes: Which of some slots it passes.
        limited: Whether it can only drop versions that are not true always, or that expire.
    """

    name: str
    reason: str
    passes: Callable[[Slots | slice], Mask]
    limited: bool = False


def tests(query: Query, view: View, shelf: Shelf) -> list[Test]:
    """The filters of `query`, in the order in which they are told."""
    at = micros(query.at or view.now)
    visible = shelf.visible(view.seen)
    column = shelf.column
    states = [STATES[state.value] for state in query.states]
    found = [
        Test("known", "it was not known then, or is not the current version", lambda slots: visible[slots]),
        Test("state", "its state is not asked for", lambda slots: _any(column("state")[slots], states)),
        Test("expires", "it has expired", lambda slots: column("expires_at")[slots] > at, limited=True),
    ]
    if State.SUPERSEDED not in query.states:
        found.append(
            Test(
                "valid",
                "it was not true at that time",
                lambda slots: (column("valid_from")[slots] <= at) & (column("valid_to")[slots] > at),
                limited=True,
            )
        )
    if query.since is not None:
        since = micros(query.since)
        found.append(
            Test("since", "it happened before `since`", lambda slots: column("time")[slots] >= since)
        )
    if query.until is not None:
        until = micros(query.until)
        found.append(Test("until", "it happened after `until`", lambda slots: column("time")[slots] <= until))
    if query.filter is not None:
        passing = view.passing(shelf, query.filter)
        found.append(Test("filter", "it does not pass the filter", lambda slots: passing[slots]))
    return found


def _any(values: NDArray[np.int8], wanted: list[int]) -> Mask:
    mask = np.zeros(len(values), np.bool_)
    for one in wanted:
        mask |= values == one
    return mask


def allowed(query: Query, view: View, shelf: Shelf, *, but: str = "") -> Mask:
    """Which slots may be hits, shape (slots,).

    Args:
        query: What is asked.
        view: What is read.
        shelf: Its shelf.
        but: The name of a filter that is left to the caller.
    """
    with part("filter"):
        mask = np.ones(len(shelf), np.bool_)
        for test in tests(query, view, shelf):
            if test.name == but:
                continue
            if test.limited:
                mask[shelf.limited] &= test.passes(shelf.limited)
            else:
                mask &= test.passes(slice(None))
        return mask
