"""The language models that the stores of a bank may ask."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from agentmem.bank import ledger
from agentmem.errors import Unavailable
from agentmem.records import Namespace, clean_namespace
from agentmem.spending import BudgetState, Spending

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.models.base import ChatModel


class Models:
    """Opens each model once.

    Args:
        bank: Whose settings name the model.
        given: A model that answers whatever name is asked for.
    """

    def __init__(self, bank: Bank, given: ChatModel | None = None) -> None:
        self.given = given
        self._bank = bank
        self._opened: dict[str, ChatModel] = {}
        self._lock = threading.Lock()

    def chat(self, namespace: Namespace, store: str, name: str | None = None) -> ChatModel:
        """See `Bank.chat_model`."""
        from agentmem.models.metered import MeteredChat

        model = self._open(name)
        books = ledger.BankLedger(self._bank, clean_namespace(namespace), store)
        books.require_price(model.name)
        return MeteredChat(model, books)

    def spent(self, namespace: Namespace | None = None) -> list[Spending]:
        """What stores spent on models, by namespace, store and model: of one namespace, or of all."""
        return ledger.spent(self._bank, namespace)

    def budgets(self) -> list[BudgetState]:
        """How the budgets of the settings stand."""
        return ledger.budgets(self._bank)

    def _open(self, name: str | None) -> ChatModel:
        if self.given is not None:
            return self.given
        name = name or self._bank.settings.model
        if not name:
            raise Unavailable(
                "no language model is configured", "set AGENTMEM_MODEL, or name one: --model llama"
            )
        from agentmem.models import open_model

        with self._lock:
            if name not in self._opened:
                self._opened[name] = open_model(self._bank.settings, name)
            return self._opened[name]
