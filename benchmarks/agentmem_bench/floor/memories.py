"""Memories of several sizes out of one chat: the floor must hold in the first days of a memory too."""

from __future__ import annotations

import random
from collections.abc import Sequence

from agentmem.formats import Conversation
from agentmem_bench.floor.data import Labels
from agentmem_bench.floor.relevance import Asked

SIZES = (5, 15, 40, 120)
"""Turns of the smaller memories; the whole chat is the largest."""


def sizes(labels: Labels) -> list[int]:
    """The sizes that the chat is long enough for, its own last."""
    return [*(size for size in SIZES if size < len(labels.chat.turns)), len(labels.chat.turns)]


def cut(labels: Labels, seed: int) -> tuple[list[Conversation], list[Asked], list[int]]:
    """Cut the chat into blocks of each size, and ask every question once for each size.

    An answerable question is asked of the block that holds its (first) evidence, any other of a random one.

    Returns:
        The blocks, the questions, and for each question the size that it stands for.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    memories: list[Conversation] = []
    asked: list[Asked] = []
    of_size: list[int] = []
    for size in sizes(labels):
        blocks = _blocks(labels.chat, size)
        home = {turn.id: place for place, block in enumerate(blocks) for turn in block.turns}
        for number, each in enumerate(labels.questions):
            known = [home[id] for id in each.evidence if id in home]
            place = known[0] if each.answerable else chance.randrange(len(blocks))
            asked.append(Asked(len(memories) + place, each.question, number, each.answerable))
            of_size.append(size)
        memories += blocks
    return memories, asked, of_size


def _blocks(chat: Conversation, size: int) -> Sequence[Conversation]:
    """Whole blocks; what is left over goes to the last one."""
    count = max(len(chat.turns) // size, 1)
    starts = [place * size for place in range(count)]
    return [
        chat.model_copy(update={"turns": chat.turns[start:end]})
        for start, end in zip(starts, [*starts[1:], len(chat.turns)], strict=True)
    ]
