"""What became of the checks: a value, and a table that is read without pytest."""

from __future__ import annotations

import textwrap
from typing import Literal

from agentmem.records import Value

Result = Literal["passed", "failed", "not applicable"]

WIDTH = 118
"""Columns of the printed table."""


class Outcome(Value):
    """One check.

    Attributes:
        check: Its name.
        promise: What it holds a store to, in a line.
        result: What came of it.
        reason: Why it failed, or why it does not apply; else empty.
        seconds: How long it took.
        trace: The traceback of a failure.
    """

    check: str
    promise: str
    result: Result
    reason: str = ""
    seconds: float = 0.0
    trace: str = ""


class Report(Value):
    """All checks of one store; printed, it is a table."""

    store: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed, and at least one passed."""
        results = {outcome.result for outcome in self.outcomes}
        return "failed" not in results and "passed" in results

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The checks that failed."""
        return tuple(outcome for outcome in self.outcomes if outcome.result == "failed")

    def __getitem__(self, check: str) -> Outcome:
        """The outcome of one check by its name."""
        return next(outcome for outcome in self.outcomes if outcome.check == check)

    def __str__(self) -> str:
        """The table: check, result, seconds, and the promise or the reason."""
        names = max([len(outcome.check) for outcome in self.outcomes], default=5)
        lines = [f"{'check':{names}}  {'result':14}  {'s':>5}  promise, or the reason"]
        for outcome in self.outcomes:
            head = f"{outcome.check:{names}}  {outcome.result:14}  {outcome.seconds:5.2f}  "
            told = textwrap.wrap(outcome.reason or outcome.promise, max(30, WIDTH - len(head))) or [""]
            lines.append(head + told[0])
            lines += [" " * len(head) + line for line in told[1:]]
        counts = dict.fromkeys(("passed", "failed", "not applicable"), 0)
        for outcome in self.outcomes:
            counts[outcome.result] += 1
        summary = ", ".join(f"{n} {name}" for name, n in counts.items())
        verdict = "conforms" if self.passed else "does not conform"
        return "\n".join([*lines, f"{self.store} {verdict}: {summary}"])
