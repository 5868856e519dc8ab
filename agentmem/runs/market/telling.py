"""What a report shows of each day, gathered while the days are read once: texts are kept once and clean."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentmem.agents.debate import Transcript
from agentmem.agents.trading.values import Fill
from agentmem.runs.market.results import DayRow, SleeveDay
from agentmem.runs.web.texts import Texts

if TYPE_CHECKING:
    from agentmem.runs.market.desk import Desk

TRANSCRIPTS = 200
"""Debates of a symbol that a report shows at most: those that led to trades, the newest."""


class SymbolStory:
    """What happened to one symbol.

    Attributes:
        symbol: The security.
        closes: Of the days that count.
        positions: Shares held on each.
        equity: The sleeve's worth on each.
        days: What a page shows of each, by short names.
        debates: Debates by the place of the day.
        layers: By agent: days, and how many items stood in each layer then; the warm-up among them.
    """

    def __init__(self, symbol: str, texts: Texts) -> None:
        self.symbol = symbol
        self.closes: list[float] = []
        self.positions: list[int] = []
        self.equity: list[float] = []
        self.days: list[dict[str, Any]] = []
        self.debates: dict[int, Transcript] = {}
        self.debated = 0
        self.layers: dict[str, list[tuple[datetime.date, Mapping[str, int]]]] = {}
        self.cited: dict[tuple[str, str], str] = {}
        self._texts = texts

    def add(self, row: DayRow, one: SleeveDay) -> None:
        """Take a day in."""
        for agent, counts in one.layers.items():
            self.layers.setdefault(agent, []).append((row.date, counts))
        if row.warm:
            return
        place = len(self.days)
        self.closes.append(one.close)
        self.positions.append(one.position)
        self.equity.append(one.equity)
        self.days.append(self._told(one))
        for memory in one.behind:
            self.cited.setdefault((memory.agent, memory.id), memory.text)
        if one.transcript is not None:
            self.debated += 1
            if one.order.shares or one.transcript.left_out:
                self.debates[place] = one.transcript
                if len(self.debates) > TRANSCRIPTS:
                    del self.debates[next(iter(self.debates))]

    def fills(self, side: str) -> list[int]:
        """The places of the days on which something was bought or sold."""
        return [
            place for place, day in enumerate(self.days) for fill in day.get("fills", ()) if fill[0] == side
        ]

    def memories(self, desk: Desk) -> dict[str, dict[str, Any]]:
        """The memories that decisions cite, and those that debates show, by agent and id."""
        for transcript in self.debates.values():
            for one in transcript.said:
                for shared in one.shared:
                    self.cited.setdefault((one.speaker, shared.id), shared.text)
        wanted: dict[str, list[str]] = {}
        for agent, id in self.cited:
            wanted.setdefault(agent, []).append(id)
        told: dict[str, dict[str, Any]] = {}
        for agent, ids in wanted.items():
            records = desk.records(agent, ids)
            for id in ids:
                record = records.get(id)
                text = record.text if record is not None else self.cited[agent, id]
                found: dict[str, Any] = {"text": self._texts.place(text)}
                if record is not None:
                    found |= {"kind": self._texts.place(record.type), "trust": str(record.trust)}
                    found |= {"date": f"{record.time:%Y-%m-%d}"} if record.time else {}
                told[f"{agent}/{id}"] = found
        return told

    def told_debates(self) -> dict[int, dict[str, Any]]:
        """Debates as a page shows them, by the place of the day."""
        return {place: self._debate(transcript) for place, transcript in self.debates.items()}

    def _told(self, one: SleeveDay) -> dict[str, Any]:
        decision, text = one.decision, self._texts.place
        told: dict[str, Any] = {
            "side": decision.side,
            "reason": text(decision.reason),
            "confidence": round(decision.confidence, 3),
        }
        more: dict[str, Any] = {
            "size": round(decision.size, 3),
            "character": text(decision.character) if decision.character else None,
            "error": text(decision.error) if decision.error else None,
            "order": one.order.shares,
            "note": text(one.note) if one.note else None,
            "items": [text(item) for item in one.items],
            "fills": [_fill(fill) for fill in one.fills],
            "behind": [
                [f"{memory.agent}/{memory.id}", text(memory.layer), round(memory.weight, 3)]
                for memory in one.behind
            ],
            "reflections": [[text(name), text(said)] for name, said in one.reflections.items()],
        }
        return told | {name: value for name, value in more.items() if value}

    def _debate(self, transcript: Transcript) -> dict[str, Any]:
        text, verdict = self._texts.place, transcript.verdict
        return {
            "rounds": [
                [
                    {
                        "speaker": text(one.speaker),
                        "choice": text(one.choice),
                        "size": round(one.size, 3),
                        "confidence": round(one.confidence, 3),
                        "reason": text(one.error or one.reason),
                        "shared": [f"{one.speaker}/{shared.id}" for shared in one.shared],
                    }
                    for one in positions
                ]
                for positions in transcript.rounds
            ],
            "left": [
                [text(one.speaker), text(f"{one.stage}, round {one.round}"), text(one.error)]
                for one in transcript.left_out
            ],
            "ended": transcript.ended,
            "verdict": [text(verdict.method), text(verdict.choice), text(verdict.error or verdict.reason)],
        }


def _fill(fill: Fill) -> list[Any]:
    what = [fill.side, str(fill.date), fill.shares]
    return [*what, round(fill.price, 6), round(fill.cost, 2), round(fill.realised, 2)]
