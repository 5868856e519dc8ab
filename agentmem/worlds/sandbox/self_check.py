"""Checks of a sandbox by name: hostile programs are run in it. Each is true, or says what went wrong."""

from __future__ import annotations

from agentmem.worlds.sandbox.hostile import ALL, INPUT, Hostile
from agentmem.worlds.sandbox.pool import Sandbox


def check(box: Sandbox, name: str) -> bool | str:
    """Whether a program fares as it should, and the next one as if nothing had been; or else what went wrong.

    Args:
        box: The sandbox.
        name: Of the check.

    Raises:
        KeyError: there is no check of that name.
    """
    found = fares(box, ALL[name])
    if found is not True:
        return found
    after = box.run("def transform(grid): return grid", [INPUT])
    return True if after.outputs == (INPUT,) else f"the next program failed: {after.reason} ({after.detail})"


def fares(box: Sandbox, one: Hostile) -> bool | str:
    """Whether a program fares as it should; or else how it did."""
    verdict = box.run(one.text, [INPUT])
    if verdict.reason is None:
        if (not one.reasons or one.or_answers) and verdict.outputs == (one.answer,):
            return True
        return f"it answered {verdict.outputs!r:.200}"
    if verdict.reason in one.reasons:
        return True
    return f"it failed with `{verdict.reason}` ({verdict.detail})"
