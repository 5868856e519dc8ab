"""Facts found by predicate and by object, and patterns with variables joined over them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from agentmem.agents.language import Atom
from agentmem.agents.matching import Binding, bound

_NONE: frozenset[Atom] = frozenset()


class Facts:
    """Atoms that are found by predicate, and by an object at a place.

    Args:
        atoms: They.
        base: More of them, of other predicates: what never changes.
    """

    def __init__(self, atoms: Iterable[Atom], base: Facts | None = None) -> None:
        self._base = base
        self._by_predicate: dict[str, set[Atom]] = {}
        self._by_place: dict[tuple[str, int, str], set[Atom]] = {}
        for atom in atoms:
            self._by_predicate.setdefault(atom[0], set()).add(atom)
            for place in range(1, len(atom)):
                self._by_place.setdefault((atom[0], place, atom[place]), set()).add(atom)

    def __contains__(self, atom: Atom) -> bool:
        return atom in self._home(atom[0])._by_predicate.get(atom[0], _NONE)

    def candidates(self, pattern: Atom, binding: Binding) -> Collection[Atom]:
        """Atoms among which all are that match a pattern: the fewest that are found at once."""
        home = self._home(pattern[0])
        best: Collection[Atom] = home._by_predicate.get(pattern[0], _NONE)
        for place in range(1, len(pattern)):
            term = pattern[place]
            given = binding.get(term) if term[0] == "?" else term
            if given is not None:
                found = home._by_place.get((pattern[0], place, given), _NONE)
                if len(found) < len(best):
                    best = found
        return best

    def _home(self, predicate: str) -> Facts:
        return self._base if self._base is not None and predicate in self._base._by_predicate else self


def natural(atom: Atom) -> list[tuple[str, int, str]]:
    """A key that sorts names as people do: ball2 before ball10."""
    found = (re.fullmatch(r"(.*?)(\d*)", term, re.DOTALL) for term in atom[1:])
    return [(one[1], int(one[2] or 0), one[0]) for one in found if one]


def joined(
    patterns: Sequence[Atom],
    facts: Facts,
    binding: Binding,
    kinds: Mapping[str, frozenset[str]] | None = None,
) -> Iterator[Binding]:
    """The bindings under which patterns are all facts; the rarest pattern is looked up first.

    Args:
        patterns: They.
        facts: What holds.
        binding: The objects of variables that are given.
        kinds: The objects that each variable may be; its other variables are given all of theirs.
    """
    if patterns:
        found = [(facts.candidates(pattern, binding), pattern) for pattern in patterns]
        candidates, first = min(found, key=lambda one: len(one[0]))
        rest = [pattern for pattern in patterns if pattern is not first]
        for atom in candidates:
            made = bound(first, atom, binding)
            if made is not None and (
                kinds is None or all(made[name] in kinds[name] for name in made.keys() - binding.keys())
            ):
                yield from joined(rest, facts, made, kinds)
        return
    free = next((name for name in kinds or () if name not in binding), None)
    if kinds is None or free is None:
        yield binding
        return
    for name in kinds[free]:
        yield from joined((), facts, {**binding, free: name}, kinds)
