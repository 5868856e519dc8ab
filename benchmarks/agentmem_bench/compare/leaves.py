"""The leaves of a JSON document by their paths, so that those of two documents can be laid side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str, ...]
NAMING = (
    *("name", "world", "memory", "model", "embedder", "runtime", "device", "precision"),
    *("of", "less", "task", "size", "items", "problems", "budget", "k", "depth"),
)
"""Keys by which an entry of a list is told from the others, so that lists of other lengths still match."""
Leaf = str | int | float | bool | None


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Every leaf with its path; entries of lists go by what names them, or else by their place from 0."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*at, str(key)))
    elif isinstance(value, list):
        for name, each in zip(_names(value), value, strict=True):
            yield from leaves(each, (*at, name))
    else:
        yield at, value


def _names(entries: Sequence[Any]) -> list[str]:
    names = [_name(entry) for entry in entries]
    distinct = all(names) and len(set(names)) == len(names)
    return names if distinct else [str(place) for place in range(len(entries))]


def _name(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return " ".join(str(entry[key]) for key in NAMING if isinstance(entry.get(key), str | int))
