"""Tokens a second of a language model, reading and writing apart, by its own count."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from agentmem.models import Cancellation, user
from agentmem.models.base import ChatModel, Request, Usage

REPEATS = 3
TOGETHER = 8
"""Requests at once."""
PROMPTS = 2 * REPEATS + TOGETHER
"""How many different prompts are needed."""


@dataclass(frozen=True)
class Timed:
    """An answer's cost and the seconds that it took."""

    usage: Usage
    seconds: float


def rates(model: ChatModel, prompts: Sequence[str], tokens: int) -> dict[str, Any]:
    """Tokens a second: medians of `REPEATS`, and of `TOGETHER` requests at once.

    Reading is timed by an answer of one token; writing by what a longer answer takes beyond its reading.

    Args:
        model: Loaded.
        prompts: `PROMPTS`, of like length and none the beginning of another: servers remember prompts.
        tokens: Of a longer answer.
    """
    reading, writing = [], []
    for first, second in zip(prompts[:REPEATS], prompts[REPEATS : 2 * REPEATS], strict=True):
        short, long = ask(model, first, 1), ask(model, second, tokens)
        reading.append(short.usage.prompt_tokens / short.seconds)
        beyond = long.seconds - long.usage.prompt_tokens / reading[-1]
        if beyond > 0:
            writing.append((long.usage.completion_tokens - 1) / beyond)
    began = perf_counter()
    with ThreadPoolExecutor(TOGETHER) as pool:
        at_once = list(pool.map(lambda prompt: ask(model, prompt, tokens), prompts[2 * REPEATS :]))
    seconds = perf_counter() - began
    return {
        "prompt_tokens": short.usage.prompt_tokens,
        "prompt_per_s": round(median(reading), 1),
        "generated_tokens": long.usage.completion_tokens,
        "generated_per_s": round(median(writing), 1) if writing else None,
        "together": {
            "requests": len(at_once),
            "generated_per_s": round(sum(one.usage.completion_tokens for one in at_once) / seconds, 1),
        },
    }


def ask(model: ChatModel, prompt: str, tokens: int) -> Timed:
    """Answer `prompt` with `tokens` at most, the likeliest each time."""
    request = Request(messages=(user(prompt),), max_tokens=tokens)
    began = perf_counter()
    answer = model.answer(request, Cancellation())
    return Timed(answer.usage, perf_counter() - began)
