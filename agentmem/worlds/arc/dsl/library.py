"""The library of routines that programs over grids are written of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import isfunction
from types import ModuleType
from typing import Any

from agentmem.stores.concept.routines import Library, library_of
from agentmem.worlds.arc.dsl import (
    colours,
    composition,
    dividing,
    drawing,
    finding,
    geometry,
    lines,
    masks,
    measures,
    movement,
    neighbourhoods,
    parts,
    selection,
    symmetry,
    tiling,
    values,
)

MODULES = (
    colours,
    composition,
    dividing,
    drawing,
    finding,
    geometry,
    lines,
    masks,
    measures,
    movement,
    neighbourhoods,
    parts,
    selection,
    symmetry,
    tiling,
)
COLOURS = (
    "BLACK",
    "BLUE",
    "RED",
    "GREEN",
    "YELLOW",
    "GREY",
    "MAGENTA",
    "ORANGE",
    "AZURE",
    "MAROON",
)
COUNTS = ("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX")
DIRECTIONS = ("UP", "DOWN", "LEFT", "RIGHT", "UP_LEFT", "UP_RIGHT", "DOWN_LEFT", "DOWN_RIGHT")


def _routines() -> Iterator[Callable[..., Any]]:
    """The public functions that the modules define, in their order."""
    for module in MODULES:
        yield from (one for name, one in vars(module).items() if _is_routine(module, name, one))


def _is_routine(module: ModuleType, name: str, value: Any) -> bool:
    return isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")


def _constants() -> dict[str, tuple[str, Any]]:
    """Types and values of what programs may name, by their names."""
    kinds = {"Colour": COLOURS, "Count": COUNTS, "Direction": DIRECTIONS}
    return {name: (kind, getattr(values, name)) for kind, names in kinds.items() for name in names}


LIBRARY: Library = library_of("arc", _routines(), _constants())
"""What programs are written of: the routines, and the colours, counts and directions that they may name."""
