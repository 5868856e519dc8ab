"""Problems of errand: a courier's round, long enough that what was seen early is needed late."""

from __future__ import annotations

from random import Random

from agentmem.agents.language import Atom
from agentmem.errors import InvalidInput
from agentmem.worlds.domains.writing import chance, domain_text, numbered, problem_text

NAME = "errand"
DEFAULT_SIZE = 7
PLACES = [
    "mill",
    "barn",
    "chapel",
    "forge",
    "bakery",
    "harbour",
    "market",
    "orchard",
    "tower",
    "well",
    "school",
    "inn",
    "bridge",
    "garden",
    "quarry",
    "stable",
    "theatre",
    "museum",
    "library",
    "station",
    "castle",
    "farm",
    "dock",
    "plaza",
]
ITEMS = [
    "lamp",
    "rope",
    "coin",
    "book",
    "drum",
    "flute",
    "kettle",
    "ladder",
    "mirror",
    "needle",
    "apple",
    "basket",
    "brush",
    "candle",
    "cheese",
    "clock",
    "comb",
    "cup",
    "doll",
    "feather",
    "fork",
    "glove",
    "hammer",
    "hat",
    "jar",
    "kite",
    "knife",
    "letter",
    "map",
    "mask",
    "medal",
    "nail",
    "oar",
    "pan",
    "pearl",
    "pen",
    "plate",
    "purse",
    "ring",
    "saddle",
    "saw",
    "scarf",
    "shell",
    "shovel",
    "spoon",
    "stamp",
    "sword",
    "ticket",
    "torch",
    "umbrella",
    "vase",
    "whistle",
    "wool",
    "yarn",
    "anchor",
    "bell",
    "bottle",
    "bucket",
    "carpet",
    "crown",
]
NOTHING = "nothing"
LARGEST = len(ITEMS) // 6
"""The largest size: there are no more words for things."""
INSIDE = 0.7
"""Share of the items that lie in a container; the others lie at a place."""
REACH = 3
"""A place is joined to one of so many before it: the less, the longer the ways."""


def generate(seed: int, size: int = DEFAULT_SIZE) -> tuple[str, str]:
    """Draw a problem.

    Args:
        seed: Of the draw.
        size: 1 to 10: 4 items to hand over and 2 that nobody wants for each, 2 places and 2 containers
            for each, 4 places and 2 containers more.

    Returns:
        The domain and the problem, as PDDL.

    Raises:
        InvalidInput: there is no such size.
    """
    if size > LARGEST:
        raise InvalidInput(f"there is no {NAME} problem of size {size}", f"the largest has {LARGEST}")
    random = chance(NAME, seed, size)
    places = random.sample(PLACES, 4 + 2 * size)
    chests = numbered("chest", 2 + 2 * size)
    items = random.sample(ITEMS, 6 * size)
    round_ = items[: 4 * size]
    init: list[Atom] = [("here", places[0]), ("visited", places[0]), ("free", "left"), ("free", "right")]
    for one, other in _ways(random, places):
        init += [("way", one, other), ("way", other, one)]
    stand = {chest: random.choice(places) for chest in chests}
    init += [("stands", chest, place) for chest, place in stand.items()]
    goal: list[Atom] = []
    for item in items:
        chest, place = random.choice(chests), random.choice(places)
        hidden = random.random() < INSIDE
        init.append(("inside", item, chest) if hidden else ("lies", item, place))
        if item in round_:
            start = stand[chest] if hidden else place
            end = random.choice([one for one in places if one != start])
            init.append(("wanted", item, end))
            goal.append(("delivered", item, end))
    init.append(("due", round_[0]))
    init += [("after", item, next_) for item, next_ in zip(round_, [*round_[1:], NOTHING], strict=True)]
    objects = {
        "place": places,
        "container": chests,
        "item": [*sorted(items), NOTHING],
        "hand": ["left", "right"],
    }
    return domain_text(NAME), problem_text(NAME, objects, init, goal)


def _ways(random: Random, places: list[str]) -> list[tuple[str, str]]:
    """Ways that join all places: a tree, and one way more for every four places."""
    ways = {(random.choice(places[max(0, at - REACH) : at]), places[at]) for at in range(1, len(places))}
    free = [(one, two) for at, one in enumerate(places) for two in places[at + 1 :] if (one, two) not in ways]
    return sorted(ways) + random.sample(free, min(len(places) // 4, len(free)))
