"""Trims by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentmem.records import Event, Namespace
from agentmem.stores.task.trim import Forest, Subtask, Trim

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank


class NoTrim:
    """Reads nothing: the forest is changed by its operations alone."""

    def read(self, said: Event, forest: Forest) -> list[Subtask]:
        """No subtasks."""
        return []


TRIMS = ("rule", "model", "none")


def open_trim(name: str, bank: Bank, namespace: Namespace, store: str, model: str | None) -> Trim:
    """The trim `name` for a store of `bank`.

    Raises:
        Unavailable: the trim `model`, and no model is configured.
    """
    if name == "model":
        from agentmem.stores.task.model_trim import ModelTrim

        return ModelTrim(bank.chat_model(namespace, store, model))
    if name == "rule":
        from agentmem.stores.task.rule.reader import RuleTrim

        return RuleTrim()
    return NoTrim()
