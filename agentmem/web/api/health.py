"""Whether the server answers and its bank can be read; anybody may ask, so the bank is looked at rarely."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from agentmem.db.database import current_seq
from agentmem.errors import AgentMemError
from agentmem.web.api.answered import Health

if TYPE_CHECKING:
    from agentmem.bank import Bank

PATH = "/v1/health"
SECONDS = 1.0
"""For which what was found holds."""


class Pulse:
    """The health of a bank.

    Args:
        bank: The bank.
        clock: Seconds that only grow.
    """

    def __init__(self, bank: Bank, clock: Callable[[], float] = time.monotonic) -> None:
        self._bank = bank
        self._clock = clock
        self._health = Health(version=version("agentmem"))
        self._lock = anyio.Lock()
        self._until: float | None = None
        self._error: AgentMemError | None = None

    async def health(self) -> Health:
        """Say that the server answers, and that its bank can be read. This needs no token.

        Raises:
            AgentMemError: the bank cannot be read.
        """
        async with self._lock:
            if self._until is None or self._clock() >= self._until:
                self._error = await anyio.to_thread.run_sync(self._found)
                self._until = self._clock() + SECONDS
        if self._error is not None:
            raise self._error
        return self._health

    def _found(self) -> AgentMemError | None:
        try:
            with self._bank.database.read() as connection:
                current_seq(connection)
        except AgentMemError as error:
            return error
        return None
