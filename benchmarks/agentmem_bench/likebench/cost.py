"""What models took in dialogues, and what that costs by the prices of the user's settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agentmem import spending
from agentmem.models.base import Usage
from agentmem.spending import MICROS
from agentmem_bench.likebench.rows import ANSWERS, DECOYS, USER, Dialogue, Header, rated_by

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
        models = _models(dialogue.header)
        for row in dialogue.turns:
            for role, usage in row.usage.items():
                add(models.get(role, role), role, usage)
        if dialogue.recalled is not None and dialogue.recalled.usage is not None:
            add(models[ANSWERS], ANSWERS, dialogue.recalled.usage)
    if not by:
        return None
    by_model = _by(by, 0)
    prices = {name: _price(name, usage, settings) for name, usage in by_model.items()}
    known = [price for price in prices.values() if price is not None]
    return {
        "models": {name: {**usage.model_dump(), "price": prices[name]} for name, usage in by_model.items()},
        "roles": {role: usage.model_dump() for role, usage in _by(by, 1).items()},
        "price": sum(known) if len(known) == len(prices) else None,
    }


def _by(usages: Mapping[tuple[str, str], Usage], place: int) -> dict[str, Usage]:
    """Usage added up by one of the parts of its key."""
    found: dict[str, Usage] = {}
    for key, usage in usages.items():
        found[key[place]] = found.get(key[place], Usage(calls=0)) + usage
    return found


def _models(header: Header) -> Mapping[str, str]:
    """Which model is behind who asks."""
    raters = {rated_by(name): name for name in header.raters}
    return {USER: header.user, ANSWERS: header.answers, DECOYS: header.raters[0], **raters}


def _price(name: str, usage: Usage, settings: Settings) -> float | None:
    """What a model cost; none where its price is not known."""
    price = settings.model_prices.get(name)
    spend = spending.cost(usage.calls, usage.prompt_tokens, usage.completion_tokens, price)
    return None if spend.unpriced_tokens else spend.price_micros / MICROS
