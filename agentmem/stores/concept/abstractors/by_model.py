"""What write policies that ask a language model have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from agentmem.stores.concept.asking import PromptPolicy
from agentmem.stores.concept.gates import GatePolicy

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel


class ByModel:
    """A write policy that asks a language model.

    Args:
        model: Opens the language model, on first use.
        prompts: How large prompts are.
        gates: What is let through.
    """

    def __init__(
        self,
        model: Callable[[], ChatModel],
        prompts: PromptPolicy | None = None,
        gates: GatePolicy | None = None,
    ) -> None:
        self._open = model
        self._prompts = prompts or PromptPolicy()
        self._gates = gates or GatePolicy()

    @cached_property
    def _model(self) -> ChatModel:
        return self._open()
