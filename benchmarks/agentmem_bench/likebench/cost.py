"""What models took in dialogues, and what that costs by the prices of the user's settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agentmem import spending
from agentmem.models.base import Usage
from agentmem.spending import MICROS, Spend
from agentmem_bench.likebench.agreement import models_of
from agentmem_bench.likebench.rows import Dialogue

if TYPE_CHECKING:
    from agentmem.config import Settings


def cost(dialogues: Iterable[Dialogue], settings: Settings) -> dict[str, Any] | None:
    """Calls, tokens and money by model and by who asked; none where no model was asked.

    Tokens of an answer that could not be used twice in a row are not known: its calls alone are counted.

    Returns:
        `models` and `roles`, each by name with `calls`, `prompt_tokens`, `completion_tokens`; models with
        `price`, in the currency of `model_prices`, none where it has no price; `price` of all, none where
        one has none.
    """
    by: dict[tuple[str, str], Usage] = {}

    def add(model: str, role: str, usage: Usage) -> None:
        by[model, role] = by.get((model, role), Usage(calls=0)) + usage

    for dialogue in dialogues:
        models = models_of(dialogue)
        for row in dialogue.turns:
            for role, usage in row.usage.items():
                add(models.get(role, role), role, usage)
        if dialogue.recalled is not None and dialogue.recalled.usage is not None:
            add(models["answers"], "answers", dialogue.recalled.usage)
    if not by:
        return None
    by_model = _by(by, 0)
    priced = {name: _priced(name, usage, settings) for name, usage in by_model.items()}
    prices = [spend.price_micros / MICROS for spend in priced.values() if not spend.unpriced_tokens]
    return {
        "models": {
            name: {
                **by_model[name].model_dump(),
                "price": None if spend.unpriced_tokens else spend.price_micros / MICROS,
            }
            for name, spend in priced.items()
        },
        "roles": {role: usage.model_dump() for role, usage in _by(by, 1).items()},
        "price": sum(prices) if len(prices) == len(priced) else None,
    }


def _by(usages: Mapping[tuple[str, str], Usage], place: int) -> dict[str, Usage]:
    """Usage added up by one of the parts of its key."""
    found: dict[str, Usage] = {}
    for key, usage in usages.items():
        found[key[place]] = found.get(key[place], Usage(calls=0)) + usage
    return found


def _priced(name: str, usage: Usage, settings: Settings) -> Spend:
    price = settings.model_prices.get(name)
    return spending.cost(usage.calls, usage.prompt_tokens, usage.completion_tokens, price)
