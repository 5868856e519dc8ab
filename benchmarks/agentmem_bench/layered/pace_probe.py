"""In a process of its own: open a layered memory, live through its last days, and ask it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem_bench import fresh, memory
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.speed.synthetic import SyntheticEmbedder
from agentmem_bench.timed import TimedEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

K = 5
"""Hits of each layer."""
BACK = timedelta(days=5 * 365)
"""How far back a question about the past reaches."""
WARM = 5


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Measure what pace.py asks for.

    Args:
        given: `vectors`, a file; `seed`; `bank`; `namespace`; `days`, a file: of each day its end and its
            items; `asked`, questions: one for each day, the others at the end.

    Returns:
        Milliseconds, p50 and p95: of a day's `advance`, of one with nothing due, of a recall by layers at the
        end of each day (the first after writes), of one with nothing new, of one about the past, of one that
        asks for what has faded too; items a second of a day's `observe`; resident bytes above those before
        anything was opened; the population.
    """
    import numpy as np

    vectors = np.load(Path(given["vectors"]), allow_pickle=False)
    embedder = TimedEmbedder(SyntheticEmbedder(vectors, given["seed"]))
    days = json.loads(Path(given["days"]).read_text(encoding="utf-8"))
    before = memory.resident()
    memory.forget_peak()
    from agentmem.bank import Bank
    from agentmem.records import Event, State

    began = perf_counter()
    with Bank(given["bank"], embedder=embedder) as bank:
        store: Any = bank.store("layered", tuple(given["namespace"]))
        asked = iter(given["asked"])
        store.recall_layers(next(asked), k=K, floor=False, at=datetime.fromisoformat(days[0]["now"]))
        first = perf_counter() - began
        advances, idle, fresh_recalls, counts, observing = [], [], [], [], 0.0

        def timed(work: Callable[[], Any]) -> float:
            embedding, start = embedder.seconds, perf_counter()
            work()
            return perf_counter() - start - (embedder.seconds - embedding)

        def recalling(**changes: Any) -> Callable[[], Any]:
            question = next(asked)
            return lambda: store.recall_layers(question, k=K, floor=False, **changes)

        now = datetime.fromisoformat(days[-1]["now"])
        for day in days:
            events = [Event(**one) for one in day["events"]]
            at = datetime.fromisoformat(day["now"])
            observing += timed(lambda events=events: store.observe(*events))  # type: ignore[misc]
            counts.append(len(events))
            advances.append(timed(lambda at=at: store.advance(at)))  # type: ignore[misc]
            later = at + timedelta(milliseconds=1)
            idle.append(timed(lambda later=later: store.advance(later)))  # type: ignore[misc]
            fresh_recalls.append(timed(recalling(at=at + timedelta(seconds=1))))
        ways: dict[str, dict[str, Any]] = {
            "recall": {"at": now + timedelta(seconds=1)},
            "recall_past": {"at": now - BACK},
            "recall_faded": {"at": now + timedelta(seconds=1), "states": (State.LIVE, State.FADED)},
        }
        left = list(asked)
        told: dict[str, Any] = {}
        for name, changes in ways.items():
            asked = iter(left)
            seconds = [timed(recalling(**changes)) for _ in left]
            told[f"{name}_ms"] = milliseconds(seconds[WARM:])
            told[f"{name}_first_s"] = round(seconds[0], 3)
        population = store.population(now + timedelta(seconds=1))
        return {
            **told,
            "first_recall_s": round(first, 3),
            "day_items": round(fmean(counts)),
            "observe_per_s": round(sum(counts) / max(observing, 1e-9)),
            "advance_ms": milliseconds(advances),
            "advance_idle_ms": milliseconds(idle),
            "recall_after_day_ms": milliseconds(fresh_recalls),
            "memory_bytes": memory.resident() - before,
            "memory_peak_bytes": memory.peak() - before,
            "population": population,
        }


if __name__ == "__main__":
    fresh.answer(probe)
