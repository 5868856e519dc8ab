"""Problems of gripper: balls to be brought to rooms."""

from __future__ import annotations

from agentmem.agents.language import Atom
from agentmem.worlds.domains.writing import chance, domain_text, numbered, problem_text

NAME = "gripper"
DEFAULT_SIZE = 8
BALLS = 3
"""Balls per unit of size."""
ROOMS_EACH = 3
"""Rooms per unit of size."""
ROOMS = "abcdefghijklmnopqrstuvwxyz"


def generate(seed: int, size: int = DEFAULT_SIZE) -> tuple[str, str]:
    """Draw a problem.

    Args:
        seed: Of the draw.
        size: 1 or more: 3 balls and 3 rooms for each (26 rooms at most).

    Returns:
        The domain and the problem, as PDDL.
    """
    random = chance(NAME, seed, size)
    rooms = [f"room-{letter}" for letter in ROOMS[: ROOMS_EACH * size]]
    balls = numbered("ball", BALLS * size)
    init: list[Atom] = []
    goal: list[Atom] = []
    for ball in balls:
        start, end = random.sample(rooms, 2)
        init.append(("at", ball, start))
        goal.append(("at", ball, end))
    here = random.choice(rooms)
    init += [("at-robby", here), ("visited", here), ("free", "left"), ("free", "right")]
    objects = {"room": rooms, "ball": balls, "gripper": ["left", "right"]}
    return domain_text(NAME), problem_text(NAME, objects, init, goal)
