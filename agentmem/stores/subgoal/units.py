"""What working memory shows or leaves out as a whole: a step, or a sentence that tells a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import Literal

from agentmem.fence import clean
from agentmem.records import Record
from agentmem.stores.subgoal.content import ACTION, Facts, facts_of
from agentmem.synthesis.render import INDENT

UNSEEN = "(no observation yet)"


@dataclass(frozen=True)
class Unit:
    """Something that is shown or not as a whole.

    Attributes:
        chunk: The subgoal under which it stands; empty: it is a hit.
        text: What it says.
        kind: `fact`, `pair` or `hit`.
        sources: Events that it came from.
        tells: The facts of which it is the latest word.
        place: Of a pair: its place among those of its subgoal.
    """

    chunk: str
    text: str
    kind: Literal["fact", "pair", "hit"]
    sources: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    place: int = 0


def pairs_of(steps: Sequence[Record], chunk: str, first: int = 0) -> list[Unit]:
    """Each action with its observation; an observation alone where it has no action, as the first.

    Args:
        steps: Oldest first.
        chunk: The subgoal.
        first: The place of the first pair.
    """
    latest: dict[str, str] = {}
    for step in steps:
        latest.update(dict.fromkeys(facts_of(step), step.id))
    pairs: list[list[Record]] = []
    for step in steps:
        if step.type != ACTION and pairs and pairs[-1][-1].type == ACTION:
            pairs[-1].append(step)
        else:
            pairs.append([step])
    made: list[Unit] = []
    for pair in pairs:
        lines = [f"> {_lines(one)}" if one.type == ACTION else _lines(one) for one in pair]
        if pair[-1].type == ACTION:
            lines.append(UNSEEN)
        tells = tuple(fact for one in pair for fact in facts_of(one) if latest[fact] == one.id)
        ids = tuple(one.id for one in pair)
        made.append(Unit(chunk, "\n".join(lines), "pair", ids, tells, first + len(made)))
    return made


def _lines(record: Record) -> str:
    """The text of a step, its further lines set in, so that none begins as a line of ours does."""
    return clean(record.text).strip().replace("\n", "\n" + INDENT)


def facts_in(known: Facts, chunks: Mapping[str, object], recalled: set[str], goal: str) -> list[Unit]:
    """The facts that hold, and those that do not any more where an older step that is shown says otherwise.

    Those that share rare words with `goal` come first, then those told last.
    """
    units = [
        Unit(chunk, fact if said is True else str(said), "fact", (event,), (fact,))
        for fact, (chunk, said, event) in reversed(known.told.items())
        if chunk in chunks and (said is True or (isinstance(said, str) and fact in recalled))
    ]
    words = [_words(unit.text) for unit in units]
    common = Counter(word for some in words for word in some)
    wanted = _words(goal)
    score = [fsum(1 / common[word] for word in some & wanted) for some in words]
    return [units[place] for place in sorted(range(len(units)), key=lambda place: -score[place])]


@lru_cache(4_096)
def _words(text: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalnum() else " " for c in text.casefold()).split())
