"""Ctrl-C that is not lost: native code that calls Python back may swallow what Python raises there."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from agentmem.agents.policy import Decision, Policy, Prompt


class Interruption:
    """Whether Ctrl-C was pressed since it began to listen."""

    def __init__(self) -> None:
        self._pressed = False

    def check(self) -> None:
        """Let pass, unless it was pressed.

        Raises:
            KeyboardInterrupt: it was.
        """
        if self._pressed:
            raise KeyboardInterrupt

    def _press(self, number: int, frame: FrameType | None) -> None:
        self._pressed = True
        signal.default_int_handler(number, frame)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen, where this is the main thread and nobody else does."""
        is_ours = threading.current_thread() is threading.main_thread()
        if not is_ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            yield
            return
        signal.signal(signal.SIGINT, self._press)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class InterruptiblePolicy:
    """A policy whose decision does not count where Ctrl-C was pressed meanwhile: it may be cut off.

    Args:
        policy: Who decides.
        interruption: Says whether it was pressed.
    """

    def __init__(self, policy: Policy, interruption: Interruption) -> None:
        self._policy = policy
        self._interruption = interruption

    @property
    def name(self) -> str:
        """What the policy is called."""
        return self._policy.name

    def decide(self, prompt: Prompt) -> Decision:
        """What the policy decides.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        decision = self._policy.decide(prompt)
        self._interruption.check()
        return decision
