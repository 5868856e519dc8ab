"""A rater that is a model: seven dimensions by rubric, with a quoted reason, several times over."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np
from pydantic import BaseModel, Field, create_model

from agentmem.fence import fence
from agentmem.models.base import Usage
from agentmem.prompts import render
from agentmem.synthesis.render import straight
from agentmem_bench.asking import Asker
from agentmem_bench.likebench.judged.describing import character, life, likings
from agentmem_bench.likebench.judged.rubric import LEVELS, rubric
from agentmem_bench.likebench.judged.user import talk
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Dimension, Persona
from agentmem_bench.likebench.players import Exchange, Rated, Ratings

TOKENS = 1_200
"""Of all ratings of a reply."""
QUOTED, LONGEST = 80, 120
"""Characters of a quotation, and of a reason, at most."""


class Judgement(BaseModel):
    """One rating."""

    applies: bool
    quote: Annotated[str, Field(max_length=QUOTED)]
    reason: Annotated[str, Field(max_length=LONGEST)]
    rating: Annotated[int, Field(ge=LEVELS[0], le=LEVELS[-1])]


class ModelRater:
    """Rates as the persona would.

    Each repeat asks for the dimensions in another order, which depends on the persona, the turn and the
    repeat alone.

    Args:
        asker: The model.
        name: As it is called in results.
        repeats: How many times each reply is rated.
    """

    def __init__(self, asker: Asker, name: str, repeats: int = 1) -> None:
        self.name = name
        self._asker = asker
        self._repeats = repeats

    def rate(self, persona: Persona, exchange: Exchange) -> Rated:
        """The mean of the ratings, and the reasons of the first one."""
        found: list[Mapping[Dimension, Judgement]] = []
        usage, failures = Usage(calls=0), []
        for number in range(self._repeats):
            order = _order(persona, exchange, number)
            said = self._asker.ask(
                _prompt(persona, exchange, order), max_tokens=TOKENS, schema=_schema(order)
            )
            usage += said.usage
            if said.value is None:
                failures.append(said.failure)
            else:
                found.append({dimension: getattr(said.value, dimension) for dimension in DIMENSIONS})
        every = [_ratings(one) for one in found]
        ratings = {dimension: _mean([one[dimension] for one in every]) for dimension in DIMENSIONS}
        first = {
            dimension: next(one[dimension] for one in found if one[dimension].applies)
            for dimension, value in ratings.items()
            if value is not None
        }
        return Rated(
            ratings,
            {dimension: _reason(one) for dimension, one in first.items()},
            tuple(every) if self._repeats > 1 else (),
            tuple(name for name, one in first.items() if not _is_quoted(one.quote, exchange)),
            usage,
            "; ".join(failures),
        )


def _order(persona: Persona, exchange: Exchange, number: int) -> Sequence[Dimension]:
    """The dimensions, shuffled."""
    turn = exchange.turn
    about = f"order {persona.id} {turn.session} {turn.number} {number}"
    return random.Random(about).sample(DIMENSIONS, len(DIMENSIONS))  # noqa: S311 - no secret


def _schema(order: Sequence[Dimension]) -> type[BaseModel]:
    """A judgement on each dimension, in an order."""
    fields = {str(dimension): (Judgement, ...) for dimension in order}
    return create_model("Judgements", **fields)  # type: ignore[call-overload, no-any-return]


def _prompt(persona: Persona, exchange: Exchange, order: Sequence[Dimension]) -> str:
    turn = exchange.turn
    before = talk(exchange.before, turn.session)
    exchanged = f"You said: {exchange.message}\nThe reply to be rated: {exchange.reply or '(nothing)'}"
    return render(
        __package__,
        "rater",
        character=character(persona),
        likings=likings(persona),
        life=life(persona, turn.session),
        criteria=[(dimension, rubric()[dimension]) for dimension in order],
        names=", ".join(order),
        exchange=fence(f"{before}\n{exchanged}".strip()),
    )


def _ratings(found: Mapping[Dimension, Judgement]) -> Ratings:
    return {name: one.rating if one.applies else None for name, one in found.items()}


def _mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that apply, if they are the most; one alone as it is."""
    given = [value for value in values if value is not None]
    if 2 * len(given) <= len(values):
        return None
    return given[0] if len(given) == 1 else float(np.mean(given))


def _reason(one: Judgement) -> str:
    return f'"{one.quote.strip()}": {one.reason.strip()}'


def _is_quoted(quote: str, exchange: Exchange) -> bool:
    """Whether what a reason quotes was said, whatever its case, spacing and quotation marks."""
    plain = _plain(quote).strip("\"'.… ")
    return bool(plain) and (plain in _plain(exchange.reply) or plain in _plain(exchange.message))


def _plain(text: str) -> str:
    return " ".join(straight(text).split()).casefold()
