"""What the middleware adds to a call of the model, with many memories in the bank."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from agentmem.bank import Bank
from agentmem.bank.bank import EMBED_AFTER_SECONDS
from agentmem.config import Settings
from agentmem.synthesis.tokens import MiniLMTokens
from agentmem.telemetry import measured
from agentmem_bench import fresh
from agentmem_bench.langchain.talk import Echo, agent, turn
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.speed import corpus
from langchain_agentmem import MemoryMiddleware

WARM = 20
"""Turns before those that are measured."""
A_THREAD = 25
"""Turns of a thread; then another one begins."""
USER = "u"
AT_ONCE = 1_000


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of a turn with and without memory, and of the parts of memory.

    Args:
        given: `memories`: how many are there before; `turns`: how many are measured.
    """
    memories, turns = int(given["memories"]), int(given["turns"])
    texts, _ = corpus.shipped()
    questions = corpus.questions(texts, turns + WARM, 1, memories)
    bare = _timed(Echo(), [], questions)
    with tempfile.TemporaryDirectory() as folder, Bank(Path(folder) / "bank.db", settings=Settings()) as bank:
        store = bank.store("episodic", ("bench", USER))
        events = list(corpus.turns(texts, memories, 0))
        for first in range(0, memories, AT_ONCE):
            store.observe(*events[first : first + AT_ONCE])
        store.recall(questions[0])
        spent: dict[str, list[float]] = {"retrieve": [], "render": [], "observe": []}
        for name, kept in spent.items():
            setattr(store, name, _watched(getattr(store, name), kept))
        memory = MemoryMiddleware(bank, namespace=("bench", "{user_id}"))
        model = Echo()
        embedding: list[float] = []
        background: list[float] = []

        def between() -> None:
            background.append(max(0.0, _seconds(bank.settle) - EMBED_AFTER_SECONDS))

        with_memory = _timed(model, [memory], questions, embedding, between)
    own = [one - other for one, other in zip(spent["retrieve"][WARM:], embedding[WARM:], strict=True)]
    call = [one - other for one, other in zip(with_memory, embedding, strict=True)][WARM:]
    parts = {"recall": own, "synthesis": spent["render"][WARM:], "observe": spent["observe"][WARM:]}
    told = {name: milliseconds(seconds) for name, seconds in parts.items()}
    bare_ms, with_ms = milliseconds(bare[WARM:]), milliseconds(call)
    assert bare_ms is not None  # noqa: S101 - there were turns
    assert with_ms is not None  # noqa: S101
    return {
        "memories": memories,
        "turns": turns,
        "bare": bare_ms,
        "with_memory_above_embedding": with_ms,
        "embedding": milliseconds(embedding[WARM:]),
        "background": milliseconds(background[WARM:]),
        "overhead_p50": round(with_ms["p50"] - bare_ms["p50"], 3),
        "parts": told,
        "context_tokens": MiniLMTokens().count(model.request[-1].text),
    }


def _timed(
    model: Echo,
    middleware: list[Any],
    questions: list[str],
    embedding: list[float] | None = None,
    between: Callable[[], None] | None = None,
) -> list[float]:
    """Seconds of each turn.

    Args:
        model: Who answers.
        middleware: Of the agent.
        questions: One a turn.
        embedding: Is given the seconds of each question's embedding.
        between: What is done between turns, where the user would read: it is not counted.
    """
    talking = agent(model, middleware)
    seconds = []
    for n, question in enumerate(questions):
        arguments = turn(question, f"t{n // A_THREAD}", USER)
        with measured() as stages:
            began = perf_counter()
            talking.invoke(**arguments)
            seconds.append(perf_counter() - began)
        if embedding is not None:
            embedding.append(stages.get("embed", 0.0))
        if between is not None:
            between()
    return seconds


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _watched(work: Callable[..., Any], kept: list[float]) -> Callable[..., Any]:
    def timed(*args: Any, **options: Any) -> Any:
        began = perf_counter()
        try:
            return work(*args, **options)
        finally:
            kept.append(perf_counter() - began)

    return timed


if __name__ == "__main__":
    fresh.answer(measure)
