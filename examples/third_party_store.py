"""A store of one's own: what people prefer, found by patterns, kept under keys. Run it: it checks itself."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import ClassVar

from agentmem import ChangeSet, Event, MemoryStore, View
from agentmem.bank import ApplyView

FAVOURITE = re.compile(r"\bmy favou?rite (\w+) is ([^.!?,]+)", re.IGNORECASE)
PREFERS = re.compile(r"\bI prefer ([^.!?,]+?) (?:over|to) ([^.!?,]+)", re.IGNORECASE)


class Preferences(MemoryStore):
    """One record a preference: said otherwise it changes, said again it gains a source."""

    name: ClassVar[str] = "preferences"

    def interpret(self, events: Sequence[Event], view: View) -> list[Event]:
        """A `put` for each preference; a model could find more of them here."""
        return [
            Event(type="put", actor=event.actor, text=text, data={"key": key}, caused_by=(event.id,))
            for event in events
            for key, text in preferences(event.actor or "somebody", event.text)
        ]

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Nothing: `put` is an operation that all stores share, with its keys, trust and history."""
        return ChangeSet()

    def of(self, actor: str) -> list[str]:
        """What `actor` prefers now."""
        return [record.text for record in self.select(f'state = "live" and actor = {json.dumps(actor)}')]


def preferences(actor: str, text: str) -> list[tuple[str, str]]:
    """The preferences in a text, each as a key and a sentence."""
    found = [
        (f"{actor}: {what}", f"{actor}'s favourite {what} is {it}.") for what, it in FAVOURITE.findall(text)
    ]
    for better, worse in PREFERS.findall(text):
        found.append(
            (
                f"{actor}: {min(better, worse)} or {max(better, worse)}",
                f"{actor} prefers {better} over {worse}.",
            )
        )
    return found


SAID = [
    "I prefer tea over coffee.",
    "What a day!",
    "My favourite colour is green.",
    "No, I prefer coffee over tea.",
]

if __name__ == "__main__":
    from agentmem.testing import conformance

    report = conformance(Preferences, samples=SAID)
    print(report)
    raise SystemExit(not report.passed)
