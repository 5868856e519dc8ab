"""What the stores of a bank spend on language models, counted in the bank against the budgets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agentmem import spending
from agentmem.db import spend
from agentmem.db.database import Transaction
from agentmem.errors import InvalidInput, OverBudget
from agentmem.records import Namespace
from agentmem.spending import Budget, BudgetState, Spend, Spending

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.config import Price
    from agentmem.models.base import Usage
    from agentmem.models.metered import Settle


class BankLedger:
    """Keeps the books of one store of one namespace; the budgets are the whole bank's.

    A reservation is made in one write transaction, so that no two calls, of whatever thread or process,
    find the same room.

    Args:
        bank: The bank, with its settings.
        namespace: Of the store.
        store: The name under which its records are kept.
    """

    def __init__(self, bank: Bank, namespace: Namespace, store: str) -> None:
        self._bank = bank
        self._namespace = namespace
        self._store = store
        self._budgets = spending.budgets_of(bank.settings)

    def require_price(self, model: str) -> Price | None:
        """What `model` costs; none where it is not known and no budget asks for it.

        Raises:
            InvalidInput: it is not known, and there is a budget of money.
        """
        price = self._bank.settings.model_prices.get(model)
        money = next((budget for budget in self._budgets if budget.unit == "money"), None)
        if price is None and money is not None:
            raise InvalidInput(
                f"{money.setting} is set, and the price of {model!r} is not known",
                f"""name it in agentmem.toml: [model_prices."{model}"] with prompt = X and completion = Y """
                "per million tokens, 0 where nobody sends a bill",
            )
        return price

    def reserve(self, model: str, most: Usage) -> Settle:
        """See `agentmem.models.metered.Ledger`.

        Raises:
            OverBudget: a budget has no room for the call.
            InvalidInput: the model's price is not known, and there is a budget of money.
        """
        price = self.require_price(model)
        worst = spending.cost(most.calls, most.prompt_tokens, most.completion_tokens, price)
        now = self._bank.clock().astimezone(UTC)
        hour = spending.begin("hour", now)

        def take(transaction: Transaction) -> None:
            for budget in self._budgets:
                spent = spend.total(transaction.connection, spending.begin(budget.period, now))
                _require_room(budget, spent, worst, now)
            add(transaction, worst)

        def add(transaction: Transaction, more: Spend) -> None:
            number = self._bank.number(transaction, self._namespace)
            spend.add(transaction.connection, number, self._store, model, hour, more)

        def settle(taken: Usage) -> None:
            real = spending.cost(taken.calls, taken.prompt_tokens, taken.completion_tokens, price)
            spending.count(real)
            if real != worst and not self._bank.closed:  # one that is closed writes nothing more
                self._bank.database.write(lambda transaction: add(transaction, real - worst))

        self._bank.database.write(take)
        return settle


def _require_room(budget: Budget, spent: Spend, worst: Spend, now: datetime) -> None:
    """Let a call pass that fits.

    Raises:
        OverBudget: it does not.
    """
    used, needed = budget.used(spent), budget.used(worst)
    if used + needed <= budget.limit:
        return
    raise OverBudget(
        str(budget),
        budget.told(used),
        budget.told(needed),
        opens_at=spending.end(budget.period, now) if needed <= budget.limit else None,
        remedy=f"set AGENTMEM_{budget.setting.upper()} higher, or ask for less",
    )


def spent(bank: Bank, namespace: Namespace | None = None) -> list[Spending]:
    """What stores spent on models, by namespace, store and model: of one namespace, or of all."""
    now = bank.clock().astimezone(UTC)
    numbers = None if namespace is None else bank.numbers(namespace)
    with bank.database.read() as connection:
        hour, day = (
            spend.listed(connection, numbers, spending.begin(period, now)) for period in spending.LENGTHS
        )
        ever = spend.listed(connection, numbers)
    return [
        Spending(
            namespace=key[0],
            store=key[1],
            model=key[2],
            hour=hour.get(key, Spend()),
            day=day.get(key, Spend()),
            all=total,
        )
        for key, total in ever.items()
    ]


def budgets(bank: Bank) -> list[BudgetState]:
    """How the budgets of the bank's settings stand."""
    now = bank.clock().astimezone(UTC)
    found = []
    with bank.database.read() as connection:
        for budget in spending.budgets_of(bank.settings):
            used = budget.used(spend.total(connection, spending.begin(budget.period, now)))
            found.append(
                BudgetState(
                    period=budget.period,
                    unit=budget.unit,
                    limit=budget.limit,
                    spent=used,
                    left=max(0, budget.limit - used),
                    opens_at=spending.end(budget.period, now),
                )
            )
    return found
