"""One answer while it is generated, and what happens at each of its tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch
from transformers import LogitsProcessor, StoppingCriteria

from agentmem.models.base import Answer, Cancellation, Usage
from agentmem.models.transformers_grammar import Grammar

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST = np.finfo(np.float32).tiny


@dataclass
class Row:
    """An answer that is being generated.

    Attributes:
        prompt: Tokens of the prompt.
        limit: Tokens of the answer at most.
        ends: Tokens after which it is over.
        stops: Texts before which it ends.
        temperature: 0 takes the likeliest token each time.
        seed: Of the sampling.
        grammar: What it is held to.
        decode: The text of tokens.
        cancel: Ends it.
        finish: Why it ended; none: it has not.
    """

    prompt: list[int]
    limit: int
    ends: tuple[int, ...]
    stops: tuple[str, ...]
    temperature: float
    seed: int
    grammar: Grammar | None
    decode: Callable[[Sequence[int]], str]
    cancel: Cancellation
    finish: Literal["stop", "length"] | None = None
    _tokens: list[int] = field(default_factory=list)

    def take(self, tokens: list[int]) -> bool:
        """The answer is `tokens` by now; whether it is over, from then on always."""
        if self.finish is None:
            self._tokens = tokens[: self.limit]
            if self._complete():
                self.finish = "stop"
            elif len(self._tokens) == self.limit or self.cancel.is_cancelled:
                self.finish = "length"
        return self.finish is not None

    def answer(self) -> Answer:
        """What was generated, up to its end.

        Raises:
            Cancelled: it was cancelled.
        """
        self.cancel.check()
        text = self.decode(self._tokens)
        usage = Usage(prompt_tokens=len(self.prompt), completion_tokens=len(self._tokens))
        return Answer(text=text[: self._cut(text)], finish=self.finish or "length", usage=usage)

    @property
    def chooses(self) -> bool:
        """Whether its next token may be another than the likeliest."""
        return self.grammar is not None or self.temperature > 0

    def choose(self, scores: torch.Tensor, position: int) -> torch.Tensor:
        """Scores of the next token, shape (vocabulary,), so that the highest is the one to take.

        With noise of a Gumbel distribution on the scores that is a sample by their softmax, and a function of
        seed and position alone: neither a batch nor a draft changes it.
        """
        if self.grammar is not None and self.finish is None:
            allowed = torch.from_numpy(self.grammar.allowed(len(scores))).to(scores.device)
            scores = scores.masked_fill(~allowed, -torch.inf)
        if self.temperature == 0:
            return scores
        noise = torch.from_numpy(gumbel(self.seed, position, len(scores))).to(scores.device)
        return scores / self.temperature + noise

    def _complete(self) -> bool:
        for place, token in enumerate(self._tokens):
            if token in self.ends:
                self._tokens = self._tokens[: place + 1]
                return True
        if self.grammar is not None and self.grammar.take(self._tokens):
            return True
        text = self.decode(self._tokens) if self.stops else ""
        return any(stop in text for stop in self.stops)

    def _cut(self, text: str) -> int:
        """Where the first stop text begins, or the end."""
        places = (text.find(stop) for stop in self.stops)
        return min((place for place in places if place >= 0), default=len(text))


def gumbel(seed: int, position: int, size: int) -> NDArray[np.float32]:
    """Noise of the standard Gumbel distribution, shape (size,)."""
    source = np.random.default_rng((seed % 2**64, position))
    return -np.log(np.maximum(source.standard_exponential(size, np.float32), SMALLEST))


class Choosing(LogitsProcessor):  # type: ignore[misc]
    """Lets each row choose its next token.

    Args:
        rows: The answers.
        width: Length of the padded prompts.
        tokens: How many there are; what is scored beyond them is padding.
    """

    def __init__(self, rows: Sequence[Row], width: int, tokens: int) -> None:
        self._rows = rows
        self._width = width
        self._tokens = tokens

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """New scores, shape (rows, vocabulary)."""
        scores[:, self._tokens :] = -torch.inf
        if not any(row.chooses for row in self._rows):
            return scores
        position = input_ids.shape[1] - self._width
        return torch.stack([row.choose(own, position) for row, own in zip(self._rows, scores, strict=True)])


class Ending(StoppingCriteria):  # type: ignore[misc]
    """Tells each row what it has come to; `width` is the length of the padded prompts."""

    def __init__(self, rows: Sequence[Row], width: int) -> None:
        self._rows = rows
        self._width = width

    def __call__(self, input_ids: torch.Tensor, scores: object, **_: object) -> torch.Tensor:
        """Which rows are over, shape (rows,)."""
        generated = input_ids[:, self._width :].tolist()
        over = [row.take(tokens) for row, tokens in zip(self._rows, generated, strict=True)]
        return torch.tensor(over, device=input_ids.device)
