"""Problems of blocksworld: towers to be built anew."""

from __future__ import annotations

from random import Random

from agentmem.agents.language import Atom
from agentmem.worlds.domains.writing import chance, domain_text, numbered, problem_text

NAME = "blocksworld"
DEFAULT_SIZE = 5
BLOCKS = 4
"""Blocks per unit of size."""


def generate(seed: int, size: int = DEFAULT_SIZE) -> tuple[str, str]:
    """Draw a problem.

    Args:
        seed: Of the draw.
        size: 1 or more: 4 blocks for each.

    Returns:
        The domain and the problem, as PDDL.
    """
    random = chance(NAME, seed, size)
    blocks = numbered("b", BLOCKS * size)
    start = _towers(random, blocks)
    goal = _towers(random, blocks)
    while goal == start:
        goal = _towers(random, blocks)
    tops = [("clear", tower[-1]) for tower in start]
    init = [*_standing(start), *tops, ("hand-empty",)]
    return domain_text(NAME), problem_text(NAME, {"block": blocks}, init, _standing(goal))


def _towers(random: Random, blocks: list[str]) -> list[list[str]]:
    """Blocks in towers, each from its bottom up; one of their number is a tower's bottom in four."""
    towers: list[list[str]] = []
    for block in random.sample(blocks, len(blocks)):
        if not towers or random.random() < 1 / BLOCKS:
            towers.append([block])
        else:
            random.choice(towers).append(block)
    return sorted(towers)


def _standing(towers: list[list[str]]) -> list[Atom]:
    return [
        ("on", block, tower[height - 1]) if height else ("on-table", block)
        for tower in towers
        for height, block in enumerate(tower)
    ]
