"""Problems of barman: drinks to be mixed and served."""

from __future__ import annotations

from agentmem.agents.language import Atom
from agentmem.worlds.domains.writing import chance, domain_text, numbered, problem_text

NAME = "barman"
DEFAULT_SIZE = 4
INGREDIENTS = (
    "rum",
    "gin",
    "lime",
    "mint",
    "cola",
    "milk",
    "tonic",
    "syrup",
    "cream",
    "tea",
    "mead",
    "cider",
)
PLAIN = 0.25
"""Share of the shots that are ordered with an ingredient alone."""
LEFT_FULL = 0.3
"""Share of the shots that guests before left full."""


def generate(seed: int, size: int = DEFAULT_SIZE) -> tuple[str, str]:
    """Draw a problem.

    Args:
        seed: Of the draw.
        size: 1 or more: as many cocktails, twice as many shots to serve, and two ingredients more than
            the size (12 at most).

    Returns:
        The domain and the problem, as PDDL.
    """
    random = chance(NAME, seed, size)
    cocktails, shots = numbered("cocktail", size), numbered("shot", 2 * size)
    ingredients = list(INGREDIENTS[: 2 + size])
    init: list[Atom] = [("free", "left"), ("free", "right")]
    for cocktail in cocktails:
        first, second = random.sample(ingredients, 2)
        init += [("first-part", cocktail, first), ("second-part", cocktail, second)]
    init += [("on-bar", vessel) for vessel in (*shots, "shaker")] + [("clean", "shaker"), ("empty", "shaker")]
    for shot in shots:
        full = random.random() < LEFT_FULL
        init += (
            [("contains", shot, random.choice(ingredients))] if full else [("clean", shot), ("empty", shot)]
        )
    goal: list[Atom] = []
    for shot in shots:
        plain = random.random() < PLAIN
        goal.append(("contains", shot, random.choice(ingredients if plain else cocktails)))
    objects = {
        "hand": ["left", "right"],
        "shot": shots,
        "shaker": ["shaker"],
        "ingredient": ingredients,
        "cocktail": cocktails,
    }
    return domain_text(NAME), problem_text(NAME, objects, init, goal)
