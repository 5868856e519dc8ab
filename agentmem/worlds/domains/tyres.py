"""Problems of tyreworld: flat wheels to be changed, and everything to be put away."""

from __future__ import annotations

from agentmem.agents.language import Atom
from agentmem.worlds.domains.writing import chance, domain_text, numbered, problem_text

NAME = "tyreworld"
DEFAULT_SIZE = 4
CONTAINERS = ("boot", "locker", "crate", "shed", "cellar", "loft")
TOOLS = ("wrench", "jack", "pump")


def generate(seed: int, size: int = DEFAULT_SIZE) -> tuple[str, str]:
    """Draw a problem.

    Args:
        seed: Of the draw.
        size: 1 or more: as many hubs, and a container more (6 at most) for each two of them. The boot is
            locked. Its key is in your hand, or where there is another container, in one of those.

    Returns:
        The domain and the problem, as PDDL.
    """
    random = chance(NAME, seed, size)
    containers = list(CONTAINERS[: 1 + size // 2])
    hubs, flats, spares, nuts = (numbered(stem, size) for stem in ("hub", "flat", "spare", "nuts"))
    init: list[Atom] = [("locked", "boot"), ("fits", "key1", "boot")]
    others = containers[1:]
    init.append(("in", "key1", random.choice(others)) if others else ("have", "key1"))
    init += [("in", thing, random.choice(containers)) for thing in (*TOOLS, *spares)]
    goal: list[Atom] = []
    for hub, flat, spare, nut in zip(hubs, flats, random.sample(spares, size), nuts, strict=True):
        init += [("on", flat, hub), ("tight", nut, hub)]
        goal += [("on", spare, hub), ("inflated", spare), ("tight", nut, hub), ("in", flat, "boot")]
    goal += [("in", tool, random.choice(containers)) for tool in TOOLS]
    objects = {
        "container": containers,
        "key": ["key1"],
        "wheel": [*flats, *spares],
        "nuts": nuts,
        "hub": hubs,
    }
    return domain_text(NAME), problem_text(NAME, objects, init, goal)
