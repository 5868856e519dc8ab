"""What one memory is put through: a conversation written turn by turn, asked everything, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from agentmem.models.base import Usage
from agentmem.records import spoken
from agentmem.synthesis import MiniLMTokens
from agentmem_bench.peers.systems.base import Found, Place, System
from agentmem_bench.timed import TimedEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentmem.formats import Turn
    from agentmem_bench.peers.data import Asked, Talk

WIDE = 100
"""Hits that are asked for where a token budget decides how many are shown."""


@dataclass
class Taken:
    """All that was measured of one memory; it grows.

    Attributes:
        ranked: By question, ids of the turns that were found, best first.
        shown: By question, ids of the turns whose text fits the token budget.
        tokens: By question, tokens of these texts.
        write_seconds: Of each turn, above embedding.
        search_seconds: Of each question, above embedding.
        write_embeddings: Texts' embeddings that the writes asked for.
        search_embeddings: The same, of the searches that were timed.
        verbatim: Turns that could be read back word for word.
        altered: Turns of which other words could be read back.
        lost: Turns of which nothing could.
        bytes: Of all files, closed.
        usage: What models took.
    """

    ranked: list[list[str]] = field(default_factory=list)
    shown: list[list[str]] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    write_seconds: list[float] = field(default_factory=list)
    search_seconds: list[float] = field(default_factory=list)
    write_embeddings: int = 0
    search_embeddings: int = 0
    verbatim: int = 0
    altered: int = 0
    lost: int = 0
    bytes: int = 0
    usage: Usage = field(default_factory=lambda: Usage(calls=0))


@dataclass(frozen=True)
class Trial:
    """How each memory is tried.

    Attributes:
        timed: The embedder that all of them are given.
        depth: Hits of a question.
        budget: Tokens of the texts that are shown.
    """

    timed: TimedEmbedder
    depth: int
    budget: int

    def run(self, talk: Talk, opener: Callable[[Place], System], place: Place, taken: Taken) -> None:
        """Put a memory that `opener` makes through a conversation."""
        system = opener(place)
        try:
            self._write(talk.turns, system, taken)
            system.search("build the indexes", self.depth, None)
            for asked in talk.asked:
                self._ask(asked, talk.turns, system, taken)
            _compare(talk.turns, system.held(), taken)
            taken.usage += system.usage
        finally:
            system.close()
        taken.bytes += sum(file.stat().st_size for file in place.folder.rglob("*") if file.is_file())

    def _write(self, turns: Sequence[Turn], system: System, taken: Taken) -> None:
        before = len(self.timed.calls)
        for number, turn in enumerate(turns):
            began, embedding = perf_counter(), self.timed.seconds
            system.write(number, turn)
            taken.write_seconds.append(perf_counter() - began - (self.timed.seconds - embedding))
        taken.write_embeddings += len(self.timed.calls) - before

    def _ask(self, asked: Asked, turns: Sequence[Turn], system: System, taken: Taken) -> None:
        before = len(self.timed.calls)
        began, embedding = perf_counter(), self.timed.seconds
        found = system.search(asked.text, self.depth, asked.at)
        taken.search_seconds.append(perf_counter() - began - (self.timed.seconds - embedding))
        taken.search_embeddings += len(self.timed.calls) - before
        taken.ranked.append(_ids(found[: self.depth], turns))
        shown, tokens = fitting(system.search(asked.text, WIDE, asked.at), self.budget)
        taken.shown.append(_ids(shown, turns))
        taken.tokens.append(tokens)


def fitting(found: Sequence[Found], budget: int) -> tuple[list[Found], int]:
    """Those of `found`, in their order, whose texts fit the budget, a line each; and the tokens of these.

    A text that does not fit is passed over.
    """
    counter = MiniLMTokens()
    shown: list[Found] = []
    tokens = 0
    for one in found:
        more = counter.count(one.text)
        if tokens + more <= budget:
            shown.append(one)
            tokens += more
    return shown, tokens


def _ids(found: Iterable[Found], turns: Sequence[Turn]) -> list[str]:
    return list(dict.fromkeys(turns[number].id for one in found for number in one.turns))


def _compare(turns: Sequence[Turn], held: Iterable[Found], taken: Taken) -> None:
    texts: dict[int, set[str]] = {}
    for one in held:
        for number in one.turns:
            texts.setdefault(number, set()).add(one.text)
    for number, turn in enumerate(turns):
        if number not in texts:
            taken.lost += 1
        elif spoken(turn.actor, turn.text) in texts[number]:
            taken.verbatim += 1
        else:
            taken.altered += 1
