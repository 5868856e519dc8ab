"""Memories without structure, told more than any memory can know: which values each slot ever has.

What they get wrong, they get wrong for want of structure alone, not for want of understanding: an upper
bound for a flat history that reads well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.records import Event
from agentmem_bench.task.engines import NAMESPACE
from agentmem_bench.task.scenarios import Scenario, Turn
from agentmem_bench.task.scoring import Snapshot

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

LOOKED_AT = 20
"""Recalled turns in which a value is looked for."""


class LastMention:
    """The flat history: a slot has the value that was mentioned last, whatever was meant by it."""

    def __init__(self) -> None:
        self.name = "flat history, last mention wins"
        self.failures = 0
        self.seconds: list[float] = []

    def hear(self, scenario: Scenario) -> list[Snapshot]:
        """What was mentioned last, after each turn."""
        known = _forms(scenario)
        held: dict[str, str] = {}
        found = []
        for turn in scenario.turns:
            began = perf_counter()
            held |= {slot: value for slot in turn.state if (value := _last_in(turn.say, known[slot]))}
            self.seconds.append(perf_counter() - began)
            found.append(_snapshot(turn, scenario, held))
        return found


class EpisodicRecall:
    """Episodic memory: a slot has the value in the best turn that is recalled for its title.

    Args:
        embedder: The bank's embedder.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.name = "episodic recall"
        self.failures = 0
        self.seconds: list[float] = []
        self._embedder = embedder

    def hear(self, scenario: Scenario) -> list[Snapshot]:
        """What is recalled for each slot, after each turn."""
        known = _forms(scenario)
        found = []
        with TemporaryDirectory(prefix="agentmem-") as folder:
            settings = Settings(db=str(Path(folder) / "episodic.db"))
            with Bank(settings=settings, embedder=self._embedder) as bank:
                store = bank.store("episodic", NAMESPACE)
                for turn in scenario.turns:
                    began = perf_counter()
                    store.observe(Event(text=turn.say, actor="user"))
                    held: dict[str, str] = {}
                    for slot in turn.state:
                        hits = store.recall(
                            f"What is the {scenario.slots[slot][0]}?", k=LOOKED_AT, floor=False
                        )
                        values = (_last_in(hit.text, known[slot]) for hit in hits)
                        if value := next(filter(None, values), None):
                            held[slot] = value
                    self.seconds.append(perf_counter() - began)
                    found.append(_snapshot(turn, scenario, held))
        return found


def _forms(scenario: Scenario) -> dict[str, list[str]]:
    """All forms of all values that each slot ever has, the longest first."""
    found: dict[str, set[str]] = {slot: set() for slot in scenario.slots}
    for turn in scenario.turns:
        for slot, forms in turn.state.items():
            found[slot].update(forms or ())
    return {slot: sorted(forms, key=len, reverse=True) for slot, forms in found.items()}


def _last_in(said: str, forms: Sequence[str]) -> str | None:
    """The value that stands last in an utterance; of those that end there the longest."""
    best: tuple[int, int] = (-1, 0)
    value = None
    for form in forms:
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", said, re.IGNORECASE):
            place = (match.end(), match.end() - match.start())
            if place > best:
                best, value = place, match.group()
    return value


def _snapshot(turn: Turn, scenario: Scenario, held: Mapping[str, str]) -> Snapshot:
    """The truth's own slots, with what is held of them."""
    return Snapshot(
        slots=tuple((slot, scenario.slots[slot][0], held.get(slot)) for slot in turn.state), intents=()
    )
