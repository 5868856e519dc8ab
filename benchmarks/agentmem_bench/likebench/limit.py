"""A limit to what models take in a run, over all its processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentmem.errors import AgentMemError, OverBudget
from agentmem.models.base import Usage

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from agentmem.models.metered import Settle


class LimitReached(OverBudget):
    """A call for which a run's limit has no room.

    Args:
        limit: Tokens of the run.
        taken: Those that are taken or reserved.
        needed: What the call may take at most.
    """

    def __init__(self, limit: int, taken: int, needed: int) -> None:
        AgentMemError.__init__(
            self,
            f"--limit {limit}: {taken:,} tokens are taken or reserved, and the next call may take {needed:,}",
            "the rows so far are kept: run it again to go on, with a higher --limit if need be",
        )
        self.opens_at = None


class RunLedger:
    """Counts tokens; a call that may go over the limit is not made. See `agentmem.models.metered.Ledger`.

    Args:
        limit: Tokens.
        taken: Those that are taken or reserved, shared by all processes of the run.
    """

    def __init__(self, limit: int, taken: Synchronized[int]) -> None:
        self._limit = limit
        self._taken = taken

    def reserve(self, model: str, most: Usage) -> Settle:
        """Count a call at its worst case, until it is settled.

        Raises:
            LimitReached: the limit has no room for it.
        """
        needed = _tokens(most)
        with self._taken.get_lock():
            if self._taken.value + needed > self._limit:
                raise LimitReached(self._limit, self._taken.value, needed)
            self._taken.value += needed

        def settle(taken: Usage) -> None:
            with self._taken.get_lock():
                self._taken.value += _tokens(taken) - needed

        return settle


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens
